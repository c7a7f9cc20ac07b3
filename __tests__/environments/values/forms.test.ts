import fc from "fast-check";
import type { ZodType } from "zod";
import { imageRepository, k3sVersion } from "../../../environments/systems/cluster/schema";
import { nodeId, nodePort } from "../../../environments/systems/kafka/schema";
import { topicPattern } from "../../../environments/systems/kafka/topic-forms";
import * as form from "../../../environments/values/forms";
import { labelsForm } from "../../../environments/values/labels";
import * as amount from "../../../environments/values/quantities";
import * as text from "../../../environments/values/texts";

const cases: [name: string, schema: ZodType, good: unknown[], bad: unknown[]][] = [
  [
    "disk",
    amount.disk(),
    ["1Gi", "15Gi", "1.5Ti", "15G", "100Ti"],
    ["0Gi", "15", "15Mi", "15M", "15 Gi", "15gi", "15GB", "much", "-1Gi", "1e3Gi", "2Pi", "99999999Ti", 15, undefined],
  ],
  ["file system", amount.fileSystem(), ["1Gi", "5Pi"], ["500", "1Mi", "9999Pi"]],
  ["memory that is asked for", amount.memoryRequest(), ["16Mi", "128Mi", "1Ti", "60G"], ["4", "0.5", "4Ki", "512m", 4]],
  ["memory at most", amount.memoryLimit(), ["64Mi", "8Gi"], ["4", "8", "1Mi", "64Pi"]],
  ["memory of Java at most", amount.memoryLimit(true), ["256Mi", "1Gi"], ["64Mi", "2048"]],
  ["memory of a host", amount.hostMemory(), ["1Gi", "60G"], ["8", "8Mi"]],
  ["heap", amount.heap(), ["128Mi", "2Gi"], ["2048", "2048m", "1Ki", "2g"]],
  ["bytes of a partition", amount.partitionSize(), ["16Mi", "14Gi"], ["5", "5Ki", "1000000000"]],
  [
    "cpu that is asked for",
    amount.cpuRequest(),
    ["1m", "0.5", "2", "128"],
    ["0", "0m", "0.5m", "1000", "250", "2 cores", 2],
  ],
  ["cpu at most", amount.cpuLimit(), ["50m", "100m", "8"], ["1m", "0.5m", "0.0005", "1000", "1e3"]],
  ["cpu of a host", amount.hostCpu(), ["500m", "1", "400"], ["0", "1m", "much", 16]],
  ["duration", amount.duration(), ["1h", "72h", "30d", "52w"], ["forever", "0h", "72", "72m", "20000w", "1y", 72]],
  ["retention", amount.retention(), ["72h", "520w", "forever"], ["never", "0d", "20000w", "Forever", 30]],
  ["flushInterval", amount.flushInterval(), ["100ms", "10s", "5m"], ["1ms", "10", "999999h", "0s", "61m", 10]],
  ["count", form.count({ least: 1, most: 50 }), [1, 50], [0, -1, 51, 1.5, NaN, Infinity, "3", 1e21]],
  [
    "webAddress",
    form.webAddress(),
    ["https://a.b", "http://192.0.2.1:5000", "https://a.b/c/d"],
    [
      "a.b",
      "https://me:secret@a.b",
      "https://a.b?c",
      "https://a.b/${x}",
      "https://a.b:99999",
      "https://a b",
      "ftp://a.b",
    ],
  ],
  [
    "webOrigin",
    form.webOrigin(),
    ["https://vault.example.org", "http://192.0.2.1:8200"],
    ["https://vault.example.org/v1", "https://vault.example.org/", "vault.example.org", "https://localhost:8200"],
  ],
  [
    "hostAndPort",
    form.hostAndPort("name a broker"),
    ["a.b:31090", "192.0.2.1:9094", "localhost:9092"],
    ["a.b:99999", "a.b:0", "a.b", "A.b:9094", "-a:9094", "https://a.b:9094", "300.1.1.1:9094"],
  ],
  [
    "imageForm",
    form.imageForm(),
    ["quay.io/a/b:1.2.3", "localhost/a:1.0.0", "r:5000/a:1.0.0", `quay.io/a@sha256:${"0".repeat(64)}`],
    ["a/b:1.2.3", "b:1.2.3", "quay.io/a/b:latest", "quay.io/a/b", "r:99999/a:1.0.0", "https://quay.io/a:1.0.0"],
  ],
  [
    "filePath",
    form.filePath(),
    ["/k", "/etc/efd/kubeconfig.yaml"],
    ["~/.kube/config", "k", "/a/", "/${USER}/k", "$HOME/k"],
  ],
  [
    "line",
    text.line(),
    ["operations", "Cerro Pachón & co.", "a $5 thing"],
    ["", " ", "a ", "a\nb", "\u001b[31ma", "a\u202eb", "${a}", "%{a}", "a".repeat(201), 5],
  ],
  [
    "s3Bucket",
    text.s3Bucket(),
    ["lsstsqre-tf-state-test", "efd-int", "a.b"],
    ["s3://efd-int", "efd-int/", "Efd", "ab", "a_b", "192.0.2.1", "a..b", "-ab", "", "a".repeat(64)],
  ],
  [
    "gcsBucket",
    text.gcsBucket(),
    ["efd-state", "a_b", "states.example.org"],
    ["gs://efd", "efd/x", "goog-efd", "my-google-efd", "EFD", "ab"],
  ],
  ["awsRegion", text.awsRegion(), ["us-east-1", "r"], ["US-EAST-1", "us-east-1a", "", "RegionOne"]],
  [
    "serviceAddress",
    form.serviceAddress(),
    ["http://a.b:9003", "https://a.b/c"],
    ["http://localhost:9000", "https://127.0.0.1/x"],
  ],
  ["serviceAddress by TLS", form.serviceAddress(true), ["https://a.b/c"], ["http://a.b/c", "https://localhost/dir"]],
  ["region", text.region(), ["us-east-1", "RegionOne", "r"], ["", "us east", "us-east-", "${r}", "us/east"]],
  [
    "pathOfNames",
    text.pathOfNames("efd"),
    ["efd", "k8s_operator/lsst.codes/efd"],
    ["", "/efd", "efd/", "a//b", "../a", "a/..", "a b", "a/${b}"],
  ],
  [
    "fieldName",
    text.fieldName(),
    ["private_efdStamp", "Agent", "_x1"],
    ["", "a b", "a;b", "a,b=c", "1a", "a-b", "`a`", 'a"', "a\n"],
  ],
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
    ["docker.io/rancher/k3s", "registry:5000/a/b_c"],
    ["rancher/k3s", "k3s", "rancher/k3s:latest", "k3s@sha256:0", "Rancher/k3s", "a//b", "", "https://a/b"],
  ],
  ["port", form.port(), [1, 443, 65535], [0, 65536, 80.5, "80"]],
  [
    "hostPath",
    form.hostPath(),
    ["/data", "/srv/efd-1"],
    [
      "/",
      "data",
      "/data/",
      "/a//b",
      "/a/../b",
      "/a/.",
      "/a b",
      "/a:b",
      "/${USER}",
      "/a;b",
      "/a`b`",
      `/${"a".repeat(1000)}`,
    ],
  ],
  [
    "hostName",
    form.hostName(),
    ["lsst.codes", "localhost"],
    ["https://lsst.codes", "LSST.codes", "a..b", "-a.b", "a.b:80", "a/b", "a".repeat(64), "", "192.0.2.1"],
  ],
  [
    "address",
    form.address(),
    ["192.0.2.1", "host.lsst.codes"],
    ["256.0.0.1", "1.2.3.4:80", "a b", "0.0.0.0", "224.0.0.1", "255.255.255.255"],
  ],
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
    [
      "tcp://1.2.3.4:2375",
      "ssh://",
      "192.0.2.1",
      "ssh://a:99999",
      "ssh://-a",
      "ssh://a..b",
      "unix:///${HOME}/docker.sock",
    ],
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
