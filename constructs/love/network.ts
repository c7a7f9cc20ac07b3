import { NetworkPolicyV1 } from "@cdktf/provider-kubernetes/lib/network-policy-v1";
import { Construct } from "constructs";
import type { LoveSpec } from "../../environments/systems/love/schema";
import { NAMESPACE } from "../../ground/namespaces";
import { letIn, type Peer, podsIn, podsWith } from "../kubernetes/network-policy";
import { metadataOf } from "../kubernetes/objects";
import { LOVE_PODS } from "./labels";
import { broadcaster, COMMANDER, FRONTEND, type LoveService, metadataFor, NGINX, POSTGRESQL, REDIS } from "./services";

const ROUTES = podsIn(NAMESPACE.traefik);
const NAME = "love";

/** Pods of one kind, and who may connect to them. */
interface Door {
  readonly of: LoveService;
  /** Labels of the pods and name of the policy, where they are of several programs. @default - the program's */
  readonly pods?: { readonly name: string; readonly labels: Readonly<Record<string, string>> };
  readonly from: readonly Peer[];
}

/** Who reaches whom inside LOVE (love.md §1.2): whoever is not named here reaches no pod of the namespace. */
function doors({ database, objectStore, microphones }: LoveSpec): Door[] {
  const { frontend, sets, setup, redisCleanup, nginx, producers, viewBackup } = LOVE_PODS;
  const peers = (...labels: Readonly<Record<string, string>>[]) => labels.map(podsWith);
  return [
    { of: FRONTEND, from: peers(nginx) },
    { of: FRONTEND, pods: { name: "love-manager-producer", labels: sets }, from: peers(nginx) },
    { of: REDIS, from: peers(frontend, sets, redisCleanup) },
    { of: COMMANDER, from: peers(frontend) },
    // Frontends read LOVE's own configuration there.
    { of: NGINX, from: [ROUTES, ...peers(producers, frontend)] },
    ...(microphones.length > 0
      ? [
          {
            of: broadcaster(1),
            pods: { name: "audio-broadcaster", labels: LOVE_PODS.broadcasters },
            from: [ROUTES],
          },
        ]
      : []),
    ...(database.kind === "inside"
      ? [
          {
            of: POSTGRESQL,
            from: peers(frontend, sets, setup, ...(objectStore ? [viewBackup] : [])),
          },
        ]
      : []),
  ];
}

/** Network policies of LOVE's namespace: closed, but for what its programs need of one another. */
export class LoveNetwork extends Construct {
  constructor(scope: Construct, id: string, spec: LoveSpec) {
    super(scope, id);
    new NetworkPolicyV1(this, "closed", {
      metadata: metadataOf(NAME, NAMESPACE.love),
      spec: { podSelector: {}, policyTypes: ["Ingress"] },
    });
    for (const { of, pods, from } of doors(spec)) {
      const metadata = pods ? metadataOf(pods.name, NAMESPACE.love) : metadataFor(of);
      new NetworkPolicyV1(
        this,
        metadata.name,
        letIn({ metadata, pods: pods?.labels ?? of.pods, from, port: of.podPort ?? of.port }),
      );
    }
  }
}
