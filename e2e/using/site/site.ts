/** The made-up site that commands are used on. */
import type { EnvironmentInput } from "../../../environments/schema";
import { SAL_CLIENT, smallest } from "../../lifecycle/site/smallest";

/** Its name. */
export const NAME = "using";

/** Ids of its brokers. */
export const BROKERS = [0, 1, 2] as const;

/** The address of its machine: of this one, and nobody else's. */
export const ADDRESS = "127.77.0.1";

/** The smallest site, with three brokers and an account for producers of SAL. */
export function site(kubeconfig: string): EnvironmentInput {
  const small = smallest(kubeconfig, "/nowhere");
  return {
    ...small,
    name: NAME,
    title: "a made-up site whose programs run on this machine",
    allowDestroys: [],
    cluster: { kind: "existing", kubeconfig, address: ADDRESS },
    kafka: {
      ...small.kafka,
      version: "4.3.0",
      metadataVersion: "4.3-IV0",
      controllerIds: [3],
      brokers: BROKERS.map((id) => ({ id, nodePort: 31090 + id })),
      replication: 3,
      minInSyncReplicas: 2,
      clients: [SAL_CLIENT],
    },
  };
}
