import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { CHRONOGRAF_OAUTH } from "../../../constructs/chronograf/secrets";
import { INFLUXDB_ADMIN } from "../../../constructs/influxdb/secrets";
import { kafkaUser } from "../../../constructs/kafka/secrets";
import { externalSecret, generatedSecret, secretValue, wholeSecret } from "../../../constructs/secrets/secret-source";
import type { SecretKey, SecretSpec } from "../../../constructs/secrets/secret-spec";
import { SecretStores, type SecretStore } from "../../../constructs/secrets/secret-stores";
import { Secrets, type SecretsProps } from "../../../constructs/secrets/secrets";
import { INFLUXDB_TELEGRAF } from "../../../constructs/telegraf/secrets";
import { addressOf, at, before, built, customResource, only, readyJob, texts } from "../support";

const SPEC = {
  name: "database",
  description: "account of a database",
  keys: { user: { description: "its name", generated: "admin" }, password: { description: "its password" } },
} as const satisfies SecretSpec;

const TARGET = {
  name: "login",
  namespace: "app",
  values: { USER: secretValue(SPEC, "user"), PASSWORD: secretValue(SPEC, "password") },
};
const VAULT = { kind: "vault", mount: "secret", path: "site/efd" } as const;

describe("a Secret of a namespace", () => {
  test("from Vault: path of the site, name of the secret, key by key", () => {
    expect(externalSecret(VAULT, TARGET)).toMatchObject({
      metadata: { name: "login", namespace: "app" },
      spec: {
        secretStoreRef: { kind: "ClusterSecretStore", name: "vault" },
        data: [
          { secretKey: "USER", remoteRef: { key: "site/efd/database", property: "user" } },
          { secretKey: "PASSWORD", remoteRef: { key: "site/efd/database", property: "password" } },
        ],
      },
    });
  });

  test("from the cluster: the generated secret of that name", () => {
    expect(externalSecret({ kind: "generated" }, TARGET).spec).toMatchObject({
      secretStoreRef: { kind: "ClusterSecretStore", name: "generated" },
      data: [
        { secretKey: "USER", remoteRef: { key: "database", property: "user" } },
        { secretKey: "PASSWORD", remoteRef: { key: "database", property: "password" } },
      ],
    });
  });

  test("is kept equal to its source, and stays when its ExternalSecret goes", () => {
    expect(externalSecret(VAULT, TARGET).spec).toMatchObject({
      refreshPolicy: "Periodic",
      refreshInterval: "15m0s",
      target: { name: "login", creationPolicy: "Owner", deletionPolicy: "Retain" },
    });
  });

  test("may be the whole of a secret, under its name", () => {
    const values = { user: secretValue(SPEC, "user"), password: secretValue(SPEC, "password") };
    expect(wholeSecret(SPEC, "app")).toEqual({ name: "database", namespace: "app", values });
    expect(wholeSecret(SPEC, "app", "kubernetes.io/basic-auth").type).toBe("kubernetes.io/basic-auth");
  });

  test("has a type where one is asked for", () => {
    expect(externalSecret(VAULT, { ...TARGET, type: "kubernetes.io/basic-auth" }).spec.target.template).toEqual({
      type: "kubernetes.io/basic-auth",
      mergePolicy: "Merge",
    });
    expect(externalSecret(VAULT, TARGET).spec.target).not.toHaveProperty("template");
  });
});

describe("a generated secret", () => {
  const [generator, secret] = generatedSecret(SPEC);

  test("is made once, in the operator's namespace, and belongs to no one", () => {
    expect(secret.metadata).toMatchObject({ name: "database", namespace: "external-secrets" });
    expect(secret.spec).toMatchObject({
      refreshPolicy: "CreatedOnce",
      target: { name: "database", creationPolicy: "Orphan", deletionPolicy: "Retain" },
    });
  });

  test("has a password for each key, but for names that are given", () => {
    expect(generator.spec).toMatchObject({ length: 32, symbols: 0, allowRepeat: true, secretKeys: ["password"] });
    expect(secret.spec.target.template).toEqual({ mergePolicy: "Merge", data: { user: "admin" } });
    expect(generatedSecret(kafkaUser("camera"))[1].spec.target).not.toHaveProperty("template");
  });

  test("comes from its own generator", () => {
    expect(secret.spec.dataFrom).toEqual([
      {
        sourceRef: {
          generatorRef: { apiVersion: generator.apiVersion, kind: "Password", name: generator.metadata.name },
        },
      },
    ]);
    expect(generator.metadata.namespace).toBe(secret.metadata.namespace);
  });
});

describe("the secrets of a layer", () => {
  const view = (source: SecretsProps["source"]) =>
    built((stack) => {
      new Secrets(stack, "secrets", {
        name: "layer-secrets",
        source,
        targets: [TARGET, { ...TARGET, namespace: "other" }],
      });
    });

  test("generated: each secret once, however many read it", () => {
    const one = view({ kind: "generated" });
    expect(one.customResources("Password").map(({ metadata }) => metadata.name)).toEqual(["database"]);
    expect(
      one.customResources("ExternalSecret").map(({ metadata }) => `${metadata.namespace}/${metadata.name}`),
    ).toEqual(["external-secrets/database", "app/login", "other/login"]);
  });

  test("from Vault: nothing is generated", () => {
    expect(view(VAULT).customResources("Password")).toEqual([]);
    expect(view(VAULT).customResources("ExternalSecret")).toHaveLength(2);
    for (const { spec } of view(VAULT).customResources("ExternalSecret")) expect(spec).not.toHaveProperty("dataFrom");
  });

  test.each([{ kind: "generated" }, VAULT] as const)("what is inner is generated where it is read: $kind", (source) => {
    const one = built((stack) => {
      new Secrets(stack, "secrets", { name: "s", source, targets: [], inner: [{ spec: SPEC, namespace: "app" }] });
    });
    for (const kind of ["Password", "ExternalSecret"])
      expect(one.customResources(kind).map(({ metadata }) => `${metadata.namespace}/${metadata.name}`)).toEqual([
        "app/database",
      ]);
    expect(at(customResource(one, "ExternalSecret", "database"), "spec.refreshPolicy")).toBe("CreatedOnce");
  });

  test("readers wait until all are there", () => {
    const one = view(VAULT);
    expect(at(one.resource(readyJob(one, "layer-secrets")), "spec.template.spec.container.0.args.5")).toBe(
      "externalsecrets.external-secrets.io",
    );
  });
});

describe("the store", () => {
  const view = (store: SecretStore) =>
    built((stack) => {
      new SecretStores(stack, "stores", { store, readers: ["telegraf", "kafka"], dependsOn: [] });
    });
  const vault: SecretStore = { kind: "vault", server: "https://vault.example.org", mount: "kv", tokenRevision: 3 };

  test("may be read from the named namespaces only", () => {
    for (const store of [vault, { kind: "generated" } as const])
      expect(at(customResource(view(store), "ClusterSecretStore", store.kind).spec, "conditions")).toEqual([
        { namespaces: ["kafka", "telegraf"] },
      ]);
  });

  test("Vault: version 2 of the engine, with a token from a Secret", () => {
    expect(at(customResource(view(vault), "ClusterSecretStore", "vault").spec, "provider")).toEqual({
      vault: {
        server: "https://vault.example.org",
        path: "kv",
        version: "v2",
        auth: { tokenSecretRef: { name: "vault-token", key: "token", namespace: "external-secrets" } },
      },
    });
  });

  test("Vault: the token is given, ephemeral, and in no state: written when its revision rises", () => {
    const one = view(vault);
    expect(Object.keys(one.json.variable ?? {})).toEqual(["vault_token"]);
    expect(one.json.variable?.["vault_token"]).toMatchObject({ sensitive: true, ephemeral: true, nullable: false });
    expect(one.json.variable?.["vault_token"]).not.toHaveProperty("default");
    expect(String(one.json.variable?.["vault_token"]?.["description"])).toContain("https://vault.example.org");
    const secret = one.resource(addressOf(one, "kubernetes_secret_v1", "vault-token"));
    expect(secret).toMatchObject({ data_wo: { token: "${var.vault_token}" }, data_wo_revision: 3 });
    expect(secret).not.toHaveProperty("data");
    expect(texts({ ...secret, data_wo: undefined }).filter((text) => text.includes("vault_token"))).toEqual([]);
    expect([...before(one, addressOf(one, "helm_release", "secret-stores"))]).toContain(
      addressOf(one, "kubernetes_secret_v1", "vault-token"),
    );
  });

  test("the cluster: an account that reads Secrets of one namespace", () => {
    const one = view({ kind: "generated" });
    expect(only(one, "kubernetes_role_v1")).toMatchObject({
      metadata: { namespace: "external-secrets" },
      rule: [{ api_groups: [""], resources: ["secrets"], verbs: ["get", "list", "watch"] }],
    });
    expect(at(only(one, "kubernetes_role_binding_v1"), "subject")).toMatchObject([
      { kind: "ServiceAccount", namespace: "external-secrets" },
    ]);
    const provider = at(customResource(one, "ClusterSecretStore", "generated").spec, "provider.kubernetes");
    expect(provider).toMatchObject({
      remoteNamespace: "external-secrets",
      auth: { serviceAccount: { name: "secret-reader", namespace: "external-secrets" } },
    });
    expect(one.json.variable).toBeUndefined();
    expect(one.resources("kubernetes_secret_v1")).toEqual([]);
  });
});

describe("the list", () => {
  /** docs/acceptance: names and keys as argocd-efd has them. */
  test.each([
    [INFLUXDB_ADMIN, "influxdb-auth", ["influxdb-user", "influxdb-password"]],
    [INFLUXDB_TELEGRAF, "telegraf-secret", ["password"]],
    [CHRONOGRAF_OAUTH, "chronograf-oauth", ["token_secret", "gh_client_id", "gh_client_secret", "gh_orgs"]],
  ])("EFD-62: %s has the name and the keys of argocd-efd", (spec: SecretSpec, name, keys) => {
    expect(spec.name).toBe(name);
    expect(Object.keys(spec.keys)).toEqual(keys);
  });

  /** Every secret of every system: they stand in `secrets.ts` of its folder. */
  async function everySecret(): Promise<SecretSpec[]> {
    const constructs = join(__dirname, "..", "..", "..", "constructs");
    const files = readdirSync(constructs)
      .map((system) => join(constructs, system, "secrets.ts"))
      .filter((file) => existsSync(file) && !file.includes(join("secrets", "secrets.ts")));
    const modules = await Promise.all(
      [join(constructs, "secrets", "secret-spec.ts"), ...files].map((file) => import(file) as Promise<object>),
    );
    return modules
      .flatMap((module) => Object.values(module) as unknown[])
      .filter((one): one is SecretSpec => typeof one === "object");
  }

  test("every secret and every key says what it is, and no name is used twice", async () => {
    const all = [...(await everySecret()), kafkaUser("camera")];
    expect(all.map(({ name }) => name)).toEqual(expect.arrayContaining(["influxdb-auth", "aws-secret", "tls-certs"]));
    expect(new Set(all.map(({ name }) => name)).size).toBe(all.length);
    for (const { description, keys } of all)
      for (const text of [description, ...Object.values(keys).map((key: SecretKey) => key.description)])
        expect(text.length).toBeGreaterThan(5);
  });

  test("a user of Kafka has a secret of its own", () => {
    expect(kafkaUser("camera").name).toBe("kafka-camera");
    expect(Object.keys(kafkaUser("camera").keys)).toEqual(["password"]);
  });
});
