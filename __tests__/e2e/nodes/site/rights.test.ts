import { readFileSync } from "node:fs";
import { join } from "node:path";
import { rightsByPod, rightsByPods, rightsIn } from "../../../../e2e/nodes/site/rights";

const CONFINED = {
  allowPrivilegeEscalation: false,
  readOnlyRootFilesystem: true,
  capabilities: { drop: ["ALL"] },
};
const POD = { securityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } } };

describe("rights by the pod", () => {
  it("are none where pod and container say so together", () => {
    expect(rightsByPod(POD, { securityContext: CONFINED })).toEqual([]);
  });

  it("are all that nobody takes away; what names no filter has the kubelet's", () => {
    expect(rightsByPod({}, {})).toEqual(["root", "capabilities", "gains rights", "writes root"]);
    const unfiltered = { securityContext: { ...CONFINED, seccompProfile: { type: "Unconfined" } } };
    expect(rightsByPod(POD, unfiltered)).toEqual(["unfiltered"]);
  });

  it.each([
    [{ runAsUser: 1500 }, []],
    [{ runAsUser: 0 }, ["root"]],
    [{ runAsUser: 0, capabilities: { drop: ["ALL"], add: ["CHOWN"] } }, ["root", "capabilities"]],
    // Whoever is not root has those capabilities only as a bound.
    [{ runAsUser: 1500, capabilities: {} }, []],
    [{ privileged: true }, ["capabilities", "unfiltered"]],
  ])("of a container that says %j", (context, rights) => {
    expect(rightsByPod(POD, { securityContext: { ...CONFINED, ...context } })).toEqual(rights);
  });

  it("count the token of containers that mount it, those that run before too", () => {
    const token = [{ mountPath: "/var/run/secrets/kubernetes.io/serviceaccount" }];
    const spec = {
      ...POD,
      initContainers: [{ name: "first", securityContext: CONFINED, volumeMounts: token }],
      containers: [{ name: "then", securityContext: CONFINED, volumeMounts: [{ mountPath: "/data" }] }],
    };
    expect([
      ...rightsByPods([{ apiVersion: "v1", kind: "Pod", metadata: { name: "x", namespace: "kafka", uid: "1" }, spec }]),
    ]).toEqual([
      ["kafka/first", ["token"]],
      ["kafka/then", []],
    ]);
  });
});

describe("rights that a document allows", () => {
  it("are read from its table", () => {
    const text =
      "| container | holds | why |\n| --- | --- | --- |\n| `a/b` | token, root | it asks |\n| `c` | token | no |\n";
    expect([...rightsIn(text)]).toEqual([["a/b", ["root", "token"]]]);
    expect([...rightsIn("| `a/b` | token | |\n")]).toEqual([]);
    expect(() => rightsIn("| `a/b` | all | it asks |\n")).toThrow("a/b: got all. Allowed: root, ");
  });

  it("are those of docs/security.md", () => {
    const text = readFileSync(join(__dirname, "../../../../docs/security.md"), "utf8");
    expect(rightsIn(text).get("kafka/schema-registry")).toEqual(["writes root"]);
  });
});
