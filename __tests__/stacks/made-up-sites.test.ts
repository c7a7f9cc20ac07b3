/** Whatever site the parser takes: what the rules promise is true of the stacks that come of it. */
import fc from "fast-check";
import { inside, type Json, releaseValues, type StackView } from "../../synthesized/stack";
import { SITES } from "../../environments";
import { hostsOf } from "../../environments/derived/hosts";
import { parseEnvironment } from "../../environments/parse";
import { K3S_OWN } from "../../environments/systems/cluster/nodes";
import { podsOf } from "../../environments/derived/capacity";
import type { Environment, EnvironmentInput } from "../../environments/schema";
import { local } from "../../environments/sites/local";
import { bytes, cores, isHostName } from "../../ground/units";
import { mistakesOf, siteWith } from "../support/environment";
import { tstn046Site } from "../support/love/tstn046";
import { allStacks, stacksOf } from "../support/sites";

interface Sum {
  cpu: number;
  memory: number;
}

const add = (sums: readonly Sum[]): Sum =>
  sums.reduce((a, b) => ({ cpu: a.cpu + b.cpu, memory: a.memory + b.memory }), { cpu: 0, memory: 0 });

/** Requests anywhere below a value, each as often as the nearest `replicas` above says. */
function requestsBelow(value: unknown, times = 1): Sum[] {
  if (!value || typeof value !== "object") return [];
  const { requests, replicas, ...rest } = value as Json;
  const own = requests as { cpu?: string; memory?: string } | undefined;
  const each = typeof replicas === "number" || typeof replicas === "string" ? times * Number(replicas) : times;
  return [
    ...(own?.cpu && own.memory ? [{ cpu: times * cores(own.cpu), memory: times * bytes(own.memory) }] : []),
    ...Object.entries(rest)
      // Ends by itself, as Jobs do.
      .filter(([key]) => !["startupapicheck", "init_container"].includes(key))
      .flatMap(([, inner]) => requestsBelow(inner, each)),
  ];
}

/** Pods that an autoscaler may start of a Deployment; 1 where there is none, for then the Deployment says how many. */
function mostPods(stack: StackView, deployment: Json): number {
  const name = inside(deployment, "metadata", "name");
  const autoscaler = stack
    .resources("kubernetes_horizontal_pod_autoscaler_v2")
    .find(({ body }) => inside(body, "spec", "scale_target_ref", "name") === name);
  return Number(inside(autoscaler?.body, "spec", "max_replicas") ?? 1);
}

/**
 * What LOVE's schedules request, which its system counts; those of one image come one after the other. Not what looks for
 * programs to restart: it is no part of LOVE, the EFD's layer has the same, and neither is counted.
 */
function scheduled(stack: StackView): Sum[] {
  const byImage = new Map(
    stack
      .resources("kubernetes_cron_job_v1")
      .filter(({ body }) => inside(body, "metadata", "name") !== "rollouts")
      .map(({ body }) => [JSON.stringify(body).match(/(?<="image":")[^"]+/)?.[0], requestsBelow(body)]),
  );
  return [...byImage.values()].flat();
}

/** What all that runs all the time requests, read from the stacks. */
function requested(stacks: readonly StackView[], site: Environment): Sum {
  const nodes = site.cluster.kind === "gke" ? site.cluster.nodes : 1;
  return add(
    stacks.flatMap((stack) => [
      ...stack.resources("helm_release").flatMap(({ body }) => requestsBelow(releaseValues(body))),
      ...stack.resources("kubernetes_deployment_v1").flatMap(({ body }) => requestsBelow(body, mostPods(stack, body))),
      ...stack.resources("kubernetes_daemon_set_v1").flatMap(({ body }) => requestsBelow(body, nodes)),
      ...(stack.layer === "love" ? scheduled(stack) : []),
    ]),
  );
}

function expectPromises(site: Environment, stacks: readonly StackView[]): void {
  const { cpu, memory } = add([
    requested(stacks, site),
    ...(site.cluster.kind === "k3s" ? K3S_OWN.map((own) => ({ cpu: cores(own.cpu), memory: bytes(own.memory) })) : []),
  ]);
  const pods = add(podsOf(site));
  expect([site.name, cpu, memory]).toEqual([site.name, expect.closeTo(pods.cpu, 6), pods.memory]);
  const { capacity } = site.cluster;
  if (capacity?.cpu) expect(cpu).toBeLessThanOrEqual(cores(capacity.cpu));
  if (capacity?.memory) expect(memory).toBeLessThanOrEqual(bytes(capacity.memory));

  const efd = stacks.find(({ layer }) => layer === "efd");
  const objects = (kind: string) => efd?.customResources(kind) ?? [];
  const ids = objects("KafkaNodePool").flatMap(
    ({ metadata }) => JSON.parse(metadata.annotations?.["strimzi.io/next-node-ids"] ?? "[]") as number[],
  );
  expect(new Set(ids).size).toBe(ids.length);
  const brokers = Number(
    objects("KafkaNodePool").find(({ metadata }) => metadata.name === "broker")?.spec?.["replicas"],
  );
  const config = inside(objects("Kafka")[0]?.spec, "kafka", "config") as Json;
  expect(config["default.replication.factor"]).toBeLessThanOrEqual(brokers);
  expect(config["min.insync.replicas"]).toBeLessThanOrEqual(Number(config["default.replication.factor"]));
  for (const { spec } of objects("KafkaTopic")) expect(spec?.["replicas"]).toBeLessThanOrEqual(brokers);

  const ports = JSON.stringify(objects("Kafka")).match(/(?<="nodePort":)\d+/g) ?? [];
  expect(new Set(ports).size).toBe(ports.length);
  for (const port of ports.map(Number)) expect(port >= 30000 && port <= 32767).toBe(true);

  const volumes =
    objects("KafkaNodePool").reduce((sum, { spec }) => {
      const [volume] = inside(spec, "storage", "volumes") as { size: string }[];
      return sum + Number(spec?.["replicas"]) * bytes(volume?.size ?? "");
    }, 0) +
    (efd?.resources("kubernetes_persistent_volume_claim_v1") ?? []).reduce(
      (sum, { body }) => sum + bytes(String(inside(body, "spec", "resources", "requests", "storage"))),
      0,
    );
  if (capacity?.disk) expect(volumes).toBeLessThanOrEqual(bytes(capacity.disk));

  const outputs = stacks.flatMap(({ json }) => Object.entries(json.output ?? {}));
  const hosts = outputs.filter(([name]) => /_host$|^kafka_/.test(name));
  const names = hosts.flatMap(([, output]) => output["value"]).map((name) => String(name).replace(/:\d+$/, ""));
  expect(names.toSorted()).toEqual(hostsOf(site).toSorted());
  for (const name of names) expect(isHostName(name)).toBe(true);
}

test.each(SITES.map((site) => [site.name, site] as const))("%s keeps what the rules promise", (name, input) => {
  expectPromises(
    parseEnvironment(input),
    allStacks().filter(({ site }) => site === name),
  );
});

test.each<[string, EnvironmentInput]>([
  ["with LOVE by TSTN-046", tstn046Site],
  ["of one's own machine with its LOVE", { ...local, love: { ...local.love!, enabled: true } }],
])("a site %s keeps what the rules promise", (_name, input) => {
  expectPromises(parseEnvironment(input), stacksOf(input));
});

const made = fc
  .record({
    brokers: fc.uniqueArray(fc.integer({ min: 0, max: 12 }), { minLength: 1, maxLength: 5 }),
    firstPort: fc.integer({ min: 30000, max: 32767 }),
    bootstrap: fc.integer({ min: 30000, max: 32767 }),
    controllers: fc.uniqueArray(fc.integer({ min: 0, max: 12 }), { minLength: 1, maxLength: 5 }),
    replication: fc.integer({ min: 1, max: 4 }),
    inSync: fc.integer({ min: 1, max: 3 }),
    disk: fc.constantFrom("2Gi", "15Gi", "1Ti"),
    capacity: fc.option(
      fc.record({
        cpu: fc.constantFrom("4", "16", "64"),
        memory: fc.constantFrom("16Gi", "64Gi"),
        disk: fc.constantFrom("64Gi", "9Ti"),
      }),
      { nil: undefined },
    ),
    agents: fc.subarray(["kube-0", "kube-1"]),
    registry: fc.integer({ min: 1, max: 4 }),
    consumers: fc.integer({ min: 1, max: 4 }),
    pattern: fc.constantFrom(
      "{app}-{site}-efd.{domain}",
      "{app}.{site}.{domain}",
      "lsst-{app}.{domain}",
      "{app}_{site}.{domain}",
    ),
    topics: fc.subarray(["a.b", "a_b", "c"]),
  })
  .map((one) =>
    siteWith({
      "kafka.brokers": one.brokers.map((id, i) => ({ id, nodePort: one.firstPort + i })),
      "kafka.access": { kind: "nodeport", bootstrapNodePort: one.bootstrap },
      "kafka.controllerIds": one.controllers,
      "kafka.replication": one.replication,
      "kafka.minInSyncReplicas": one.inSync,
      "kafka.brokerDisk": one.disk,
      "kafka.topics": one.topics.map((name) => ({ name })),
      "cluster.capacity": one.capacity,
      "cluster.agents": one.agents.map((name) => ({ name })),
      "registry.replicas": one.registry,
      "telegraf.consumers": Array.from({ length: one.consumers }, (_, i) => ({ name: `c${i}`, topics: [`c.${i}.*`] })),
      hostPattern: one.pattern,
    }),
  );

test("a made-up site that the parser takes keeps what the rules promise", () => {
  let taken = 0;
  fc.assert(
    fc.property(
      made.filter((site) => mistakesOf(site).length === 0),
      (site) => {
        expectPromises(parseEnvironment(site), stacksOf(site));
        taken++;
      },
    ),
    { numRuns: 4 },
  );
  expect(taken).toBeGreaterThanOrEqual(4);
}, 180_000);
