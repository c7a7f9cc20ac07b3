/** Cases of external-secrets: sources that are there and that are not, and Secrets that others have. */
import type { Json } from "../../synthesized/stack";
import type { CasePlace, Cases, Given } from "./case";
import { GIVEN } from "./view";

const RIGHTS = { apiGroups: [""], resources: ["secrets"], verbs: ["get", "list", "watch"] };
const SELF_CHECK = { apiGroups: ["authorization.k8s.io"], resources: ["selfsubjectrulesreviews"], verbs: ["create"] };

/** An account that may read Secrets, or may not. */
const reader = ({ namespace }: CasePlace, rules: readonly object[] = [RIGHTS, SELF_CHECK]): Given[] => [
  { kind: "ServiceAccount", name: "reader" },
  { kind: "Role", name: "reader", rules },
  {
    kind: "RoleBinding",
    name: "reader",
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: "reader" },
    subjects: [{ kind: "ServiceAccount", name: "reader", namespace }],
  },
];

/** The store of a site whose secrets are generated: it reads a namespace, here that of the case. */
const store = ({ namespace, server }: CasePlace, readers = [namespace]): Given => ({
  kind: "ClusterSecretStore",
  name: namespace,
  spec: {
    conditions: [{ namespaces: readers }],
    provider: {
      kubernetes: {
        remoteNamespace: namespace,
        server: { url: server, caProvider: { type: "ConfigMap", name: "kube-root-ca.crt", key: "ca.crt", namespace } },
        auth: { serviceAccount: { name: "reader", namespace } },
      },
    },
  },
});

const source = (data: Readonly<Record<string, string>>): Given => ({
  kind: "Secret",
  name: "source",
  stringData: data,
});

const copy = ({ namespace }: CasePlace, target: Json = {}, property = "password"): Given => ({
  kind: "ExternalSecret",
  name: "copy",
  spec: {
    refreshPolicy: "Periodic",
    refreshInterval: "1s",
    secretStoreRef: { kind: "ClusterSecretStore", name: namespace },
    target: { name: "copy", creationPolicy: "Owner", deletionPolicy: "Retain", ...target },
    data: [{ secretKey: "password", remoteRef: { key: "source", property } }],
  },
});

const generator: Given = {
  kind: "Password",
  name: "a",
  spec: { length: 32, digits: 8, symbols: 0, noUpper: false, allowRepeat: true, secretKeys: ["password", "cookie"] },
};

/** A secret that is generated once, as the sites have it. */
const generated = (target: Json, name = "a"): Given => ({
  kind: "ExternalSecret",
  name,
  spec: {
    refreshPolicy: "CreatedOnce",
    target: { name: "a", deletionPolicy: "Retain", ...target },
    dataFrom: [
      {
        sourceRef: {
          generatorRef: { apiVersion: "generators.external-secrets.io/v1alpha1", kind: "Password", name: "a" },
        },
      },
    ],
  },
});

const KEPT = { creationPolicy: "Orphan", immutable: true };
const OLD = { stringData: { password: `${GIVEN}old`, other: `${GIVEN}other` } };
const complete = (place: CasePlace): Given[] => [
  ...reader(place),
  store(place),
  source({ password: `${GIVEN}one`, name: `${GIVEN}name` }),
];

/** Cases of external-secrets. */
export const EXTERNAL_SECRETS_CASES: Cases = {
  operator: "external-secrets",
  version: "2.9.0",
  kinds: {
    ClusterSecretStore: {
      apiVersion: "external-secrets.io/v1",
      plural: "clustersecretstores",
      ofCluster: true,
      looked: true,
    },
    ExternalSecret: { apiVersion: "external-secrets.io/v1", plural: "externalsecrets", looked: true },
    Password: { apiVersion: "generators.external-secrets.io/v1alpha1", plural: "passwords" },
  },
  cases: [
    { name: "generated", steps: () => [{ give: [generator, generated(KEPT)] }, { take: [["ExternalSecret", "a"]] }] },
    {
      name: "generated-with-literals",
      steps: () => [
        {
          give: [generator, generated({ ...KEPT, template: { mergePolicy: "Merge", data: { user: `${GIVEN}efd` } } })],
        },
      ],
    },
    {
      name: "generated-where-one-is",
      steps: () => [
        { give: [{ kind: "Secret", name: "a", ...OLD }, generator, generated({ creationPolicy: "Orphan" })] },
      ],
    },
    {
      name: "generated-where-one-is-kept",
      steps: () => [{ give: [{ kind: "Secret", name: "a", immutable: true, ...OLD }, generator, generated(KEPT)] }],
    },
    {
      name: "immutable-for-others",
      steps: () => [
        {
          give: [
            { kind: "Secret", name: "a", immutable: true, ...OLD },
            generator,
            generated({ creationPolicy: "Orphan" }),
          ],
        },
      ],
    },
    { name: "no-generator", steps: () => [{ give: [generated(KEPT)] }] },
    {
      name: "owned-by-another",
      steps: () => [
        { give: [generator, generated({ creationPolicy: "Owner" })] },
        { give: [generated({ creationPolicy: "Owner" }, "b")] },
        { take: [["ExternalSecret", "a"]] },
      ],
    },
    {
      name: "copied",
      steps: (place) => [
        { give: [...complete(place), copy(place)] },
        { give: [source({ password: `${GIVEN}two`, name: `${GIVEN}name` })] },
        { take: [["Secret", "copy"]] },
        { take: [["ExternalSecret", "copy"]] },
      ],
    },
    {
      name: "copied-with-a-type",
      steps: (place) => [
        {
          give: [
            ...complete(place),
            copy(place, { template: { type: "kubernetes.io/basic-auth", mergePolicy: "Merge" } }),
          ],
        },
      ],
    },
    {
      name: "copied-where-one-is",
      steps: (place) => [{ give: [...complete(place), { kind: "Secret", name: "copy", ...OLD }, copy(place)] }],
    },
    {
      name: "no-key",
      steps: (place) => [
        { give: [...complete(place), copy(place, {}, "other")] },
        { give: [source({ other: `${GIVEN}now` })] },
      ],
    },
    { name: "no-source", steps: (place) => [{ give: [...reader(place), store(place), copy(place)] }] },
    {
      name: "source-goes",
      steps: (place) => [{ give: [...complete(place), copy(place)] }, { take: [["Secret", "source"]] }],
    },
    { name: "no-store", steps: (place) => [{ give: [copy(place)] }, { give: complete(place) }] },
    {
      name: "store-of-others",
      steps: (place) => [{ give: [...complete(place), store(place, ["another"]), copy(place)] }],
    },
    {
      name: "store-without-account",
      steps: (place) => [{ give: [store(place), copy(place)] }, { give: complete(place) }],
    },
    {
      name: "store-without-rights",
      steps: (place) => [{ give: [...reader(place, [SELF_CHECK]), store(place), copy(place)] }],
    },
    { name: "vault-without-token", steps: (place) => [{ give: [vault(place), copy(place)] }] },
    { name: "merged-into-nothing", steps: () => [{ give: [generator, generated({ creationPolicy: "Merge" })] }] },
    {
      name: "merged",
      steps: () => [
        { give: [{ kind: "Secret", name: "a", ...OLD }, generator, generated({ creationPolicy: "Merge" })] },
      ],
    },
  ],
};

function vault({ namespace }: CasePlace): Given {
  const tokenSecretRef = { name: "token", key: "token", namespace };
  const vaultProvider = { server: "http://127.0.0.1:1", path: "kv", version: "v2", auth: { tokenSecretRef } };
  return { kind: "ClusterSecretStore", name: namespace, spec: { provider: { vault: vaultProvider } } };
}
