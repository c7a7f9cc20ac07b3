/**
 * Simulates external-secrets 2.9.0: stores are Ready when what they log in with is there, and ExternalSecrets become
 * Secrets by the policies of their target. What it does to a Secret that is there already is the operator's own
 * behaviour (`externalsecret_controller.go`, `externalsecret_controller_template.go`), and what it answers is compared with
 * what the real one did (e2e/operators). Two things differ on purpose: a refresh interval has always passed, and a Vault
 * has what is asked for as soon as its token is there.
 */
import { createHash } from "node:crypto";
import { NAMESPACE } from "../../../ground/namespaces";
import { inside, type Json } from "../../../synthesized/stack";
import { stableJson } from "../../../synthesized/text";
import type { LiveObject } from "../../../cli/shared/kubernetes/client";
import { conditionOf } from "../../../cli/shared/kubernetes/conditions";
import {
  isReady,
  type Operator,
  ownedBy,
  pathOf,
  type Readiness,
  type Reconcile,
  type ResourceKind,
  namespaceOf,
  sayReady,
  text,
  type ClusterView,
} from "./cluster-view";

const GROUP = "external-secrets.io";
const CLUSTER_STORES: ResourceKind = { group: GROUP, version: "v1", plural: "clustersecretstores" };
const STORES: ResourceKind = { group: GROUP, version: "v1", plural: "secretstores" };
const SECRETS: ResourceKind = { group: GROUP, version: "v1", plural: "externalsecrets" };
const PASSWORDS: ResourceKind = { group: `generators.${GROUP}`, version: "v1alpha1", plural: "passwords" };

/** Keeps an ExternalSecret until the operator has cleaned up: without the operator it stays, and its namespace with it. */
const FINALIZER = "externalsecrets.external-secrets.io/externalsecret-cleanup";
/** Label of every Secret that the operator looks after. */
const MANAGED = { "reconcile.external-secrets.io/managed": "true" };
/** Label of a Secret that has an ExternalSecret as its owner, and the annotation with the hash of its data. */
const [CREATED_BY, DATA_HASH] = [
  "reconcile.external-secrets.io/created-by",
  "reconcile.external-secrets.io/data-hash",
] as const;

const store: Reconcile = async (object, view) => {
  const verdict = await login(object, view);
  return { ...verdict, events: [verdict.missing === undefined ? "Normal Valid" : "Warning InvalidProviderConfig"] };
};

/** Whether what a store logs in with is there. */
const login: Reconcile = async (object, view) => {
  const provider = inside(object.spec, "provider");
  const ready = { status: { capabilities: "ReadWrite" } };
  const vault = inside(provider, "vault");
  if (vault) {
    const reference = inside(vault, "auth", "tokenSecretRef");
    const namespace = text(reference, "namespace") || namespaceOf(object);
    const missing = await view.missingSecret(namespace, text(reference, "name"), text(reference, "key"));
    return missing === undefined ? ready : { missing };
  }
  const kubernetes = inside(provider, "kubernetes");
  const account = inside(kubernetes, "auth", "serviceAccount");
  if (!account) return ready;
  const [namespace, name] = [text(account, "namespace"), text(account, "name")];
  if (!(await view.api.get(`/api/v1/namespaces/${namespace}/serviceaccounts/${name}`)))
    return { missing: `ServiceAccount ${namespace}/${name} is not there` };
  return (await maySeeSecrets(view, { namespace, name }, text(kubernetes, "remoteNamespace")))
    ? ready
    : { missing: `ServiceAccount ${namespace}/${name} is not allowed to get secrets` };
};

/** Whether a Role of a namespace lets an account get Secrets there, be it only some of them. */
async function maySeeSecrets(
  view: ClusterView,
  account: { readonly namespace: string; readonly name: string },
  namespace: string,
): Promise<boolean> {
  const path = `/apis/rbac.authorization.k8s.io/v1/namespaces/${namespace}`;
  const bindings = await view.api.list(`${path}/rolebindings`);
  const own = bindings.filter((binding) =>
    ((binding["subjects"] ?? []) as Json[]).some(
      (one) => text(one, "name") === account.name && text(one, "namespace") === account.namespace,
    ),
  );
  const roles = await Promise.all(own.map((one) => view.api.get(`${path}/roles/${text(one, "roleRef", "name")}`)));
  const rules = roles.flatMap((role) => (role?.["rules"] ?? []) as { resources?: string[]; verbs: string[] }[]);
  return rules.some(({ resources, verbs }) => resources?.includes("secrets") && verbs.includes("get"));
}

/** Namespaces that a store serves; undefined for all. */
function served(conditions: unknown): string[] | undefined {
  if (!Array.isArray(conditions) || conditions.length === 0) return undefined;
  return conditions.flatMap((one) => (inside(one, "namespaces") ?? []) as string[]);
}

type Values = Readonly<Record<string, string>>;

/** How Vault's values are written where the API server refuses Secrets with others. */
const WRITTEN: Readonly<Record<string, (word: string) => string>> = {
  ".dockerconfigjson": (word) => JSON.stringify({ auths: { "registry.invalid": { auth: word } } }),
};

/**
 * What the sources of an ExternalSecret give; a line instead where one gives nothing. A generator gives other values
 * each time. Vault is simulated too: it holds what a copy of it has.
 */
async function valuesOf(object: LiveObject, view: ClusterView, copied: Values): Promise<Values | string> {
  const namespace = namespaceOf(object);
  const values: Record<string, string> = {};
  for (const source of (object.spec?.["dataFrom"] ?? []) as unknown[]) {
    const generator = text(source, "sourceRef", "generatorRef", "name");
    const password = await view.api.get(pathOf(PASSWORDS, namespace, generator));
    if (!password) return `Password ${namespace}/${generator} is not there`;
    for (const key of (password.spec?.["secretKeys"] ?? ["password"]) as string[])
      values[key] = view.random(`generated ${key} of ${object.metadata.name}`);
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
    } else values[secretKey] = copied[secretKey] ?? view.random(`${property} of ${key}`, WRITTEN[secretKey]);
  }
  return values;
}

const base64 = (values: Values, coding: "base64" | "utf8"): Record<string, string> =>
  Object.fromEntries(
    Object.entries(values).map(([key, value]) => [
      key,
      coding === "base64" ? Buffer.from(value).toString("base64") : Buffer.from(value, "base64").toString(),
    ]),
  );

/** Generation, labels and annotations of an object, by which the operator knows that it has synced it as it is. */
const revisionOf = ({ metadata: { generation, labels, annotations } }: LiveObject): string =>
  stableJson([generation, labels ?? {}, annotations ?? {}]);

/** Whether an ExternalSecret is due. What was synced is in its status: one that is made anew is due. */
function isDue({ spec, status }: LiveObject, revision: string): boolean {
  const synced = text(status, "syncedResourceVersion");
  if (synced === "" || text(status, "refreshTime") === "") return true;
  if (spec?.["refreshPolicy"] === "CreatedOnce") return false;
  return spec?.["refreshPolicy"] === "OnChange" ? synced !== revision : true;
}

/** The data of a Secret after a sync. `Orphan` and `Owner` clear it; the others leave only keys that nobody gives. */
function mergedData(target: unknown, old: Values, given: Values): Values {
  const template = inside(target, "template");
  const written = (inside(template, "data") ?? {}) as Values;
  const replaced = Object.keys(written).length > 0 && text(template, "mergePolicy") !== "Merge";
  const keeps = ["Merge", "CreateOrMerge"].includes(text(target, "creationPolicy"));
  return { ...(keeps ? old : {}), ...(replaced ? {} : given), ...written };
}

/** The name of another ExternalSecret that owns a Secret. */
function otherOwner(secret: LiveObject | undefined, { metadata: { name } }: LiveObject): string | undefined {
  const owners = (secret?.metadata["ownerReferences"] ?? []) as Json[];
  const owner = owners.find(({ kind, controller }) => kind === "ExternalSecret" && controller === true);
  return owner && owner["name"] !== name ? String(owner["name"]) : undefined;
}

/** The hash that the operator makes of a value that Go has written as text. */
const hashOf = (written: string): string => createHash("sha3-224").update(written).digest("hex");

/** The hash of a Secret's data, by which the operator sees that somebody else has changed them. */
function dataHash(data: Values): string {
  const written = Object.keys(data)
    .sort()
    .map((key) => `${key}:[${[...Buffer.from(data[key] ?? "")].join(" ")}]`);
  return hashOf(`map[${written.join(" ")}]`);
}

/** Metadata of a Secret with these data that the operator looks after. */
const managed = (object: LiveObject, policy: string, data: Values) => ({
  labels: {
    ...MANAGED,
    ...(policy === "Owner" && { [CREATED_BY]: hashOf(`${namespaceOf(object)}/${object.metadata.name}`) }),
  },
  annotations: { [DATA_HASH]: dataHash(data) },
  ...(policy === "Owner" ? ownedBy(object) : {}),
});

/** What a sync may change of a Secret. */
const writtenOn = (secret: LiveObject | undefined) => {
  const { labels, annotations, ownerReferences } = secret?.metadata ?? ({} as LiveObject["metadata"]);
  return { labels, annotations, ownerReferences, data: secret?.data, immutable: secret?.["immutable"] };
};

/** Creates the target of an ExternalSecret, or changes the one that is there, or says why it may not. */
async function write(object: LiveObject, view: ClusterView, given: Values): Promise<Readiness> {
  const namespace = namespaceOf(object);
  const target = inside(object.spec, "target");
  const name = text(target, "name") || object.metadata.name;
  const policy = text(target, "creationPolicy") || "Owner";
  const there = await view.secret(namespace, name);
  if (policy === "None") return {};
  if (policy === "Merge" && !there) return { reason: "SecretMissing" };
  const status = { binding: { name } };
  const other = otherOwner(there, object);
  if (other !== undefined)
    return { missing: `Secret ${namespace}/${name} is owned by ExternalSecret ${other}`, status };
  const stays = inside(target, "immutable") === true;
  const old = base64(there?.data ?? {}, "utf8");
  const data = there && stays ? old : mergedData(target, old, given);
  const metadata = managed(object, policy, data);
  const path = `/api/v1/namespaces/${namespace}/secrets`;
  if (there?.["immutable"] === true && stableJson(data) !== stableJson(old)) {
    await view.api.patch(`${path}/${name}`, { metadata });
    return { missing: `Secret ${namespace}/${name} is immutable`, status };
  }
  const gone = Object.fromEntries(Object.keys(old).flatMap((key) => (key in data ? [] : [[key, null]])));
  const content = { ...(stays ? { immutable: true } : {}), data: { ...base64(data, "base64"), ...gone } };
  if (!there) {
    const type = text(target, "template", "type") || "Opaque";
    await view.api.create(path, { metadata: { name, ...metadata }, type, ...content });
    return { status, events: ["Normal Created"] };
  }
  await view.api.patch(`${path}/${name}`, { metadata, ...content });
  const isSame = stableJson(writtenOn(there)) === stableJson(writtenOn(await view.secret(namespace, name)));
  // Of an immutable one the operator changes what is written on it first; then it conflicts with itself, and finds nothing to do.
  const isTold = !isSame && there["immutable"] !== true;
  return { status, events: isTold ? ["Normal Updated"] : [] };
}

/** What is recorded of a sync, beside its condition. */
const synced = (object: LiveObject, revision: string) => ({
  refreshTime: text(object.status, "refreshTime") || new Date().toISOString().replace(/\.\d+/, ""),
  syncedResourceVersion: revision,
});

/** Whether nobody has changed the Secret of an ExternalSecret. An orphan is never looked at again. */
function isValid(target: unknown, secret: LiveObject | undefined): boolean {
  if (text(target, "creationPolicy") === "Orphan") return true;
  const { labels = {}, annotations = {} } = secret?.metadata ?? {};
  const hash = dataHash(base64(secret?.data ?? {}, "utf8"));
  return Object.entries(MANAGED).every(([key, value]) => labels[key] === value) && annotations[DATA_HASH] === hash;
}

const externalSecret: Reconcile = async (object, view) => {
  const verdict = await sync(object, view);
  return verdict.missing === undefined ? verdict : { ...verdict, events: ["Warning UpdateFailed"] };
};

const sync: Reconcile = async (object, view) => {
  const namespace = namespaceOf(object);
  const finalizers = (object.metadata["finalizers"] ?? []) as string[];
  if (!finalizers.includes(FINALIZER))
    await view.api.patch(pathOf(SECRETS, namespace, object.metadata.name), {
      metadata: { finalizers: [...finalizers, FINALIZER] },
    });
  const target = inside(object.spec, "target");
  const revision = revisionOf(object);
  const there = await view.secret(namespace, text(target, "name") || object.metadata.name);
  if (!isDue(object, revision) && isValid(target, there)) {
    const reason = conditionOf(object, "Ready")?.reason;
    return {
      ...(reason !== undefined && { reason }),
      status: synced(object, text(object.status, "syncedResourceVersion")),
    };
  }
  const values = await valuesOf(object, view, base64(there?.data ?? {}, "utf8"));
  if (typeof values === "string") return { missing: values };
  const written = await write(object, view, values);
  return written.missing === undefined
    ? { ...written, status: { ...written.status, ...synced(object, revision) } }
    : written;
};

/** Lets an ExternalSecret go. Its Secret goes only with an owner, or by `deletionPolicy: Delete`, which we do not use. */
const released: Reconcile = async (object, view) => {
  const finalizers = ((object.metadata["finalizers"] ?? []) as string[]).filter((one) => one !== FINALIZER);
  await view.api.patch(pathOf(SECRETS, namespaceOf(object), object.metadata.name), { metadata: { finalizers } });
  return {};
};

/** external-secrets. */
export const SIMULATED_EXTERNAL_SECRETS: Operator = {
  namespace: NAMESPACE.externalSecrets,
  says: ({ kind }, readiness) => [
    sayReady(
      readiness,
      kind === "ExternalSecret" ? ["SecretSynced", "SecretSyncedError"] : ["Valid", "InvalidProviderConfig"],
    ),
  ],
  kinds: [
    [CLUSTER_STORES, store],
    [STORES, store],
    [SECRETS, externalSecret, released],
  ],
};
