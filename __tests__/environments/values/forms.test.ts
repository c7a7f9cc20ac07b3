import fc from "fast-check";
import type { ZodType } from "zod";
import { imageRepository, k3sVersion } from "../../../environments/systems/cluster/schema";
import { nodeId, nodePort } from "../../../environments/systems/kafka/schema";
import { topicPattern } from "../../../environments/systems/kafka/topic-forms";
import * as form from "../../../environments/values/forms";
import { labelsForm } from "../../../environments/values/labels";

const cases: [name: string, schema: ZodType, good: unknown[], bad: unknown[]][] = [
  ["quantity", form.quantity(), ["128Mi", "1Ti", "1"], ["0", "0Gi", "15 Gi", "much", 15, undefined]],
  ["cpu", form.cpu(), ["2", "500m"], ["0", "0m", "2 cores", 2]],
  ["duration", form.duration(), ["72h", "30d", "52w"], ["forever", "0h", "72", 72]],
  ["retention", form.retention(), ["72h", "forever"], ["never", "0d", 30]],
  [
    "labels",
    labelsForm(),
    [{}, { "efd/role": "kafka", a: "" }, { "node-role.kubernetes.io/x": "a" }],
    [{ "": "a" }, { "a/b/c": "d" }, { "A B": "c" }, { "-a": "b" }, { a: "-" }, { a: "b".repeat(64) }, { a: 1 }, "a"],
  ],
  [
    "labels of a node's own",
    labelsForm(true),
    [{ "efd/role": "kafka" }, { "node.kubernetes.io/a": "b" }, { "x.node.kubernetes.io/a": "b" }],
    [{ "kubernetes.io/a": "b" }, { "node-role.kubernetes.io/a": "b" }, { "x.k8s.io/a": "b" }],
  ],
  ["nodeId", nodeId(), [0, 999], [-1, 1000, 1.5, "1"]],
  ["nodePort", nodePort(), [30000, 32767], [29999, 32768, "31090"]],
  ["k3sVersion", k3sVersion(), ["v1.36.5-k3s1"], ["1.36.5-k3s1", "v1.36.5+k3s1", "v1.36.5", "latest"]],
  [
    "imageRepository",
    imageRepository(),
    ["docker.io/rancher/k3s", "rancher/k3s", "registry:5000/a/b_c", "k3s"],
    ["rancher/k3s:latest", "k3s@sha256:0", "Rancher/k3s", "a//b", "", "https://a/b"],
  ],
  ["port", form.port(), [1, 443, 65535], [0, 65536, 80.5, "80"]],
  [
    "hostPath",
    form.hostPath(),
    ["/data", "/srv/efd-1"],
    ["/", "data", "/data/", "/a//b", "/a/../b", "/a/.", "/a b", "/a:b"],
  ],
  [
    "hostName",
    form.hostName(),
    ["lsst.codes", "localhost"],
    ["https://lsst.codes", "LSST.codes", "a..b", "-a.b", "a.b:80", "a/b", "a".repeat(64), ""],
  ],
  ["address", form.address(), ["192.0.2.1", "host.lsst.codes"], ["256.0.0.1", "1.2.3.4:80", "a b"]],
  [
    "kubernetesName",
    form.kubernetesNameForm(),
    ["a", "kube-0"],
    ["0-kube", "Kube", "kube_0", "kube-", "a".repeat(54), ""],
  ],
  ["version", form.version(), ["4.3.1"], ["4.3", "v4.3.1", "latest"]],
  [
    "topicPattern",
    topicPattern(),
    ["lsst.sal.MTM1M3.*", "lsst.ATCamera*"],
    ["*", "lsst", ".lsst", "lsst.sal.(A|B)", "lsst sal.*"],
  ],
  [
    "dockerHost",
    form.dockerHost(),
    ["unix:///var/run/docker.sock", "ssh://192.0.2.1", "ssh://me@host:22"],
    ["tcp://1.2.3.4:2375", "ssh://", "192.0.2.1"],
  ],
];

describe.each(cases)("%s", (_name, schema, good, bad) => {
  test.each(good.map((value) => [value]))("takes %j", (value) => expect(schema.safeParse(value).success).toBe(true));

  test.each(bad.map((value) => [value]))("refuses %j and says what to do", (value) => {
    const result = schema.safeParse(value);
    expect(result.error?.issues[0]?.message).toMatch(/^Allowed: .+\. .+\.$/);
  });
});

test("whatever is no such value is refused with the same message, never with an exception", () => {
  for (const [, schema] of cases)
    fc.assert(
      fc.property(fc.anything(), (value) => {
        const result = schema.safeParse(value);
        if (!result.success) expect(result.error.issues[0]?.message).toMatch(/^Allowed: /);
      }),
      { numRuns: 200 },
    );
});
