/** Each mistake is put in, and found; what is right is not. */
import { UserError } from "../../../ground/errors";
import {
  hooksOfInstallsOnly,
  missingSecrets,
  missingServices,
  movingImages,
  unservedKinds,
} from "../../../cli/charts/checks";
import { fullName, imagesIn } from "../../../cli/charts/images";
import { manifests, objectOf, type OwnedObject } from "../../../cli/charts/objects";
import type { Json } from "../../../synthesized/stack";

const object = (kind: string, name: string, rest: Json = {}, apiVersion = "v1", namespace = "n"): OwnedObject => ({
  owner: "owner",
  object: { apiVersion, kind, metadata: { name, namespace }, ...rest },
});
const pod = (container: Json, rest: Json = {}) => object("Pod", "p", { spec: { containers: [container], ...rest } });
const service = object("Service", "web", { spec: { ports: [{ name: "http", port: 80 }] } });
const secret = object("Secret", "login", { stringData: { user: "", password: "" } });

describe("hooks", () => {
  const hook = (events: string) => ({
    ...object("Job", "asks"),
    object: { ...object("Job", "asks").object, metadata: { name: "asks", annotations: { "helm.sh/hook": events } } },
  });

  test.each(["post-install,post-upgrade", "pre-install, pre-upgrade", "post-upgrade", "pre-delete"])(
    "%s is right",
    (events) => {
      expect(hooksOfInstallsOnly([hook(events)]).lines).toEqual([]);
    },
  );

  test.each([
    ["post-install", "post-install,post-upgrade"],
    ["pre-install,post-upgrade", "pre-install,pre-upgrade"],
  ])("%s is never made for an install that was killed", (events, allowed) => {
    expect(hooksOfInstallsOnly([hook(events), service])).toEqual({
      count: 1,
      lines: [expect.stringMatching(new RegExp(`^owner: Job asks is made .*; allowed is helm.sh/hook: ${allowed}$`))],
    });
  });
});

describe("Services", () => {
  const faults = (...all: OwnedObject[]) => missingServices([service, ...all], new Set(["n"])).lines;
  const env = (value: string) => pod({ env: [{ name: "URL", value }] });

  test.each(["http://web.n", "http://web.n:80/path", "web.n:80", "a web.n.svc b", "web.n.svc.cluster.local:80"])(
    "%s is one that is there",
    (text) => {
      const looked = missingServices([service, env(text)], new Set(["n"]));
      expect(looked).toEqual({ count: 1, lines: [] });
    },
  );

  test.each([
    ["http://wep.n:80", /names the Service wep of n, which nobody makes; there are web$/],
    ["web.n:81", /names port 81 of the Service web of n, which has 80, http$/],
  ])("%s is wrong", (text, expected) => {
    expect(faults(env(text))).toEqual([expect.stringMatching(expected)]);
  });

  test.each(["org.web.n.common:80", "https://example.org", "lsst.n", "web.other:80"])(
    "%s names none of ours",
    (text) => {
      expect(missingServices([service, env(text)], new Set(["n"])).count).toBe(0);
    },
  );

  test("a route, a webhook and host and port of a container name one too", () => {
    const backend = (name: string, port: Json) =>
      object("Ingress", "r", { spec: { rules: [{ backend: { service: { name, port } } }] } });
    expect(faults(backend("web", { number: 80 }), backend("web", { name: "http" }))).toEqual([]);
    expect(faults(backend("web", { name: "https" }))).toHaveLength(1);
    expect(
      faults(object("W", "w", { webhooks: [{ clientConfig: { service: { name: "no", namespace: "n" } } }] })),
    ).toHaveLength(1);
    const env = [
      { name: "A_HOST", value: "web" },
      { name: "A_PORT", value: "81" },
    ];
    expect(faults(pod({ env }))).toEqual([expect.stringContaining("port 81")]);
  });

  test.each([
    ["80/0?timeout=30#", []],
    ["80#", []],
    ["81/0?timeout=30#", [expect.stringMatching(/names port 81 of the Service web of n, which has 80, http$/)]],
    ["80x", [expect.stringContaining("names port 80x of")]],
  ])("of a port %s that goes into a URL, the digits are the port", (value, expected) => {
    const env = [
      { name: "A_HOST", value: "web" },
      { name: "A_PORT", value },
    ];
    expect(faults(pod({ env }))).toEqual(expected);
  });

  test("an operator makes those of a Kafka cluster", () => {
    const listeners = [
      { name: "plain", port: 9092, type: "internal" },
      { name: "external", port: 9094, type: "nodeport" },
    ];
    const kafka = object("Kafka", "efd", { spec: { kafka: { listeners } } });
    expect(faults(kafka, env("efd-kafka-bootstrap.n:9092"))).toEqual([]);
    expect(faults(kafka, env("efd-kafka-bootstrap.n:9094"))).toHaveLength(1);
  });
});

describe("Secrets", () => {
  const looked = (...all: OwnedObject[]) => missingSecrets([secret, ...all], "cluster");
  const reads = (name: string, key: string, more: Json = {}) =>
    pod({ env: [{ name: "A", valueFrom: { secretKeyRef: { name, key, ...more } } }] });

  test("a name and a key that are there, and an optional one that is not", () => {
    expect(looked(reads("login", "user")).lines).toEqual([]);
    expect(looked(reads("nowhere", "user", { optional: true })).lines).toEqual([]);
  });

  test.each([
    [reads("logins", "user"), /reads the Secret logins of n, which nobody makes; there are login$/],
    [reads("login", "name"), /reads key name of the Secret login of n, which has password, user$/],
    [pod({ envFrom: [{ secretRef: { name: "no" } }] }), /Secret no of n/],
    [pod({}, { volumes: [{ secret: { secretName: "login", items: [{ key: "crt" }] } }] }), /reads key crt/],
    [object("Middleware", "m", { spec: { basicAuth: { secret: "login" } } }), /reads key username/],
    [object("values of", "r", { spec: { existingSecret: "other" } }), /Secret other of n/],
  ])("%#", (wrong, expected) => {
    expect(looked(wrong).lines).toEqual([expect.stringMatching(expected)]);
  });

  test("what belongs to no namespace reads where its operator looks", () => {
    const spec = { acme: { accessKeyIDSecretRef: { name: "login", key: "user" } } };
    const issuer = {
      owner: "owner",
      object: { apiVersion: "v1", kind: "ClusterIssuer", metadata: { name: "i" }, spec },
    };
    expect(missingSecrets([secret, issuer], "n").lines).toEqual([]);
    expect(missingSecrets([secret, issuer], "cluster").lines).toEqual([expect.stringContaining("login of cluster")]);
  });

  test("external-secrets makes the keys that are listed, generated or written", () => {
    const generator = object("Password", "g", { spec: { secretKeys: ["one"] } });
    const made = object("ExternalSecret", "made", {
      spec: {
        target: { name: "made", template: { mergePolicy: "Merge", data: { two: "2" } } },
        dataFrom: [{ sourceRef: { generatorRef: { kind: "Password", name: "g" } } }],
        data: [{ secretKey: "three" }],
      },
    });
    const all = [generator, made, reads("made", "one"), reads("made", "two"), reads("made", "three")];
    expect(looked(...all).lines).toEqual([]);
    expect(looked(...all, reads("made", "four")).lines).toEqual([expect.stringContaining("which has one, three, two")]);
  });

  test("what is read in another namespace of the cluster must be made there", () => {
    const store = object("ClusterSecretStore", "generated", {
      spec: { provider: { kubernetes: { remoteNamespace: "n" } } },
    });
    const reader = (property: string) =>
      object("ExternalSecret", "copy", {
        spec: {
          secretStoreRef: { name: "generated" },
          data: [{ secretKey: "a", remoteRef: { key: "login", property } }],
        },
      });
    expect(looked(store, reader("user")).lines).toEqual([]);
    expect(looked(store, reader("users")).lines).toEqual([expect.stringContaining("reads key users")]);
  });

  test("cert-manager and Strimzi make theirs", () => {
    const all = [
      object("Certificate", "c", { spec: { secretName: "tls" } }),
      object("KafkaUser", "u", { spec: { authentication: { type: "tls" } } }),
    ];
    expect(looked(...all, reads("tls", "tls.key"), reads("u", "user.crt")).lines).toEqual([]);
    expect(looked(...all, reads("u", "password")).lines).toHaveLength(1);
  });
});

test("a kind must be Kubernetes' own or defined, in a version that is served", () => {
  const definition = object("CustomResourceDefinition", "d", {
    apiVersion: "apiextensions.k8s.io/v1",
    spec: {
      group: "g.io",
      names: { kind: "Thing" },
      versions: [
        { name: "v1", served: true },
        { name: "v1beta1", served: false },
      ],
    },
  });
  const faults = (apiVersion: string, kind: string) =>
    unservedKinds([definition, object(kind, "x", {}, apiVersion)]).lines;
  expect([...faults("g.io/v1", "Thing"), ...faults("apps/v1", "Deployment")]).toEqual([]);
  expect(faults("g.io/v1beta1", "Thing")).toEqual([
    expect.stringMatching(/serves no g\.io\/v1beta1 Thing \(x\); served are g\.io\/v1$/),
  ]);
  expect(faults("policy/v1beta1", "PodSecurityPolicy")).toEqual([expect.stringMatching(/served are none$/)]);
  expect(faults("batch/v1beta1", "CronJob")).toEqual([expect.stringMatching(/served are batch\/v1$/)]);
});

test("images without a fixed tag are found, in pods and in what an operator is told", () => {
  const faults = (image: string) => movingImages([pod({ image })]).lines;
  expect(
    [faults("a:1.2.3"), faults("${var.image}"), faults("a:latest"), faults("a"), faults("a:1.2")].map((x) => x.length),
  ).toEqual([0, 0, 1, 1, 1]);
  const operator = pod({ image: "a:1.0.0", args: ["--solver=quay.io/x/y:latest", "--url=https://example.org/a:1"] });
  expect(movingImages([operator]).lines).toEqual([
    expect.stringContaining("image quay.io/x/y:latest has no fixed tag"),
  ]);
  const several = pod({ env: [{ name: "IMAGES", value: "1=quay.io/x/y:1.0.0\n2=quay.io/x/y:2.0.0" }] });
  expect(imagesIn([several]).map(({ image }) => image)).toEqual(["quay.io/x/y:1.0.0", "quay.io/x/y:2.0.0"]);
});

test.each([
  ["busybox:1.0.0", "docker.io/library/busybox:1.0.0"],
  ["docker.io/traefik:v3.7.11", "docker.io/library/traefik:v3.7.11"],
  ["rancher/k3s:v1.0.0", "docker.io/rancher/k3s:v1.0.0"],
  ["localhost:5000/a:1.0.0", "localhost:5000/a:1.0.0"],
  ["quay.io/a/b:1.0.0", "quay.io/a/b:1.0.0"],
])("%s is %s in full", (image, expected) => {
  expect(fullName(image)).toBe(expected);
});

test("a resource of Terraform is the object that it makes; names that people chose stay as they are", () => {
  const body = {
    metadata: { name: "a", labels: { my_label: "b" } },
    data_wo: { my_key: "c" },
    spec: { secret_name: "$${d}" },
  };
  const made = objectOf({ type: "kubernetes_config_map_v1", id: "x", address: "kubernetes_config_map_v1.x", body });
  expect(made?.object).toEqual({
    apiVersion: "",
    kind: "ConfigMap",
    metadata: { name: "a", labels: { my_label: "b" } },
    dataWo: { my_key: "c" },
    spec: { secretName: "${d}" },
  });
  expect(objectOf({ type: "helm_release", id: "x", address: "x", body })).toBeUndefined();
});

test("what a chart renders is read document by document", () => {
  expect(
    manifests(
      "---\n# Source: a\nkind: A\nmetadata: {name: a}\n---\n\n---\nkind: B\nmetadata: {generateName: b-}\n",
    ).map(({ kind }) => kind),
  ).toEqual(["A", "B"]);
  expect(() => manifests("kind: [")).toThrow(UserError);
  // A file that was left in the folder of the definitions: a chart's own, which Helm would send as it is.
  expect(() => manifests("kind: Kustomization\nresources: []\n")).toThrow(/^a Kustomization without a name/);
});
