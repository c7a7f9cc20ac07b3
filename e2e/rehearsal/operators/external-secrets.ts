/** Simulates external-secrets: stores are Ready when what they log in with is there, and Secrets are made of them. */
import { inside } from "../../../synthesized/stack";
import type { LiveObject } from "../../../cli/shared/kubernetes/client";
import {
  isReady,
  type ResourceKind,
  namespaceOf,
  pathOf,
  type Reconcile,
  text,
  type ClusterView,
} from "./cluster-view";

const GROUP = "external-secrets.io";
const CLUSTER_STORES: ResourceKind = { group: GROUP, version: "v1", plural: "clustersecretstores" };
const STORES: ResourceKind = { group: GROUP, version: "v1", plural: "secretstores" };
const SECRETS: ResourceKind = { group: GROUP, version: "v1", plural: "externalsecrets" };
const PASSWORDS: ResourceKind = { group: `generators.${GROUP}`, version: "v1alpha1", plural: "passwords" };

const store: Reconcile = async (object, view) => {
  const provider = inside(object.spec, "provider");
  const vault = inside(provider, "vault");
  if (vault) {
    const reference = inside(vault, "auth", "tokenSecretRef");
    const namespace = text(reference, "namespace") || namespaceOf(object);
    return { missing: await view.missingSecret(namespace, text(reference, "name"), text(reference, "key")) };
  }
  const account = inside(provider, "kubernetes", "auth", "serviceAccount");
  if (!account) return {};
  const [namespace, name] = [text(account, "namespace"), text(account, "name")];
  return (await view.api.get(`/api/v1/namespaces/${namespace}/serviceaccounts/${name}`))
    ? {}
    : { missing: `ServiceAccount ${namespace}/${name} is not there` };
};

/** Namespaces that a store serves; undefined for all. */
function served(conditions: unknown): string[] | undefined {
  if (!Array.isArray(conditions) || conditions.length === 0) return undefined;
  return conditions.flatMap((one) => (inside(one, "namespaces") ?? []) as string[]);
}

/**
 * Values of an ExternalSecret's keys; a line instead where one cannot be had. What Vault or a generator would give is
 * made up, once: keys that the Secret has already are left out.
 */
async function valuesOf(
  object: LiveObject,
  view: ClusterView,
  known: readonly string[],
): Promise<Record<string, string> | string> {
  const namespace = namespaceOf(object);
  const values: Record<string, string> = {};
  for (const source of (object.spec?.["dataFrom"] ?? []) as unknown[]) {
    const generator = text(source, "sourceRef", "generatorRef", "name");
    const password = await view.api.get(pathOf(PASSWORDS, namespace, generator));
    if (!password) return `Password ${namespace}/${generator} is not there`;
    for (const key of (password.spec?.["secretKeys"] ?? ["password"]) as string[])
      if (!known.includes(key)) values[key] = view.random(`generated ${key} of ${object.metadata.name}`);
  }
  const data = (object.spec?.["data"] ?? []) as unknown[];
  if (data.length === 0) return values;
  const reference = inside(object.spec, "secretStoreRef");
  const name = text(reference, "name");
  const ofCluster = text(reference, "kind") === "ClusterSecretStore";
  const from = await view.api.get(ofCluster ? pathOf(CLUSTER_STORES, "", name) : pathOf(STORES, namespace, name));
  if (!isReady(from)) return `${text(reference, "kind")} ${name} is not ready`;
  if (served(from?.spec?.["conditions"])?.includes(namespace) === false)
    return `store ${name} does not serve namespace ${namespace}`;
  const remote = text(from?.spec, "provider", "kubernetes", "remoteNamespace");
  for (const one of data) {
    const [secretKey, key] = [text(one, "secretKey"), text(one, "remoteRef", "key")];
    const property = text(one, "remoteRef", "property");
    if (remote) {
      const value = (await view.secret(remote, key))?.data?.[property];
      if (value === undefined) return `Secret ${remote}/${key} has no key ${property}`;
      values[secretKey] = Buffer.from(value, "base64").toString();
    } else if (!known.includes(secretKey)) values[secretKey] = view.random(`${property} of ${key}`);
  }
  return values;
}

const externalSecret: Reconcile = async (object, view) => {
  const namespace = namespaceOf(object);
  const target = inside(object.spec, "target");
  const name = text(target, "name") || object.metadata.name;
  const template = inside(target, "template");
  const there = await view.secret(namespace, name);
  const values = await valuesOf(object, view, Object.keys(there?.data ?? {}));
  if (typeof values === "string") return { missing: values };
  await view.ensureSecret({
    namespace,
    name,
    values: { ...values, ...((inside(template, "data") ?? {}) as Record<string, string>) },
    type: text(template, "type") || undefined,
    owner: text(target, "creationPolicy") === "Orphan" ? undefined : object,
  });
  return { status: { binding: { name } } };
};

/** What external-secrets looks after, in the order in which it depends on one another. */
export const SIMULATED_EXTERNAL_SECRETS: readonly (readonly [ResourceKind, Reconcile])[] = [
  [CLUSTER_STORES, store],
  [STORES, store],
  [SECRETS, externalSecret],
];
