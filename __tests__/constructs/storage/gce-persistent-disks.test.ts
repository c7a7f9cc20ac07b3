import { GcePersistentDisks } from "../../../constructs/storage/gce-persistent-disks";
import { built, only } from "../support";

test("EFD-17: a class of SSD disks that keeps released volumes, makes them where the pod is, and lets them grow", () => {
  const view = built((stack) => void new GcePersistentDisks(stack, "disks", { className: "fast", classes: [] }));
  expect(only(view, "kubernetes_storage_class_v1")).toMatchObject({
    metadata: { name: "fast" },
    storage_provisioner: "pd.csi.storage.gke.io",
    parameters: { type: "pd-ssd" },
    reclaim_policy: "Retain",
    volume_binding_mode: "WaitForFirstConsumer",
    allow_volume_expansion: true,
  });
});
