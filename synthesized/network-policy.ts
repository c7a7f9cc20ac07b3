/** Network policies, read out of a stack or as the API server has them: who may connect to what. */
import { inside, isObject, type Json, type StackView } from "./stack";

type Labels = Readonly<Record<string, string>>;

/** Pods that are meant: of which namespaces, and with which labels. */
export interface PodSet {
  /** Labels of their namespaces, none for every one. @default - the policy's own namespace */
  readonly namespaces?: Labels;
  /** Labels that they have. None: all of them. */
  readonly pods: Labels;
}

/** What is let in. */
export interface Opening {
  /** @default - everybody */
  readonly from?: readonly PodSet[];
  /** @default - every port */
  readonly ports?: readonly number[];
}

/** A policy on what comes in; whatever it does not let in is refused. */
export interface IngressPolicy {
  readonly name: string;
  readonly namespace: string;
  /** Labels of the pods that it closes; none for all of its namespace. */
  readonly pods: Labels;
  readonly openings: readonly Opening[];
}

/** A pod, as policies see it. */
export interface PolicyPod {
  readonly namespace: string;
  readonly labels: Labels;
}

/** Terraform writes `pod_selector` where Kubernetes writes `podSelector`. */
const field = (value: unknown, name: string): unknown =>
  inside(value, name) ??
  inside(
    value,
    name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
  );

/** @throws where the selector has expressions, which nobody of ours writes. */
function labelsIn(selector: unknown): Labels {
  if (field(selector, "matchExpressions") !== undefined)
    throw new Error(`network policies: got ${JSON.stringify(selector)}. Allowed: selectors by labels.`);
  return (field(selector, "matchLabels") ?? {}) as Labels;
}

function podSetOf(peer: unknown): PodSet {
  const [namespaces, pods] = [field(peer, "namespaceSelector"), field(peer, "podSelector")];
  if (field(peer, "ipBlock") !== undefined)
    throw new Error(`network policies: got ${JSON.stringify(peer)}. Allowed: pods and namespaces.`);
  return { ...(namespaces === undefined ? {} : { namespaces: labelsIn(namespaces) }), pods: labelsIn(pods) };
}

function openingOf(rule: Json): Opening {
  const [from, ports] = [(rule["from"] ?? []) as unknown[], (rule["ports"] ?? []) as Json[]];
  return {
    ...(from.length > 0 ? { from: from.map(podSetOf) } : {}),
    ...(ports.length > 0 ? { ports: ports.map(({ port }) => Number(port)) } : {}),
  };
}

/** A policy, whoever wrote it; undefined where it is not about what comes in. */
export function ingressPolicy(object: Json): IngressPolicy | undefined {
  const { metadata, spec } = object;
  if (!((field(spec, "policyTypes") ?? ["Ingress"]) as string[]).includes("Ingress")) return undefined;
  const rules = (inside(spec, "ingress") ?? []) as Json | Json[];
  return {
    name: String(inside(metadata, "name")),
    namespace: String(inside(metadata, "namespace")),
    pods: labelsIn(field(spec, "podSelector")),
    openings: (isObject(rules) ? [rules] : rules).map(openingOf),
  };
}

/** The policies that a stack makes. */
export function ingressPoliciesIn(stack: StackView): IngressPolicy[] {
  return stack.resources("kubernetes_network_policy_v1").flatMap(({ body }) => ingressPolicy(body) ?? []);
}

const fits = (wanted: Labels, labels: Labels): boolean =>
  Object.entries(wanted).every(([key, value]) => labels[key] === value);

/** Whether a pod is one of those that a policy of this namespace means. */
function isIn({ namespaces, pods }: PodSet, own: string, pod: PolicyPod): boolean {
  const isThere =
    namespaces === undefined
      ? pod.namespace === own
      : fits(namespaces, { "kubernetes.io/metadata.name": pod.namespace });
  return isThere && fits(pods, pod.labels);
}

/** Whether one pod may connect to a port of another: a pod that no policy closes is open to everybody. */
export function mayConnect(policies: readonly IngressPolicy[], from: PolicyPod, to: PolicyPod, port: number): boolean {
  const closing = policies.filter(({ namespace, pods }) => namespace === to.namespace && fits(pods, to.labels));
  return (
    closing.length === 0 ||
    closing.some(({ namespace, openings }) =>
      openings.some(
        (one) => (one.ports?.includes(port) ?? true) && (one.from?.some((peer) => isIn(peer, namespace, from)) ?? true),
      ),
    )
  );
}
