import { StorageClassV1 } from "@cdktf/provider-kubernetes/lib/storage-class-v1";
import { Construct } from "constructs";
import { stateful } from "../core/stateful";
import { labels } from "../kubernetes/objects";

/** Volumes that are disks of Google. */
export interface GcePersistentDisksProps {
  /** Name of the storage class. */
  readonly className: string;
}

/** A class of SSD disks of Google that keeps released volumes. GKE brings its driver itself. */
export class GcePersistentDisks extends Construct {
  constructor(scope: Construct, id: string, props: GcePersistentDisksProps) {
    super(scope, id);
    stateful(
      new StorageClassV1(this, "class", {
        metadata: { name: props.className, labels: labels(props.className) },
        storageProvisioner: "pd.csi.storage.gke.io",
        parameters: { type: "pd-ssd" },
        reclaimPolicy: "Retain",
        // A disk is made in the zone of the pod that needs it.
        volumeBindingMode: "WaitForFirstConsumer",
        allowVolumeExpansion: true,
      }),
      "gce_pd",
    );
  }
}
