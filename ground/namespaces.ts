/** Levels of the Pod Security Standards. */
export type PodSecurity = "restricted" | "baseline" | "privileged";

/**
 * Every namespace and what its pods may do, in the order in which namespaces are made. `baseline` where a chart's pod
 * starts as root and then gives that up; `privileged` where pods mount folders of the host: the helper pods of the
 * provisioner, and the Telegraf that measures nodes, which has a namespace of its own so that the namespace of the
 * consumers stays `restricted`.
 */
const NAMESPACES = {
  localPathStorage: { name: "local-path-storage", podSecurity: "privileged" },
  strimzi: { name: "strimzi", podSecurity: "restricted" },
  kafka: { name: "kafka", podSecurity: "restricted" },
  influxdb: { name: "influxdb", podSecurity: "baseline" },
  chronograf: { name: "chronograf", podSecurity: "baseline" },
  kapacitor: { name: "kapacitor", podSecurity: "baseline" },
  telegraf: { name: "telegraf", podSecurity: "restricted" },
  telegrafDs: { name: "telegraf-ds", podSecurity: "privileged" },
  traefik: { name: "traefik", podSecurity: "restricted" },
  certManager: { name: "cert-manager", podSecurity: "restricted" },
  externalDns: { name: "external-dns", podSecurity: "restricted" },
  externalSecrets: { name: "external-secrets", podSecurity: "restricted" },
  love: { name: "love", podSecurity: "restricted" },
} as const satisfies Record<string, { name: string; podSecurity: PodSecurity }>;

type Table = typeof NAMESPACES;

/** Name of a namespace of ours. */
export type NamespaceName = Table[keyof Table]["name"];

/** Names of the namespaces, for whoever puts something into one: `NAMESPACE.certManager`. */
export const NAMESPACE = Object.fromEntries(Object.entries(NAMESPACES).map(([key, { name }]) => [key, name])) as {
  readonly [Key in keyof Table]: Table[Key]["name"];
};

/** Pod Security level of each namespace, in the order in which namespaces are made. */
export const POD_SECURITY = Object.fromEntries(
  Object.values(NAMESPACES).map(({ name, podSecurity }) => [name, podSecurity]),
) as Readonly<Record<NamespaceName, PodSecurity>>;
