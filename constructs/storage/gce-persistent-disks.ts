import { StorageClassV1 } from "@cdktf/provider-kubernetes/lib/storage-class-v1";
import { Construct } from "constructs";
import { stateful } from "../core/stateful";
import { labels } from "../kubernetes/objects";

/** Volumes that are Google's disks. */
export interface GcePersistentDisksProps {
  /** Name of the storage class. */
  readonly className: string;
  /** More classes of the same disks. */
  readonly classes: readonly string[];
}

/** Classes of Google's SSD disks that keep released volumes. GKE has the driver. */
export class GcePersistentDisks extends Construct {
  constructor(scope: Construct, id: string, props: GcePersistentDisksProps) {
    super(scope, id);
    this.add("class", "gce_pd", props.className);
    for (const name of props.classes) this.add(`class-${name}`, `gce_pd_${name}`, name);
  }

  private add(id: string, address: string, name: string): void {
    stateful(
      new StorageClassV1(this, id, {
        metadata: { name, labels: labels(name) },
        storageProvisioner: "pd.csi.storage.gke.io",
        parameters: { type: "pd-ssd" },
        reclaimPolicy: "Retain",
        // A disk is made in the zone of the pod that needs it.
        volumeBindingMode: "WaitForFirstConsumer",
        allowVolumeExpansion: true,
      }),
      address,
    );
  }
}
