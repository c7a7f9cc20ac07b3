/** The Services and Secrets that the objects of a site name. */
import { fieldsIn, inside, type Json, type ObjectJson } from "../../synthesized/stack";
import { type OwnedObject, textsIn } from "./objects";

/** A Service that somebody will connect to, or a Secret that somebody will read. */
export interface Wanted {
  /** Who names it. */
  readonly owner: string;
  readonly namespace: string;
  readonly name: string;
  /** Number or name of a Service's port, keys of a Secret; none where it is named without. */
  readonly parts: readonly string[];
}

const list = (value: unknown): Json[] => (Array.isArray(value) ? (value as Json[]) : []);
const owned = (owner: string, { kind, metadata }: ObjectJson): string => `${owner}: ${kind} ${metadata.name}`;

/** Addresses inside the cluster: `name.namespace`, with `.svc`, a port or a scheme, so that it is none by chance. */
function addresses(text: string, namespaces: ReadonlySet<string>): Omit<Wanted, "owner">[] {
  const pattern =
    /(\/\/)?(?<![\w.-])([a-z][a-z0-9-]*)\.([a-z][a-z0-9-]*)(\.svc(?:\.cluster\.local)?)?(?::(\d+))?(?![\w:-]|\.\w)/g;
  return [...text.matchAll(pattern)].flatMap(([, scheme, name = "", namespace = "", svc, port]) =>
    namespaces.has(namespace) && (scheme ?? svc ?? port) !== undefined
      ? [{ namespace, name, parts: port === undefined ? [] : [port] }]
      : [],
  );
}

/**
 * `X_HOST` and `X_PORT` of a container name a Service of its own namespace. Programs that put both into a URL may have more
 * behind the port's digits: a path, a query or a fragment.
 */
function hostAndPort(containers: unknown, namespace: string): Omit<Wanted, "owner">[] {
  return list(containers).flatMap((container) => {
    const env = new Map(list(container["env"]).map(({ name, value }) => [String(name), String(value ?? "")]));
    return [...env].flatMap(([key, host]) => {
      const port = env.get(key.replace(/_HOST$/, "_PORT"))?.replace(/^(\d+)[/?#].*$/, "$1");
      const plain = /_HOST$/.test(key) && /^[a-z][a-z0-9-]*$/.test(host) && host !== "localhost";
      return plain && port ? [{ namespace, name: host, parts: [port] }] : [];
    });
  });
}

/** `backend.service` of a route, `clientConfig.service` of a webhook, `service` of an aggregated API. */
function namedService(value: unknown, namespace: string): Omit<Wanted, "owner">[] {
  const { name, namespace: own, port } = (value ?? {}) as Json;
  if (typeof name !== "string") return [];
  const number = typeof port === "object" ? (inside(port, "number") ?? inside(port, "name")) : port;
  return [{ namespace: String(own ?? namespace), name, parts: number === undefined ? [] : [String(number)] }];
}

const PLACES = new Set(["backend", "clientConfig"]);

/** Every Service that the objects name; `namespaces` are those of the site. */
export function wantedServices(all: readonly OwnedObject[], namespaces: ReadonlySet<string>): Wanted[] {
  return all
    .filter(({ object }) => object.kind !== "CustomResourceDefinition")
    .flatMap(({ owner, object }) => {
      const { namespace = "" } = object.metadata;
      const found = textsIn(object).flatMap((text) => addresses(text, namespaces));
      if (object.kind === "APIService") found.push(...namedService(object.spec?.["service"], namespace));
      for (const { key, value } of fieldsIn(object)) {
        if (PLACES.has(key)) found.push(...namedService(inside(value, "service"), namespace));
        if (/^(initC|c)ontainers?$/.test(key)) found.push(...hostAndPort(value, namespace));
      }
      return found.map((one) => ({ owner: owned(owner, object), ...one }));
    });
}

const KEYS = ["certificate", "key", "password"] as const;
/** Traefik reads these keys of a Secret of the type basic-auth, as ours are. */
const LOGIN_KEYS = ["username", "password"];

function secretsNamedBy(key: string, value: unknown, holder: Json): { name: unknown; keys: unknown[] }[] {
  const { name, optional, key: one } = (value ?? {}) as Json;
  if (optional === true || holder["optional"] === true) return [];
  if (/[sS]ecretKeyRef$/.test(key)) return [{ name, keys: [one] }];
  if (key === "secretRef") return [{ name, keys: [] }];
  // `privateKeySecretRef` says where something is to be kept.
  if (/SecretRef$/.test(key) && key !== "privateKeySecretRef") return [{ name, keys: one === undefined ? [] : [one] }];
  if (key === "basicAuth") return [{ name: inside(value, "secret"), keys: LOGIN_KEYS }];
  // What charts call a Secret of ours in their values.
  if (/^(existingSecret|envFromSecret)$/.test(key)) return [{ name: value === "" ? undefined : value, keys: [] }];
  if (key !== "secretName") return [];
  const items = list(holder["items"]).map((item) => item["key"]);
  return [{ name: value, keys: [...KEYS.map((name) => holder[name]), ...items].filter((item) => item !== undefined) }];
}

/** Every Secret that the objects name. `cluster` is the namespace in which objects of the cluster look. */
export function wantedSecrets(all: readonly OwnedObject[], cluster: string): Wanted[] {
  return all
    .filter(({ object }) => !["CustomResourceDefinition", "Certificate"].includes(object.kind))
    .flatMap(({ owner, object }) => {
      const found: Wanted[] = remoteSecrets(object, all).map((one) => ({ owner: owned(owner, object), ...one }));
      for (const { key, value, holder } of fieldsIn(object))
        for (const { name, keys } of secretsNamedBy(key, value, holder)) {
          if (typeof name !== "string") continue;
          const named = (value as Json | null)?.["namespace"];
          const namespace = typeof named === "string" ? named : (object.metadata.namespace ?? cluster);
          found.push({ owner: owned(owner, object), namespace, name, parts: keys.map(String) });
        }
      return found;
    });
}

/** What an ExternalSecret reads where its store is a namespace of the same cluster. */
function remoteSecrets({ kind, spec }: ObjectJson, all: readonly OwnedObject[]): Omit<Wanted, "owner">[] {
  if (kind !== "ExternalSecret") return [];
  const store = all.find(
    ({ object }) =>
      object.kind === "ClusterSecretStore" && object.metadata.name === inside(spec, "secretStoreRef", "name"),
  );
  const namespace = inside(store?.object.spec, "provider", "kubernetes", "remoteNamespace");
  if (typeof namespace !== "string") return [];
  return ((spec?.["data"] ?? []) as Json[]).map(({ remoteRef }) => ({
    namespace,
    name: String(inside(remoteRef, "key")),
    parts: [String(inside(remoteRef, "property"))],
  }));
}
