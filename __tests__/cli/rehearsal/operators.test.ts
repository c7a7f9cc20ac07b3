/** The played operators, on a cluster that is a map of paths. */
import { CERT_MANAGER } from "../../../cli/lib/rehearsal/operators/cert-manager";
import { EXTERNAL_SECRETS } from "../../../cli/lib/rehearsal/operators/external-secrets";
import { nodeIds, referencedSecrets, STRIMZI } from "../../../cli/lib/rehearsal/operators/strimzi";
import { pathOf, World } from "../../../cli/lib/rehearsal/operators/world";
import type { KubeApi, LiveObject } from "../../../cli/lib/rehearsal/kube-api";

const ALL = [...EXTERNAL_SECRETS, ...CERT_MANAGER, ...STRIMZI];
const READY = { conditions: [{ type: "Ready", status: "True" }] };
const base64 = (text: string) => Buffer.from(text).toString("base64");

/** A cluster with these objects. */
function cluster(objects: Record<string, object>) {
  const all = new Map(Object.entries(objects)) as unknown as Map<string, LiveObject>;
  const made: string[] = [];
  const api = {
    get: (path: string) => Promise.resolve(all.get(path)),
    list: (path: string) =>
      Promise.resolve([...all].filter(([at]) => at.startsWith(`${path}/`)).map(([, object]) => object)),
    create: (path: string, body: LiveObject) => {
      made.push(`${path}/${body.metadata.name}`);
      return Promise.resolve(all.set(`${path}/${body.metadata.name}`, body));
    },
    patch: (path: string, body: LiveObject) => Promise.resolve(all.set(path, { ...all.get(path), ...body })),
  };
  return { world: new World(api as unknown as KubeApi), made, all };
}

/** What the operator of a kind says of an object. */
function judge(plural: string, object: object, { world }: ReturnType<typeof cluster>) {
  const found = ALL.find(([kind]) => kind.plural === plural);
  if (!found) throw new Error(`nobody looks after ${plural}`);
  return found[1]({ apiVersion: "v1", kind: plural, ...object } as LiveObject, world);
}

const named = (name: string, more: object = {}) => ({ name, namespace: "n", uid: name, ...more });
const secret = (keys: Record<string, string>) => ({ metadata: {}, data: keys });

describe("external-secrets", () => {
  const store = { spec: { provider: { vault: {} }, conditions: [{ namespaces: ["n"] }] }, status: READY };
  const one = {
    metadata: named("a"),
    spec: {
      secretStoreRef: { kind: "ClusterSecretStore", name: "vault" },
      target: { name: "a", creationPolicy: "Owner" },
      data: [{ secretKey: "password", remoteRef: { key: "k", property: "p" } }],
    },
  };
  const stores = "/apis/external-secrets.io/v1/clustersecretstores/vault";

  test("a store of Vault wants its token", async () => {
    const spec = { provider: { vault: { auth: { tokenSecretRef: { name: "t", key: "token", namespace: "s" } } } } };
    const missing = judge("clustersecretstores", { metadata: named("vault"), spec }, cluster({}));
    expect((await missing).missing).toBe("Secret s/t is not there");
    const there = cluster({ "/api/v1/namespaces/s/secrets/t": secret({ token: "eA==" }) });
    expect((await judge("clustersecretstores", { metadata: named("vault"), spec }, there)).missing).toBeUndefined();
  });

  test("a Secret is made once, and its value is remembered", async () => {
    const place = cluster({ [stores]: store });
    expect((await judge("externalsecrets", one, place)).missing).toBeUndefined();
    const [value] = place.world.values;
    const data = place.all.get("/api/v1/namespaces/n/secrets/a")?.data;
    expect(data?.["password"]).toBe(base64(value?.value ?? ""));
    await judge("externalsecrets", one, place);
    expect(place.all.get("/api/v1/namespaces/n/secrets/a")?.data).toEqual(data);
    expect(place.world.values).toHaveLength(1);
  });

  test.each<[string, Record<string, object>, RegExp]>([
    ["no store", {}, /vault is not ready/],
    ["a store that is not ready", { [stores]: { ...store, status: {} } }, /vault is not ready/],
    [
      "a store that serves others",
      { [stores]: { ...store, spec: { ...store.spec, conditions: [{ namespaces: ["other"] }] } } },
      /does not serve namespace n/,
    ],
  ])("there is no Secret with %s", async (_what, objects, missing) => {
    const place = cluster(objects);
    expect((await judge("externalsecrets", one, place)).missing).toMatch(missing);
    expect(place.made).toEqual([]);
  });

  test("a copied value follows its source", async () => {
    const spec = { provider: { kubernetes: { remoteNamespace: "s" } } };
    const place = cluster({
      [stores]: { spec, status: READY },
      "/api/v1/namespaces/s/secrets/k": secret({ p: base64("new") }),
      "/api/v1/namespaces/n/secrets/a": secret({ password: base64("old") }),
    });
    await judge("externalsecrets", one, place);
    expect(place.all.get("/api/v1/namespaces/n/secrets/a")?.data?.["password"]).toBe(base64("new"));
  });
});

describe("cert-manager", () => {
  const issuer = (spec: object, metadata: object = {}) => ({ metadata: { name: "efd", uid: "i", ...metadata }, spec });
  const certificate = (kind: string) => ({
    metadata: named("c"),
    spec: { secretName: "c", issuerRef: { kind, name: "efd" } },
  });
  const CA = "/api/v1/namespaces/cert-manager/secrets/ca";
  const pem = (what: string) => base64(`-----BEGIN ${what}-----\nsimulated\n-----END ${what}-----\n`);

  test("an authority wants its Secret with both keys", async () => {
    const authority = issuer({ ca: { secretName: "ca" } });
    const missing = async (objects: Record<string, object>) =>
      (await judge("clusterissuers", authority, cluster(objects))).missing;
    expect(await missing({})).toBe("Secret cert-manager/ca is not there");
    expect(await missing({ [CA]: secret({}) })).toBe("Secret cert-manager/ca has no key tls.crt, tls.key");
    expect(await missing({ [CA]: secret({ "tls.crt": "", "tls.key": "" }) })).toBeUndefined();
  });

  test("an issuer of a namespace looks for its Secret there", async () => {
    const own = issuer({ ca: { secretName: "ca" } }, { namespace: "n" });
    expect((await judge("issuers", own, cluster({}))).missing).toBe("Secret n/ca is not there");
  });

  test.each([
    ["ClusterIssuer", "/apis/cert-manager.io/v1/clusterissuers/efd"],
    ["Issuer", "/apis/cert-manager.io/v1/namespaces/n/issuers/efd"],
  ])("a certificate wants its %s, and becomes a Secret", async (kind, path) => {
    expect((await judge("certificates", certificate(kind), cluster({}))).missing).toBe(`${kind} efd is not ready`);
    const place = cluster({ [path]: { status: READY } });
    expect((await judge("certificates", certificate(kind), place)).missing).toBeUndefined();
    expect(place.made).toEqual(["/api/v1/namespaces/n/secrets/c"]);
    expect(place.all.get("/api/v1/namespaces/n/secrets/c")).toEqual({
      metadata: { name: "c" },
      type: "kubernetes.io/tls",
      data: { "tls.crt": pem("CERTIFICATE"), "tls.key": pem("PRIVATE KEY"), "ca.crt": pem("CERTIFICATE") },
    });
  });

  test("an ACME issuer wants every Secret that its solvers name, and makes its account's key", async () => {
    const solver = { dns01: { route53: { region: "r", accessKeyIDSecretRef: { name: "route53", key: "id" } } } };
    const account = { privateKeySecretRef: { name: "account" } };
    const acme = issuer({ acme: { ...account, solvers: [null, { dns01: {} }, solver] } });
    const path = "/api/v1/namespaces/cert-manager/secrets/route53";
    const waiting = cluster({ [path]: secret({ other: "" }) });
    expect((await judge("clusterissuers", acme, waiting)).missing).toBe("Secret cert-manager/route53 has no key id");
    expect(waiting.made).toEqual([]);
    const place = cluster({ [path]: secret({ id: "" }) });
    expect((await judge("clusterissuers", acme, place)).missing).toBeUndefined();
    expect(place.made).toEqual(["/api/v1/namespaces/cert-manager/secrets/account"]);
    expect(place.all.get("/api/v1/namespaces/cert-manager/secrets/account")?.data).toEqual({
      "tls.key": pem("PRIVATE KEY"),
    });
    const without = cluster({});
    expect(await judge("clusterissuers", issuer({ acme: {} }), without)).toEqual({});
    expect(without.made).toEqual([]);
  });
});

describe("Strimzi", () => {
  const labels = { "strimzi.io/cluster": "efd" };
  const pool = (name: string, role: string, replicas: number) => ({
    metadata: named(name, { labels }),
    spec: { replicas, roles: [role], storage: { volumes: [{ id: 0, size: "1Gi", class: "c" }] } },
  });
  const pools = (...some: ReturnType<typeof pool>[]) =>
    Object.fromEntries(
      some.map((one) => [
        pathOf({ group: "kafka.strimzi.io", version: "v1", plural: "kafkanodepools" }, "n", one.metadata.name),
        one,
      ]),
    );
  const kafkaPath = "/apis/kafka.strimzi.io/v1/namespaces/n/kafkas/efd";

  test("node ids are the annotation's, as many as there are replicas", () => {
    const ids = (annotation: string | undefined, replicas: number) =>
      nodeIds({
        metadata: { name: "a", uid: "u", annotations: annotation ? { "strimzi.io/next-node-ids": annotation } : {} },
        spec: { replicas },
      });
    expect(ids("[6, 7, 8]", 3)).toEqual([6, 7, 8]);
    expect(ids("[3-5]", 2)).toEqual([3, 4]);
    expect(ids(undefined, 2)).toEqual([0, 1]);
  });

  test("a pool gets a claim and a pod for each node, named as Strimzi names them", async () => {
    const place = cluster({ [kafkaPath]: {} });
    await judge("kafkanodepools", pool("broker", "broker", 2), place);
    expect(place.made.map((path) => path.split("/").slice(-2).join("/")).sort()).toEqual([
      "persistentvolumeclaims/data-0-efd-broker-0",
      "persistentvolumeclaims/data-0-efd-broker-1",
      "pods/efd-broker-0",
      "pods/efd-broker-1",
    ]);
  });

  test("a cluster is ready when the pods of both roles run", async () => {
    const object = { metadata: named("efd"), spec: { kafka: {} } };
    const only = cluster(pools(pool("broker", "broker", 1)));
    expect((await judge("kafkas", object, only)).missing).toMatch(/has the role controller/);
    const unplaced = { status: { conditions: [{ type: "PodScheduled", status: "False", message: "no node" }] } };
    const both = { ...pools(pool("broker", "broker", 1), pool("controller", "controller", 1)) };
    const pods = (name: string) => `/api/v1/namespaces/n/pods/efd-${name}-0`;
    const waiting = cluster({ ...both, [pods("broker")]: unplaced, [pods("controller")]: { status: READY } });
    expect((await judge("kafkas", object, waiting)).missing).toBe("pod efd-broker-0 does not run: no node");
    const running = cluster({ ...both, [pods("broker")]: { status: READY }, [pods("controller")]: { status: READY } });
    expect((await judge("kafkas", object, running)).missing).toBeUndefined();
  });

  test("a topic fits its brokers, a user has its password", async () => {
    const ready = { [kafkaPath]: { status: READY }, ...pools(pool("broker", "broker", 1)) };
    const topic = { metadata: named("t", { labels }), spec: { replicas: 3 } };
    expect((await judge("kafkatopics", topic, cluster(ready))).missing).toMatch(/3 replicas .* 1 brokers/);
    expect((await judge("kafkatopics", topic, cluster({}))).missing).toBe("Kafka efd is not ready");
    const reference = { name: "kafka-u", key: "password" };
    const authentication = { type: "scram-sha-512", password: { valueFrom: { secretKeyRef: reference } } };
    const user = { metadata: named("u", { labels }), spec: { authentication } };
    expect((await judge("kafkausers", user, cluster(ready))).missing).toBe("Secret n/kafka-u is not there");
  });

  test("Secrets are found wherever a specification names them", () => {
    const spec = { authentication: { passwordSecret: { secretName: "a", password: "p" } }, tls: [{ secretName: "b" }] };
    expect(referencedSecrets(spec)).toEqual([
      { name: "a", keys: ["p"] },
      { name: "b", keys: [] },
    ]);
  });
});
