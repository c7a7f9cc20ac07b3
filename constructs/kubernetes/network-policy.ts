import type {
  NetworkPolicyV1Config,
  NetworkPolicyV1SpecIngressFrom,
} from "@cdktf/provider-kubernetes/lib/network-policy-v1";
import type { ObjectMeta } from "./objects";

/** Pods that may connect. */
export type Peer = NetworkPolicyV1SpecIngressFrom;

/** Every pod of a namespace. */
export function podsIn(namespace: string): Peer {
  return { namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": namespace } } };
}

/** Pods of the policy's own namespace that have these labels. */
export function podsWith(matchLabels: Readonly<Record<string, string>>): Peer {
  return { podSelector: { matchLabels } };
}

/** Pods of a namespace that have these labels. */
export function podsOf(namespace: string, matchLabels: Readonly<Record<string, string>>): Peer {
  return { ...podsIn(namespace), ...podsWith(matchLabels) };
}

/** Who may connect to pods. */
export interface LetInProps {
  readonly metadata: ObjectMeta;
  /** Labels of the pods. @default - every pod of the namespace */
  readonly pods?: Readonly<Record<string, string>>;
  /** Who may connect, at least one. @default - everybody */
  readonly from?: readonly Peer[];
  /** The only TCP port that is open. */
  readonly port: number;
}

/**
 * A network policy that lets these peers reach one port, and closes all others.
 *
 * @throws when the list of peers is empty: Kubernetes takes an empty list for everybody
 */
export function letIn({ metadata, pods, from, port }: LetInProps): NetworkPolicyV1Config {
  if (from?.length === 0)
    throw new Error(`network policy ${metadata.name}: got no peer. Allowed: at least one. Name one.`);
  return {
    metadata,
    spec: {
      podSelector: pods ? { matchLabels: pods } : {},
      policyTypes: ["Ingress"],
      ingress: [{ ...(from ? { from: [...from] } : {}), ports: [{ port: String(port), protocol: "TCP" }] }],
    },
  };
}
