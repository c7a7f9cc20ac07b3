/** Which pod is behind a port of a Service. */
import { UserError } from "../../../ground/errors";
import { inside } from "../../../synthesized/stack";
import type { LiveObject } from "../kubernetes/client";
import type { ServicePort, SiteClients } from "./clients";
import type { PodPort } from "./tunnel";

/** A port of a Service, or of an EndpointSlice, which both have it by the same name; empty where there is one only. */
interface NamedPort {
  readonly name?: string | null;
  readonly port: number;
}

/** An endpoint of an EndpointSlice. */
interface Endpoint {
  readonly conditions?: { readonly ready?: boolean | null };
  readonly targetRef?: { readonly kind?: string; readonly name?: string };
}

/**
 * A ready pod behind a port of a Service, and its own port there.
 *
 * @throws {UserError} when there is no such Service or port, or no ready pod.
 */
export async function podBehind(
  { namespace, service, port }: ServicePort,
  cluster: SiteClients["cluster"],
): Promise<PodPort> {
  const selector = encodeURIComponent(`kubernetes.io/service-name=${service}`);
  const [found, slices] = await Promise.all([
    cluster.get(`/api/v1/namespaces/${namespace}/services/${service}`),
    cluster.list(`/apis/discovery.k8s.io/v1/namespaces/${namespace}/endpointslices?labelSelector=${selector}`),
  ]);
  const to = `${service}.${namespace}:${port}`;
  if (!found) throw new UserError(`there is no Service ${service} in namespace ${namespace}: is that layer deployed?`);
  const ports = (inside(found, "spec", "ports") ?? []) as readonly NamedPort[];
  const named = ports.find((one) => one.port === port);
  if (!named) throw new UserError(`Service ${service} in namespace ${namespace} has no port ${port}`);
  for (const slice of slices) {
    const target = portsOf(slice).find(({ name }) => (name ?? "") === (named.name ?? ""));
    const pod = endpointsOf(slice).find(isReadyPod)?.targetRef?.name;
    if (target && pod !== undefined) return { namespace, pod, port: target.port };
  }
  throw new UserError(`no ready pod behind ${to}`);
}

const portsOf = (slice: LiveObject) => (slice["ports"] ?? []) as unknown as readonly NamedPort[];
const endpointsOf = (slice: LiveObject) => (slice["endpoints"] ?? []) as unknown as readonly Endpoint[];

/** Kubernetes says: what is not told to be unready counts as ready. */
function isReadyPod({ conditions, targetRef }: Endpoint): boolean {
  return conditions?.ready !== false && targetRef?.kind === "Pod";
}
