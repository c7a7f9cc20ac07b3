import { Construct } from "constructs";
import { isStateful } from "../../../constructs/core/stateful";
import { pvc } from "../../../constructs/kubernetes/pvc";
import { built } from "../support";

const PROPS = { name: "influxdb", namespace: "data", storageClass: "local-path", size: "15Gi" };

test("asks for its size of its class, for one node", () => {
  const [found] = built((stack) => void pvc(stack, PROPS)).resources("kubernetes_persistent_volume_claim_v1");
  expect(found?.body).toMatchObject({
    metadata: { name: "influxdb", namespace: "data" },
    spec: {
      access_modes: ["ReadWriteOnce"],
      storage_class_name: "local-path",
      resources: { requests: { storage: "15Gi" } },
    },
  });
});

test("does not wait for a pod that is made later", () => {
  const [found] = built((stack) => void pvc(stack, PROPS)).resources("kubernetes_persistent_volume_claim_v1");
  expect(found?.body["wait_until_bound"]).toBe(false);
});

test("holds state: its address is made of namespace and name", () => {
  const view = built((stack) => {
    expect(isStateful(pvc(new Construct(new Construct(stack, "a"), "b"), PROPS))).toBe(true);
    pvc(new Construct(stack, "other"), { ...PROPS, namespace: "staging" });
  });
  expect(view.resources("kubernetes_persistent_volume_claim_v1").map(({ id }) => id)).toEqual([
    "data_influxdb",
    "staging_influxdb",
  ]);
});
