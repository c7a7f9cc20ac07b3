import { App, TerraformResource } from "cdktf";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  chartsArePinned,
  HOUSE_RULES,
  imagesArePinned,
  isPinned,
  layersStandAlone,
  namespacesAreSet,
  type StackJson,
  workloadsHaveResources,
  workloadsHaveSecurityContext,
  workloadsSayTheirRights,
} from "../../synthesized/house-rules";
import { BaseStack, type BaseStackProps } from "../../stacks/base/base-stack";

const container = {
  name: "app",
  image: "docker.io/library/busybox:1.37.0",
  resources: { requests: { cpu: "10m", memory: "32Mi" }, limits: { memory: "64Mi" } },
  security_context: {
    allow_privilege_escalation: false,
    capabilities: { drop: ["ALL"] },
    read_only_root_filesystem: true,
  },
};
const pod = {
  automount_service_account_token: false,
  security_context: { run_as_non_root: true, seccomp_profile: { type: "RuntimeDefault" } },
};
const metadata = { name: "app", namespace: "toy" };

/** A Deployment whose container has these changes; `undefined` takes a key away. */
const deployment = (changes: object = {}): StackJson => ({
  resource: {
    kubernetes_deployment_v1: {
      app: { metadata, spec: { template: { spec: { ...pod, container: [{ ...container, ...changes }] } } } },
    },
  },
});

const WORKLOADS = ["deployment", "stateful_set", "daemon_set", "job", "cron_job"].map(
  (kind) => `kubernetes_${kind}_v1`,
);

test("a good stack breaks no rule, nor does an empty one", () => {
  for (const rule of HOUSE_RULES) {
    expect(rule(deployment())).toEqual([]);
    expect(rule({})).toEqual([]);
  }
});

test("all rules are in force", () => {
  expect([...HOUSE_RULES]).toEqual(
    expect.arrayContaining([
      imagesArePinned,
      chartsArePinned,
      namespacesAreSet,
      workloadsHaveResources,
      workloadsHaveSecurityContext,
      workloadsSayTheirRights,
      layersStandAlone,
    ]),
  );
});

describe("imagesArePinned", () => {
  const digest = `sha256:${"a".repeat(64)}`;
  test.each([
    "docker.io/rancher/k3s:v1.36.5-k3s1",
    "busybox:1.37.0",
    "localhost:5000/app:1.0.0",
    `docker.io/library/app@${digest}`,
    `docker.io/library/app:1.0.0@${digest}`,
    "docker.io/lsstts/love-manager-static:c0044",
    "registry.example.org/audio_broadcaster:c0044.007",
    "docker.io/library/postgres:17.9-bookworm",
  ])("%s is pinned", (image) => {
    expect(isPinned(image)).toBe(true);
    expect(imagesArePinned(deployment({ image }))).toEqual([]);
  });

  test.each([
    "busybox",
    "busybox:latest",
    "busybox:latest-2",
    "busybox:stable",
    "localhost:5000/app",
    "docker.io/library/app@sha256:abc",
    "docker.io/library/busybox:",
    // Cycles are pins of LOVE's images only.
    "docker.io/lsstts/scriptqueue:c0044",
    "docker.io/lsstts/love-manager:c44",
    "docker.io/lsstts/love-manager:c0044.7",
    "love-manager:c0044",
  ])("%s is not", (image) => {
    expect(isPinned(image)).toBe(false);
    expect(imagesArePinned(deployment({ image }))).toEqual([
      `kubernetes_deployment_v1.app: got image ${image}. Allowed: an exact version or a digest. Name one.`,
    ]);
  });

  test.each(["busybox:1", "telegraf:1.39-alpine", "telegraf:1.39", "library/postgres:17"])(
    "%s is not: it moves",
    (image) => {
      expect(isPinned(image)).toBe(false);
    },
  );

  test("looks at containers that begin before, and at Docker's images and containers", () => {
    const stack = (type: string, body: Record<string, unknown>): StackJson => ({ resource: { [type]: { one: body } } });
    expect(
      imagesArePinned(
        stack("kubernetes_job_v1", {
          spec: { init_container: [{ ...container, image: "busybox" }], container: [container] },
        }),
      ),
    ).toHaveLength(1);
    expect(imagesArePinned(stack("docker_image", { name: "k3s:latest" }))).toHaveLength(1);
    expect(imagesArePinned(stack("docker_container", { image: "k3s" }))).toHaveLength(1);
    // A reference leads to a docker_image, which is looked at itself.
    expect(imagesArePinned(stack("docker_container", { image: "${docker_image.k3s.name}" }))).toEqual([]);
  });
});

describe("chartsArePinned", () => {
  const release = (version?: string): StackJson => ({
    resource: {
      helm_release: { app: { name: "app", namespace: "toy", ...(version === undefined ? {} : { version }) } },
    },
  });

  test.each(["1.2.0", "v1.21.1"])("%s is exact", (version) => {
    expect(chartsArePinned(release(version))).toEqual([]);
  });

  test.each([undefined, "", "latest", "1.3", "~1.2.0", ">= 1.0.0", "1.x.0", "1.2.0 "])("%p is not", (version) => {
    expect(chartsArePinned(release(version))).toEqual([
      expect.stringContaining("helm_release.app: got a chart without exact"),
    ]);
  });
});

describe("namespacesAreSet", () => {
  const one = (type: string, body: Record<string, unknown>): StackJson => ({ resource: { [type]: { app: body } } });

  test.each([
    ["a release", "helm_release", { name: "app" }],
    ["a release with an empty one", "helm_release", { name: "app", namespace: "" }],
    ["an object", "kubernetes_config_map_v1", { metadata: { name: "app" } }],
    ["an object with a list of metadata", "kubernetes_config_map_v1", { metadata: [{ name: "app" }] }],
    ["an object without metadata", "kubernetes_secret_v1", {}],
  ])("finds %s without namespace", (_what, type, body) => {
    expect(namespacesAreSet(one(type, body))).toEqual([
      `${type}.app: got no namespace. Allowed: one of ground/namespaces.ts. Set it.`,
    ]);
  });

  test.each([
    ["helm_release", { name: "app", namespace: "toy" }],
    ["kubernetes_config_map_v1", { metadata }],
    ["kubernetes_config_map_v1", { metadata: [metadata] }],
    ["kubernetes_namespace_v1", { metadata: { name: "app" } }],
    ["kubernetes_storage_class_v1", { metadata: { name: "app" } }],
    ["kubernetes_cluster_role_v1", { metadata: { name: "app" } }],
    ["kubernetes_cluster_role_binding_v1", { metadata: { name: "app" } }],
    ["random_password", { length: 32 }],
  ])("%s is fine", (type, body) => {
    expect(namespacesAreSet(one(type, body))).toEqual([]);
  });
});

describe.each(WORKLOADS)("%s", (type) => {
  const workload = (changes: object): StackJson => ({
    resource: {
      [type]: {
        app: {
          metadata,
          spec: { job_template: { spec: { ...pod, container: [container, { ...container, ...changes }] } } },
        },
      },
    },
  });

  test.each([
    ["nothing", undefined],
    ["no requests", { limits: { memory: "64Mi" } }],
    ["no CPU", { requests: { memory: "32Mi" }, limits: { memory: "64Mi" } }],
    ["no memory", { requests: { cpu: "10m" }, limits: { memory: "64Mi" } }],
    ["no limit", { requests: { cpu: "10m", memory: "32Mi" } }],
    ["a limit of CPU only", { requests: { cpu: "10m", memory: "32Mi" }, limits: { cpu: "1" } }],
  ])("is found when a container has %s", (_what, resources) => {
    expect(workloadsHaveResources(workload({ name: "bad", resources }))).toEqual([
      `${type}.app: got container bad without all resources. Allowed: requests of CPU and memory, and a limit of memory. Set all three.`,
    ]);
  });

  test.each([
    ["no context", undefined],
    ["an empty one", {}],
    ["escalation", { allow_privilege_escalation: true }],
  ])("is found when a container has %s", (_what, security_context) => {
    expect(workloadsHaveSecurityContext(workload({ name: "bad", security_context }))).toEqual([
      `${type}.app: got container bad, which may escalate its privileges. Allowed: a security context that forbids it. Set one.`,
    ]);
  });

  test("is fine when all have both", () => {
    expect(workloadsHaveResources(workload({}))).toEqual([]);
    expect(workloadsHaveSecurityContext(workload({}))).toEqual([]);
    expect(workloadsSayTheirRights(workload({}))).toEqual([]);
  });

  const said = (context: object) => ({ security_context: { ...container.security_context, ...context } });
  const lacks = (what: string) => [
    `${type}.app: got container app without a word on its rights. Allowed: ${what}. Say it, or use restrictedTemplate.`,
  ];
  test.each([
    [{ capabilities: { drop: ["NET_RAW"] } }, "capabilities dropped: ALL"],
    [{ capabilities: undefined }, "capabilities dropped: ALL"],
    [{ read_only_root_filesystem: undefined }, "read_only_root_filesystem"],
  ])("is found when a container says %j", (context, what) => {
    expect(workloadsSayTheirRights(workload(said(context)))).toEqual(lacks(what));
  });

  const podWith = (changes: object): StackJson => ({
    resource: { [type]: { app: { metadata, spec: { template: { spec: { ...pod, container, ...changes } } } } } },
  });
  test.each([
    [{ security_context: { seccomp_profile: { type: "RuntimeDefault" } } }, "run_as_non_root"],
    [{ security_context: { run_as_non_root: true } }, "seccomp_profile RuntimeDefault"],
    [
      { security_context: { run_as_non_root: true, seccomp_profile: { type: "Unconfined" } } },
      "seccomp_profile RuntimeDefault",
    ],
    [{ automount_service_account_token: undefined }, "automount_service_account_token, true only with an account"],
    [{ automount_service_account_token: true }, "automount_service_account_token, true only with an account"],
  ])("is found when its pod says %j", (changes, what) => {
    expect(workloadsSayTheirRights(podWith(changes))).toEqual(lacks(what));
  });

  test("may hold more where it says so", () => {
    const more = said({
      read_only_root_filesystem: false,
      run_as_non_root: false,
      capabilities: { drop: ["ALL"], add: ["CHOWN"] },
    });
    expect(workloadsSayTheirRights(workload(more))).toEqual([]);
    expect(
      workloadsSayTheirRights(podWith({ automount_service_account_token: true, service_account_name: "one" })),
    ).toEqual([]);
  });
});

describe("layersStandAlone", () => {
  const stack = (body: Record<string, unknown>): StackJson => ({
    resource: { random_password: { own: { length: 8 } }, helm_release: { app: { version: "1.0.0", ...body } } },
  });

  test.each([
    { depends_on: ["random_password.own", "data.kubernetes_secret_v1.given", "ephemeral.kubernetes_secret_v1.given"] },
    { values: ["${random_password.own.result}", "${base64encode(random_password.own.result)}"] },
    { values: ["${data.kubernetes_secret_v1.given.data}", "${var.server_address}", "${path.module}/a_b.c"] },
    { values: ["$${random_password.other.result} is for another program", "random_password.other is a text"] },
  ])("takes %j", (body) => {
    expect(layersStandAlone(stack(body))).toEqual([]);
  });

  test.each([
    { depends_on: ["random_password.other"] },
    { values: [{ deep: "a ${random_password.other.result} b" }] },
    { values: ["${base64encode(random_password.other.result)}"] },
  ])("refuses %j", (body) => {
    expect(layersStandAlone(stack(body))).toEqual([
      "helm_release.app: got a reference to random_password.other. Allowed: resources of the same stack. Pass a value.",
    ]);
  });

  test("a value of another layer stops the synthesis", () => {
    class Layer extends BaseStack {
      constructor(app: App, layer: BaseStackProps["layer"]) {
        super(app, { site: "toy", layer, backend: { kind: "local" }, allowDestroy: true, allowDestroyOf: [] });
      }
    }
    const app = new App({ outdir: mkdtempSync(join(tmpdir(), "efd-layers-")) });
    const type = { terraformResourceType: "random_password" };
    const below = new TerraformResource(new Layer(app, "cluster"), "below", type);
    const above = new TerraformResource(new Layer(app, "platform"), "above", type);
    above.addOverride("length", below.getNumberAttribute("length"));
    try {
      expect(() => app.synth()).toThrow(
        "[toy-platform] random_password.above: got a reference to random_password.below",
      );
    } finally {
      rmSync(app.outdir, { recursive: true });
    }
  });
});
