import { Producers } from "../../../constructs/love/producers/producers";
import type { LoveSpec } from "../../../environments/systems/love/schema";
import { blocks, inside, type Json } from "../../../synthesized/stack";
import { at, built, references } from "../support";
import { loveSpecOf, named, partOf, secretsOf, valuesOf } from "./support";

const viewOf = (spec: LoveSpec) => built((stack) => void new Producers(stack, "producers", partOf(spec)));
const SUMMIT = loveSpecOf("summit");
const TUCSON = loveSpecOf("tucson");
const views = { summit: viewOf(SUMMIT), tucson: viewOf(TUCSON) };
type Site = keyof typeof views;

const deployments = (site: Site) => views[site].resources("kubernetes_deployment_v1").map(({ body }) => body);
const containerOf = (deployment: Json) => at(deployment, "spec.template.spec.container.0") as Json;
const producer = (site: Site, name: string) =>
  containerOf(named(views[site], "kubernetes_deployment_v1", `love-producer-${name}`));
const commandLine = (container: Json) => valuesOf(container)["LOVE_CSC_PRODUCER"] ?? "";
const routeOf = (container: Json) =>
  /^love-nginx-service\/love\/manager\/([a-z0-9-]+)\/ws\/subscription$/.exec(
    valuesOf(container)["WEBSOCKET_HOST"] ?? "",
  )?.[1];

test("LOVE-C12: 127 at the Summit, 111 in Tucson, and nothing else", () => {
  expect(deployments("summit")).toHaveLength(127);
  expect(deployments("tucson")).toHaveLength(111);
  for (const view of Object.values(views))
    expect(blocks(view.json.resource).every(({ type }) => type === "kubernetes_deployment_v1")).toBe(true);
});

test.each(["summit", "tucson"] as const)("LOVE-C13: each of %s is one pod that knows its CSC and its route", (site) => {
  for (const deployment of deployments(site)) {
    expect(at(deployment, "spec.replicas")).toBe("1");
    const container = containerOf(deployment);
    expect(at(deployment, "metadata.name")).toBe(`love-producer-${String(container["name"])}`);
    expect(commandLine(container)).toMatch(/^[A-Za-z0-9]+:\d+( --\S.*)?$/);
    expect(routeOf(container)).toBeDefined();
  }
});

test("LOVE-C13: what a producer takes stands behind its level, in the order of love.md", () => {
  expect(commandLine(producer("tucson", "mtm1m3-telemetry-02"))).toBe(
    "MTM1M3:0 --log-level 10 --periodic-data tel_appliedForces",
  );
  const events = commandLine(producer("summit", "mtm1m3")).split(" ");
  expect(events.slice(0, 3)).toEqual(["MTM1M3:0", "--asynchronous-data", "evt_heartbeat"]);
  expect(events).toHaveLength(2 + 10);
  expect(commandLine(producer("summit", "ataos"))).toBe("ATAOS:0");
});

test.each(["summit", "tucson"] as const)("LOVE-C18: each script queue of %s has a set of its own", (site) => {
  const routes = deployments(site)
    .map(containerOf)
    .filter((one) => commandLine(one).startsWith("ScriptQueue:"))
    .map((one) => [commandLine(one).split(" ")[0], routeOf(one)]);
  expect(Object.fromEntries(routes)).toEqual({
    "ScriptQueue:1": "mtqueue",
    "ScriptQueue:2": "atqueue",
    "ScriptQueue:3": "ocsqueue",
  });
});

test("LOVE-C18: under tstn046 all three share one, and MTM1M3 has its own", () => {
  const one = viewOf({ ...SUMMIT, profile: "tstn046" });
  const routes = one.resources("kubernetes_deployment_v1").map(({ body }) => {
    const container = containerOf(body);
    return [commandLine(container).split(":")[0], routeOf(container)] as const;
  });
  for (const [csc, route] of routes)
    expect([csc, route]).toEqual([csc, csc === "ScriptQueue" ? "queue" : csc === "MTM1M3" ? "m1m3" : "producers"]);
});

test("LOVE-C19: MTM2 and MTMount go through the general set at the Summit, through mtcs in Tucson", () => {
  for (const name of ["mtm2-event", "mtm2-telemetry", "mtmount-event", "mtmount-telemetry"]) {
    expect(routeOf(producer("summit", name))).toBe("producers");
    expect(routeOf(producer("tucson", name))).toBe("mtcs");
  }
});

test("LOVE-C20: 101 of Tucson's say everything, four of the Summit's", () => {
  const debugging = (site: Site) =>
    deployments(site).filter((one) => / --log-level 10( |$)/.test(commandLine(containerOf(one)))).length;
  expect(debugging("tucson")).toBe(101);
  expect(debugging("summit")).toBe(4);
});

test("LOVE-C21: some get more than the others", () => {
  const resources = (name: string) => at(producer("summit", name), "resources");
  expect(resources("mtm1m3-telemetry-01")).toEqual({
    requests: { cpu: "250m", memory: "200Mi" },
    limits: { cpu: "1", memory: "600Mi" },
  });
  for (const name of ["mtmount-telemetry", "mtm2-telemetry"])
    expect(resources(name)).toMatchObject({ requests: { cpu: "400m", memory: "200Mi" } });
  expect(resources("ataos")).toEqual({
    requests: { cpu: "10m", memory: "150Mi" },
    limits: { cpu: "100m", memory: "300Mi" },
  });
});

test("LOVE-C22: the CSC LOVE has a producer in Tucson only", () => {
  const names = (site: Site) => deployments(site).map((one) => inside(one, "metadata", "name"));
  expect(names("tucson")).toContain("love-producer-love");
  expect(names("summit")).not.toContain("love-producer-love");
});

test.each(["summit", "tucson"] as const)("LOVE-C23: those of %s log in to Kafka as SAL's programs do", (site) => {
  for (const deployment of deployments(site)) {
    const container = containerOf(deployment);
    expect(container["env_from"]).toEqual([{ config_map_ref: { name: "csc-env-config" } }]);
    expect(secretsOf(container)).toEqual({
      PROCESS_CONNECTION_PASS: "love/process-connection-pass",
      LSST_KAFKA_SECURITY_PASSWORD: "love/ts-salkafka-password",
    });
  }
});

test("LOVE-C52: they keep away from others' nodes at the Summit, not in Tucson", () => {
  const affinity = (site: Site) =>
    deployments(site).map((one) =>
      at(one, "spec.template.spec.affinity.pod_anti_affinity.preferred_during_scheduling_ignored_during_execution.0"),
    );
  expect(new Set(affinity("summit").map((one) => JSON.stringify(one)))).toEqual(
    new Set([
      JSON.stringify({
        pod_affinity_term: {
          label_selector: [{ match_expressions: [{ key: "pod-template-hash", operator: "Exists" }] }],
          topology_key: "kubernetes.io/hostname",
        },
        weight: 100,
      }),
    ]),
  );
  expect(affinity("tucson").every((one) => one === undefined)).toBe(true);
});

test("LOVE-C53: images have the tag of their cycle", () => {
  expect(producer("summit", "ataos")["image"]).toBe("ts-dockerhub.lsst.org/love-producer:c0044.003");
  expect(producer("tucson", "ataos")["image"]).toBe("ts-dockerhub.lsst.org/love-producer:c0044");
});

test("LOVE-C54: they name the account of the images' registry, where it wants one", () => {
  for (const site of ["summit", "tucson"] as const)
    for (const deployment of deployments(site))
      expect(at(deployment, "spec.template.spec.image_pull_secrets")).toEqual([{ name: "pull-secret" }]);
  const local = viewOf(loveSpecOf("local")).resources("kubernetes_deployment_v1");
  expect(local.map(({ body }) => at(body, "spec.template.spec.image_pull_secrets"))).toEqual([
    undefined,
    undefined,
    undefined,
    undefined,
  ]);
});

test("LOVE-C59: nothing of the middleware before Kafka", () => {
  expect(views.summit.text + views.tucson.text).not.toMatch(/LSST_DDS_|OSPL_|MYS3_|AUTHLIST_/);
});

test("they run as the user who owns the images' home folder, never as root", () => {
  for (const deployment of deployments("summit"))
    expect(at(deployment, "spec.template.spec.security_context")).toMatchObject({
      run_as_user: "73006",
      run_as_non_root: true,
    });
});

test("one that is replaced, whose shell waits to be killed, does not bring messages twice for long", () => {
  for (const deployment of deployments("summit"))
    expect(at(deployment, "spec.template.spec.termination_grace_period_seconds")).toBe(5);
});

test("one more producer is one more resource, and changes no other", () => {
  const [first] = SUMMIT.producers;
  if (!first) throw new Error("no producer");
  const more = viewOf({ ...SUMMIT, producers: [...SUMMIT.producers, { ...first, name: "new", csc: "Test:7" }] });
  const before = new Map(
    blocks(views.summit.json.resource).map(({ address, body }) => [address, JSON.stringify(body)]),
  );
  const changed = blocks(more.json.resource).filter(
    ({ address, body }) => before.get(address) !== JSON.stringify(body),
  );
  expect(changed.map(({ body }) => inside(body, "metadata", "name"))).toEqual(["love-producer-new"]);
  expect([...references(more).values()].flat()).toEqual([]);
});

test("a long name is cut without two becoming one", () => {
  const [first] = SUMMIT.producers;
  if (!first) throw new Error("no producer");
  const long = "a".repeat(52);
  const one = viewOf({
    ...SUMMIT,
    producers: [
      { ...first, name: `${long}b` },
      { ...first, name: `${long}c`, csc: "Test:7" },
    ],
  });
  const found = one.resources("kubernetes_deployment_v1").map(({ body }) => body);
  const names = found.map((body) => String(inside(body, "metadata", "name")));
  expect(new Set(names).size).toBe(2);
  for (const name of names) expect(name.length).toBeLessThanOrEqual(63);
  for (const body of found)
    expect(at(body, "spec.selector.match_labels")).toEqual({
      "app.kubernetes.io/name": "love-producer",
      "app.kubernetes.io/instance": inside(body, "metadata", "name"),
    });
});
