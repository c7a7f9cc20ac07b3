import { PersistentVolumeClaimV1 } from "@cdktf/provider-kubernetes/lib/persistent-volume-claim-v1";
import type { Construct } from "constructs";
import { stateful } from "../core/stateful";
import { labels } from "./objects";

/** A volume claim. */
export interface ClaimProps {
  readonly name: string;
  readonly namespace: string;
  /** Storage class. */
  readonly storageClass: string;
  /** Size, as a Kubernetes quantity. */
  readonly size: string;
}

/** A claim that outlives the release of whatever uses it; charts get its name. */
export function claim(scope: Construct, props: ClaimProps): PersistentVolumeClaimV1 {
  const { name, namespace, storageClass, size } = props;
  return stateful(
    new PersistentVolumeClaimV1(scope, "claim", {
      metadata: { name, namespace, labels: labels(name) },
      spec: {
        accessModes: ["ReadWriteOnce"],
        storageClassName: storageClass,
        resources: { requests: { storage: size } },
      },
      // A class that binds to the first consumer waits for a pod that is made later.
      waitUntilBound: false,
    }),
    `${namespace}_${name}`,
  );
}
