/** The simulated operators, on a cluster that is a map of paths. */
import { SIMULATED_CERT_MANAGER } from "../../../../e2e/rehearsal/operators/cert-manager";
import { SIMULATED_EXTERNAL_SECRETS } from "../../../../e2e/rehearsal/operators/external-secrets";
import { referencedSecrets, SIMULATED_STRIMZI, strimziSays } from "../../../../e2e/rehearsal/operators/strimzi";
import { nodeIds, nodeIdsOf } from "../../../../e2e/rehearsal/operators/strimzi-resources";
import { isReady, pathOf, ClusterView } from "../../../../e2e/rehearsal/operators/cluster-view";
import { ApiError, type Cluster, type LiveObject } from "../../../../cli/shared/kubernetes/client";

const ALL = [SIMULATED_EXTERNAL_SECRETS, SIMULATED_CERT_MANAGER, SIMULATED_STRIMZI].flatMap(({ kinds }) => kinds);
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
  return { view: new ClusterView(api as unknown as Cluster), made, all };
}

/** What the operator of a kind says of an object. */
function judge(plural: string, object: object, { view }: ReturnType<typeof cluster>) {
  const found = ALL.find(([kind]) => kind.plural === plural);
  if (!found) throw new Error(`nobody looks after ${plural}`);
  return found[1]({ apiVersion: "v1", kind: plural, ...object } as LiveObject, view);
}

const named = (name: string, more: object = {}) => ({ name, namespace: "n", uid: name, ...more });
const secret = (keys: Record<string, string>) => ({ metadata: {}, data: keys });

test.each([
  [[{ type: "Ready", status: "True" }], true],
  [
    [
      { type: "Other", status: "False" },
      { type: "Ready", status: "True" },
    ],
    true,
  ],
  [
    [
      { type: "Ready", status: "False" },
      { type: "Other", status: "True" },
    ],
    false,
  ],
  [[], false],
  [undefined, false],
])("conditions %j: ready %s", (conditions, ready) => {
  expect(isReady({ status: { conditions } } as unknown as LiveObject)).toBe(ready);
});

describe("an object that is wanted", () => {
  const object = { metadata: { name: "a" } };

  test("is made where it is not there", async () => {
    const { view, made } = cluster({});
    await view.ensure("/api/v1/toys", object);
    await view.ensure("/api/v1/toys", object);
    expect(made).toEqual(["/api/v1/toys/a"]);
  });

  test("may be made by somebody else meanwhile, and must not be refused", async () => {
    const refusing = (error: Error) =>
      new ClusterView({
        get: () => Promise.resolve(undefined),
        create: () => Promise.reject(error),
      } as unknown as Cluster).ensure("/api/v1/toys", object);
    await refusing(new ApiError(409, "already there"));
    await expect(refusing(new ApiError(403, "forbidden"))).rejects.toThrow("forbidden");
    await expect(refusing(Object.assign(new Error("hang up"), { status: 409 }))).rejects.toThrow("hang up");
  });
});

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

  test("a store of Vault in a namespace finds its token there", async () => {
    const spec = { provider: { vault: { auth: { tokenSecretRef: { name: "t", key: "token" } } } } };
    const place = cluster({ "/api/v1/namespaces/n/secrets/t": secret({}) });
    expect((await judge("secretstores", { metadata: named("vault"), spec }, place)).missing).toBe(
      "Secret n/t has no key token",
    );
  });

  test("a store that copies wants its account", async () => {
    const auth = { serviceAccount: { name: "reader", namespace: "s" } };
    const spec = { provider: { kubernetes: { remoteNamespace: "s", auth } } };
    const of = (objects: Record<string, object>) =>
      judge("clustersecretstores", { metadata: named("copies"), spec }, cluster(objects));
    const events = ["Warning InvalidProviderConfig"];
    expect(await of({})).toEqual({ missing: "ServiceAccount s/reader is not there", events });
    const account = { "/api/v1/namespaces/s/serviceaccounts/reader": {} };
    expect(await of(account)).toEqual({ missing: "ServiceAccount s/reader is not allowed to get secrets", events });
    const roles = "/apis/rbac.authorization.k8s.io/v1/namespaces/s";
    const may = (verbs: string[], subject = "reader") =>
      of({
        ...account,
        [`${roles}/roles/r`]: { rules: [{ resources: ["secrets"], verbs }] },
        [`${roles}/rolebindings/b`]: { roleRef: { name: "r" }, subjects: [{ name: subject, namespace: "s" }] },
      });
    expect(await may(["list"])).toEqual({ missing: "ServiceAccount s/reader is not allowed to get secrets", events });
    expect(await may(["get"], "another")).toMatchObject({ missing: expect.stringMatching(/not allowed/) as string });
    const ready = { status: { capabilities: "ReadWrite" }, events: ["Normal Valid"] };
    expect(await may(["get"])).toEqual(ready);
    expect(await judge("clustersecretstores", { metadata: named("other"), spec: {} }, cluster({}))).toEqual(ready);
  });

  test("a Secret is made once, and its value is remembered", async () => {
    const place = cluster({ [stores]: store });
    expect(await judge("externalsecrets", one, place)).toMatchObject({ status: { binding: { name: "a" } } });
    const [value] = place.view.values;
    expect(value?.name).toBe("p of k");
    const made = place.all.get("/api/v1/namespaces/n/secrets/a");
    expect(made).toMatchObject({
      metadata: {
        name: "a",
        labels: { "reconcile.external-secrets.io/managed": "true" },
        ownerReferences: [
          {
            apiVersion: "v1",
            kind: "externalsecrets",
            name: "a",
            uid: "a",
            controller: true,
            blockOwnerDeletion: true,
          },
        ],
      },
      type: "Opaque",
      data: { password: base64(value?.value ?? "") },
    });
    await judge("externalsecrets", one, place);
    expect(place.all.get("/api/v1/namespaces/n/secrets/a")?.data).toEqual(made?.data);
    expect(place.view.values).toHaveLength(1);
  });

  test("a Secret has the name, type and further keys of its target, and stays where it is nobody's", async () => {
    const template = { type: "kubernetes.io/basic-auth", mergePolicy: "Merge", data: { username: "efd" } };
    const target = { name: "other", creationPolicy: "Orphan", template };
    const place = cluster({ [stores]: store });
    const object = { ...one, spec: { ...one.spec, target } };
    expect(await judge("externalsecrets", object, place)).toMatchObject({ status: { binding: { name: "other" } } });
    const other = place.all.get("/api/v1/namespaces/n/secrets/other");
    expect(other?.metadata["ownerReferences"]).toBeUndefined();
    expect(other).toMatchObject({
      metadata: { name: "other", labels: { "reconcile.external-secrets.io/managed": "true" } },
      type: "kubernetes.io/basic-auth",
      data: { password: base64(place.view.values[0]?.value ?? ""), username: base64("efd") },
    });
    const unnamed = cluster({ [stores]: { status: READY, spec: {} } });
    await judge("externalsecrets", { ...one, spec: { ...one.spec, target: undefined } }, unnamed);
    expect(unnamed.made).toEqual(["/api/v1/namespaces/n/secrets/a"]);
  });

  test("a store of the namespace serves it", async () => {
    const spec = { ...one.spec, secretStoreRef: { kind: "SecretStore", name: "own" } };
    const object = { ...one, spec };
    expect((await judge("externalsecrets", object, cluster({}))).missing).toBe("SecretStore own is not ready");
    for (const spec of [{}, { conditions: [] }]) {
      const place = cluster({ "/apis/external-secrets.io/v1/namespaces/n/secretstores/own": { spec, status: READY } });
      expect((await judge("externalsecrets", object, place)).missing).toBeUndefined();
    }
  });

  test("a generator gives its keys", async () => {
    const dataFrom = [{ sourceRef: { generatorRef: { kind: "Password", name: "g" } } }];
    const generated = { metadata: named("a"), spec: { target: { name: "a" }, dataFrom } };
    const generator = "/apis/generators.external-secrets.io/v1alpha1/namespaces/n/passwords/g";
    expect((await judge("externalsecrets", generated, cluster({}))).missing).toBe("Password n/g is not there");
    const usual = cluster({ [generator]: { spec: {} } });
    await judge("externalsecrets", generated, usual);
    expect(usual.view.values.map(({ name }) => name)).toEqual(["generated password of a"]);
    const some = cluster({ [generator]: { spec: { secretKeys: ["x", "y"] } } });
    await judge("externalsecrets", generated, some);
    expect(some.view.values.map(({ name }) => name)).toEqual(["generated x of a", "generated y of a"]);
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
    const gone = cluster({ [stores]: { spec, status: READY }, "/api/v1/namespaces/s/secrets/k": secret({}) });
    expect((await judge("externalsecrets", one, gone)).missing).toBe("Secret s/k has no key p");
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
    const pair = { "tls.crt": pem("CERTIFICATE"), "tls.key": pem("PRIVATE KEY") };
    expect(await missing({ [CA]: secret(pair) })).toBeUndefined();
    expect(await missing({ [CA]: secret({ ...pair, "tls.key": base64("nothing") }) })).toBe(
      "Secret cert-manager/ca has no certificate and key",
    );
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
    expect(place.all.get("/api/v1/namespaces/n/secrets/c")).toMatchObject({
      metadata: { name: "c", annotations: { "cert-manager.io/issuer-kind": kind } },
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
  test.each([
    ["Kafka", {}, [{ type: "Ready", status: "True" }]],
    ["KafkaUser", { missing: "m", reason: "r" }, [{ type: "NotReady", status: "True", reason: "r", message: "m" }]],
    ["KafkaTopic", { missing: "m", reason: "r" }, [{ type: "Ready", status: "False", reason: "r", message: "m" }]],
    ["Kafka", { paused: true }, [{ type: "ReconciliationPaused", status: "True" }]],
    ["KafkaNodePool", {}, []],
  ])("says of a %s with %j", (kind, readiness, said) => {
    expect(strimziSays({ kind, metadata: named("a") } as unknown as LiveObject, readiness)).toEqual(said);
  });

  test("whoever looks after accounts and topics runs beside a Kafka only, and pools are the Kafka's", async () => {
    for (const plural of ["kafkausers", "kafkatopics", "kafkanodepools"])
      expect(await judge(plural, { metadata: named("a", { labels: {} }), spec: {} }, cluster({}))).toMatchObject({
        unseen: true,
      });
  });

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
  const SET = "/apis/core.strimzi.io/v1/namespaces/n/strimzipodsets/efd-broker";

  const both = pools(pool("broker", "broker", 1), pool("controller", "controller", 1));
  const begun = { [kafkaPath]: { metadata: named("efd"), spec: { kafka: {} } }, ...both };

  test("node ids are the annotation's, as many as there are replicas", () => {
    const ids = (annotation: string | undefined, replicas: number) =>
      nodeIds({
        metadata: { name: "a", uid: "u", annotations: annotation ? { "strimzi.io/next-node-ids": annotation } : {} },
        spec: { replicas },
      });
    expect(ids("[6, 7, 8]", 3)).toEqual([6, 7, 8]);
    expect(ids("[3-5]", 2)).toEqual([3, 4]);
    expect(ids("[5]", 1)).toEqual([5]);
    expect(ids(undefined, 2)).toEqual([0, 1]);
  });

  test("a pool without ids takes the lowest that no pool has", () => {
    const annotated = pool("broker", "broker", 2);
    const metadata = { ...annotated.metadata, annotations: { "strimzi.io/next-node-ids": "[0,2]" } };
    const all = [pool("z", "controller", 2), pool("a", "controller", 1), { ...annotated, metadata }];
    expect(Object.fromEntries(nodeIdsOf(all as unknown as LiveObject[]))).toEqual({
      a: [1],
      broker: [0, 2],
      z: [3, 4],
    });
  });

  test("a pool gets a claim and a pod for each node, named as Strimzi names them", async () => {
    const place = cluster({ ...begun, ...pools(pool("broker", "broker", 2)) });
    const template = { pod: { affinity: { nodeAffinity: {} } } };
    const broker = pool("broker", "broker", 2);
    const object = { ...broker, spec: { ...broker.spec, template, resources: { requests: { cpu: "1" } } } };
    expect(await judge("kafkanodepools", object, place)).toMatchObject({
      status: { nodeIds: [0, 1], replicas: 2, roles: ["broker"] },
    });
    expect(place.made.map((path) => path.split("/").slice(-2).join("/")).sort()).toEqual([
      "persistentvolumeclaims/data-0-efd-broker-0",
      "persistentvolumeclaims/data-0-efd-broker-1",
      "pods/efd-broker-0",
      "pods/efd-broker-1",
      "strimzipodsets/efd-broker",
    ]);
    const own = {
      ...labels,
      "strimzi.io/kind": "Kafka",
      "strimzi.io/name": "efd-kafka",
      "strimzi.io/component-type": "kafka",
      "strimzi.io/pool-name": "broker",
      "app.kubernetes.io/name": "kafka",
      "app.kubernetes.io/instance": "efd",
      "app.kubernetes.io/part-of": "strimzi-efd",
      "app.kubernetes.io/managed-by": "strimzi-cluster-operator",
    };
    expect(place.all.get("/api/v1/namespaces/n/persistentvolumeclaims/data-0-efd-broker-1")).toEqual({
      metadata: { name: "data-0-efd-broker-1", labels: own, annotations: { "strimzi.io/delete-claim": "false" } },
      spec: {
        accessModes: ["ReadWriteOnce"],
        storageClassName: "c",
        resources: { requests: { storage: "1Gi" } },
      },
    });
    expect(place.all.get("/api/v1/namespaces/n/pods/efd-broker-1")).toMatchObject({
      metadata: {
        labels: own,
        ownerReferences: [{ kind: "StrimziPodSet", name: "efd-broker", blockOwnerDeletion: true }],
      },
      spec: {
        affinity: { nodeAffinity: {} },
        containers: [
          {
            resources: { requests: { cpu: "1" } },
            // As the level `restricted` of the namespace wants it.
            securityContext: {
              allowPrivilegeEscalation: false,
              capabilities: { drop: ["ALL"] },
              runAsNonRoot: true,
              seccompProfile: { type: "RuntimeDefault" },
            },
            volumeMounts: [{ name: "data-0", mountPath: "/var/lib/kafka/0" }],
          },
        ],
        volumes: [{ name: "data-0", persistentVolumeClaim: { claimName: "data-0-efd-broker-1" } }],
      },
    });
    expect(place.all.get(SET)).toMatchObject({
      metadata: {
        labels: own,
        ownerReferences: [{ kind: "kafkanodepools", name: "broker", blockOwnerDeletion: true }],
      },
    });
    expect((await judge("kafkanodepools", object, cluster({}))).missing).toBe("Kafka n/efd is not there");
    const paused = { metadata: named("efd", { annotations: { "strimzi.io/pause-reconciliation": "true" } }) };
    const alone = cluster({ [kafkaPath]: paused, ...both });
    expect(await judge("kafkanodepools", object, alone)).toMatchObject({
      missing: "Kafka efd is paused",
      unseen: true,
    });
    expect(alone.made).toEqual([]);
  });

  test("a set that is about to go gets no pod", async () => {
    const ending = { metadata: named("efd-broker", { deletionTimestamp: "2026-01-01T00:00:00Z" }) };
    const place = cluster({ ...begun, [SET]: ending });
    await judge("kafkanodepools", pool("broker", "broker", 2), place);
    expect(place.made.filter((path) => !path.includes("persistentvolumeclaims"))).toEqual([]);
  });

  const pods = (name: "broker" | "controller") => `/api/v1/namespaces/n/pods/efd-${name}-${name === "broker" ? 0 : 1}`;
  const running = { ...both, [pods("broker")]: { status: READY }, [pods("controller")]: { status: READY } };

  test("a cluster is ready when the pods of both roles run", async () => {
    const missing = async (objects: Record<string, object>) =>
      (await judge("kafkas", { metadata: named("efd"), spec: { kafka: {} } }, cluster(objects))).missing;
    expect(await missing(pools(pool("broker", "broker", 1)))).toBe("no KafkaNodePool of efd has the role controller");
    expect(await missing(pools(pool("controller", "controller", 1)))).toMatch(/has the role broker$/);
    const [[path, object] = ["", {}]] = Object.entries(pools(pool("broker", "broker", 1)));
    const foreign = { ...object, metadata: named("broker", { labels: { "strimzi.io/cluster": "other" } }) };
    expect(await missing({ ...running, [path]: foreign })).toMatch(/has the role broker$/);
    expect(await missing({ ...running, [pods("broker")]: undefined as never })).toBe("pod efd-broker-0 is not there");
    const unplaced = { status: { conditions: [{ type: "PodScheduled", status: "False", message: "no node" }] } };
    expect(await missing({ ...running, [pods("broker")]: unplaced })).toBe("pod efd-broker-0 does not run: no node");
    const starting = { status: { conditions: [{ type: "PodScheduled", status: "True", message: "placed" }] } };
    expect(await missing({ ...running, [pods("broker")]: starting })).toBe("pod efd-broker-0 does not run");
    const unready = { status: { conditions: [{ type: "Ready", status: "False" }] } };
    expect(await missing({ ...running, [pods("broker")]: unready })).toBe("pod efd-broker-0 does not run");
    expect(await missing(running)).toBeUndefined();
  });

  test("a cluster makes its authority's Secret and a Service with the inner listeners", async () => {
    const listeners = [
      { name: "plain", type: "internal" },
      { name: "tls", type: "internal", port: 9093 },
      { name: "external", type: "nodeport", port: 9094 },
    ];
    const place = cluster(running);
    const object = { metadata: named("efd"), spec: { kafka: { version: "4.3.1", listeners } } };
    expect(await judge("kafkas", object, place)).toMatchObject({ status: { kafkaVersion: "4.3.1" } });
    const owned = { ownerReferences: [expect.objectContaining({ name: "efd" })] };
    expect(place.all.get("/api/v1/namespaces/n/secrets/efd-cluster-ca-cert")).toMatchObject({
      metadata: owned,
      data: { "ca.crt": base64("simulated") },
    });
    expect(place.all.get("/api/v1/namespaces/n/services/efd-kafka-bootstrap")).toMatchObject({
      metadata: owned,
      spec: {
        selector: labels,
        ports: [
          { name: "tcp-plain", port: 9092 },
          { name: "tcp-tls", port: 9093 },
        ],
      },
    });
  });

  test("a cluster wants the certificate that a listener was given", async () => {
    const brokerCertChainAndKey = { secretName: "given", certificate: "tls.crt", key: "tls.key" };
    const listeners = [{ name: "plain" }, { name: "external", configuration: { brokerCertChainAndKey } }];
    const object = { metadata: named("efd"), spec: { kafka: { listeners } } };
    const missing = async (data: Record<string, string>) =>
      (await judge("kafkas", object, cluster({ ...running, "/api/v1/namespaces/n/secrets/given": secret(data) })))
        .missing;
    expect(await missing({})).toBe("Secret n/given has no key tls.crt, tls.key");
    expect(await missing({ "tls.crt": "", "tls.key": "" })).toBeUndefined();
  });

  const ready = { [kafkaPath]: { status: READY }, ...both };

  test("a topic fits its brokers", async () => {
    const topic = (spec: object) => ({ metadata: named("t", { labels }), spec });
    const of = (spec: object, objects: Record<string, object> = ready) =>
      judge("kafkatopics", topic(spec), cluster(objects));
    expect((await of({ replicas: 3 })).missing).toBe("3 replicas of a topic do not fit 1 brokers");
    expect((await of({ replicas: 3 }, {})).missing).toBe("Kafka efd is not ready");
    expect(await of({ replicas: 1 })).toEqual({
      status: { topicName: "t", topicId: expect.stringMatching(/^[\w-]{22}$/) as string },
    });
    expect(await of({ topicName: "_schemas" })).toMatchObject({ status: { topicName: "_schemas" } });
  });

  test("a user has its password, which is its own or made up, or a certificate", async () => {
    const user = (authentication: Readonly<Record<string, unknown>>) => ({
      metadata: named("u", { labels }),
      spec: { authentication },
    });
    const reference = { name: "kafka-u", key: "password" };
    const given = user({ type: "scram-sha-512", password: { valueFrom: { secretKeyRef: reference } } });
    const missing = async (object: object, objects: Record<string, object>) =>
      (await judge("kafkausers", object, cluster(objects))).missing;
    expect(await missing(given, {})).toBe("Kafka efd is not ready");
    expect(await missing(given, ready)).toBe("Secret n/kafka-u is not there");
    const path = "/api/v1/namespaces/n/secrets/kafka-u";
    expect(await missing(given, { ...ready, [path]: secret({}) })).toBe("Secret n/kafka-u has no key password");
    const made = async (object: ReturnType<typeof user>) => {
      const place = cluster({ ...ready, [path]: secret({ password: base64("given") }) });
      const isTls = object.spec.authentication["type"] === "tls";
      expect(await judge("kafkausers", object, place)).toEqual({
        status: { username: isTls ? "CN=u" : "u", secret: "u" },
      });
      const { metadata, data } = place.all.get("/api/v1/namespaces/n/secrets/u") ?? {};
      expect(metadata).toMatchObject({ ownerReferences: [{ name: "u" }] });
      return { data, values: place.view.values };
    };
    const jaas = (password: string) => base64(`simulated with password="${password}"`);
    expect(await made(given)).toEqual({
      data: { password: base64("given"), "sasl.jaas.config": jaas("given") },
      values: [],
    });
    const { data, values } = await made(user({ type: "scram-sha-512" }));
    expect(values).toEqual([{ name: "password of u", value: expect.stringMatching(/^[0-9a-f]{48}$/) }]);
    const madeUp = values[0]?.value ?? "";
    expect(data).toEqual({ password: base64(madeUp), "sasl.jaas.config": jaas(madeUp) });
    const simulated = base64("simulated");
    expect(await made(user({ type: "tls" }))).toEqual({
      data: {
        "ca.crt": simulated,
        "user.crt": simulated,
        "user.key": simulated,
        "user.p12": simulated,
        "user.password": simulated,
      },
      values: [],
    });
  });

  test.each(["kafkaconnects", "kafkamirrormaker2s"])("%s want every Secret that they name", async (plural) => {
    const object = { metadata: named("c"), spec: { tls: [{ secretName: "ca", certificate: "ca.crt" }] } };
    const path = "/api/v1/namespaces/n/secrets/ca";
    const missing = async (data: Record<string, string>) =>
      (await judge(plural, object, cluster({ [path]: secret(data) }))).missing;
    expect(await missing({})).toBe("Secret n/ca has no key ca.crt");
    expect(await missing({ "ca.crt": "" })).toBeUndefined();
  });

  test("a connector wants its Connect", async () => {
    const object = { metadata: named("c", { labels: { "strimzi.io/cluster": "connect" } }), spec: {} };
    const path = "/apis/kafka.strimzi.io/v1/namespaces/n/kafkaconnects/connect";
    const missing = async (connect: object | undefined, one: object = object) =>
      (await judge("kafkaconnectors", one, cluster(connect ? { [path]: connect } : {}))).missing;
    const taking = named("connect", { annotations: { "strimzi.io/use-connector-resources": "true" } });
    expect(await missing(undefined, { ...object, metadata: named("c") })).toBe("it has no label strimzi.io/cluster");
    expect(await missing(undefined)).toBe("KafkaConnect connect is not there");
    expect(await missing({ metadata: named("connect"), status: READY })).toBe(
      "KafkaConnect connect takes no connectors",
    );
    expect(await missing({ metadata: taking })).toBe("KafkaConnect connect is not ready");
    expect(await missing({ metadata: taking, status: READY })).toBeUndefined();
  });

  test("Secrets are found wherever a specification names them", () => {
    const spec = { authentication: { passwordSecret: { secretName: "a", password: "p" } }, tls: [{ secretName: "b" }] };
    expect(referencedSecrets(spec)).toEqual([
      { name: "a", keys: ["p"] },
      { name: "b", keys: [] },
    ]);
  });
});
