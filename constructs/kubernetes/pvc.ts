import { PersistentVolumeClaimV1 } from "@cdktf/provider-kubernetes/lib/persistent-volume-claim-v1";
import type { Construct } from "constructs";
import { stateful } from "../core/stateful";
import { labels } from "./objects";

/** How a site makes the volumes of its programs. */
export interface Volumes {
  /** Storage class of every volume that names no other. */
  readonly className: string;
  /** Whether a new volume belongs to root: the images give root up, and the charts cannot change the owner. */
  readonly belongToRoot: boolean;
}

/** A PVC. */
export interface PvcProps {
  readonly name: string;
  readonly namespace: string;
  /** Storage class. */
  readonly storageClass: string;
  /** Size, as a Kubernetes quantity. */
  readonly size: string;
}

/** A PVC that outlives the release that uses it; charts get its name. */
export function pvc(scope: Construct, props: PvcProps): PersistentVolumeClaimV1 {
  const { name, namespace, storageClass, size } = props;
  return stateful(
    new PersistentVolumeClaimV1(scope, "claim", {
      metadata: { name, namespace, labels: labels(name) },
      spec: {
        accessModes: ["ReadWriteOnce"],
        storageClassName: storageClass,
        resources: { requests: { storage: size } },
      },
      // A class that waits for the first consumer binds when a pod uses the PVC, which is made later.
      waitUntilBound: false,
    }),
    `${namespace}_${name}`,
  );
}
