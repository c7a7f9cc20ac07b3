/** What a review says of LOVE where no recorded case shows it: at the Summit's size, and in what schedules do. */
import { RESTARTABLE } from "../../constructs/kubernetes/objects";
import { review } from "../../review/build";
import type { Finding, Review } from "../../review/model/model";
import { isOwnNoise } from "../../review/model/noise";
import type { Plan, ResourceChange } from "../../review/read/plan";
import { compareStacks, stackGone } from "../../review/read/revisions";
import { stack } from "../support/sites";

interface Deployment {
  metadata: { name: string };
  spec: {
    replicas?: string;
    template: { spec: { container: { env: { name: string; value?: string }[]; image: string }[] } };
  };
}

interface Editable {
  resource: {
    kubernetes_deployment_v1: Record<string, Deployment>;
    kubernetes_cron_job_v1: Record<string, { metadata: { name: string }; spec: { schedule: string } }>;
    kubernetes_horizontal_pod_autoscaler_v2: Record<string, { spec: { min_replicas: number } }>;
    kubernetes_config_map_v1: Record<string, { metadata: { name: string }; data: Record<string, string> }>;
  };
}

const SUMMIT = JSON.stringify(stack("summit", "love").json);
const summit = () => JSON.parse(SUMMIT) as Editable;

function reviewed(plan: Plan, kind: "base" | "drift" = "base"): Review {
  return review({
    site: "summit",
    title: "operations",
    comparison: kind === "base" ? { kind, base: "main" } : { kind },
    allowDestroys: [],
    layers: [{ layer: "love", stack: "summit-love", plan }],
  });
}

/** What is said of a change of the Summit's LOVE. */
function said(change: (stack: Editable) => void): readonly Finding[] {
  const head = summit();
  change(head);
  return reviewed(compareStacks(summit() as object, head as object)).findings;
}

const words = (findings: readonly Finding[]) => findings.map(({ risk, what }) => [risk, what]);

const deployments = ({ resource }: Editable): Deployment[] => Object.values(resource.kubernetes_deployment_v1);
const isProducer = ({ metadata }: Deployment): boolean => metadata.name.startsWith("love-producer-");

function drop<T extends { metadata: { name: string } }>(all: Record<string, T>, name: string): void {
  for (const [id, { metadata }] of Object.entries(all)) if (metadata.name === name) delete all[id];
}

function setVariable(one: Deployment | undefined, name: string, value: string): void {
  for (const variable of one?.spec.template.spec.container[0]?.env ?? [])
    if (variable.name === name) variable.value = value;
}

test("one producer that goes is one finding", () => {
  expect(words(said(({ resource }) => drop(resource.kubernetes_deployment_v1, "love-producer-ataos")))).toEqual([
    ["interrupts", "the producer ataos (ATAOS:0) is deleted, and views lose what it brings"],
  ]);
});

test("all producers that go are one finding, which has the address of each", () => {
  const found = said(({ resource }) => {
    for (const [id, one] of Object.entries(resource.kubernetes_deployment_v1))
      if (isProducer(one)) delete resource.kubernetes_deployment_v1[id];
  });
  expect(found.map(({ rule, more }) => [rule, more?.length])).toEqual([["love-producer", 126]]);
});

test("a new cycle at the Summit is few findings", () => {
  const found = said((all) => {
    const text = JSON.stringify(all).replaceAll(/:c0044(\.\d+)?"/g, ':c0045"');
    Object.assign(all, JSON.parse(text));
  });
  expect(found.length).toBeLessThan(20);
  expect(words(found)).toContainEqual([
    "restarts",
    expect.stringMatching(/goes from c0044\.003 to c0045; the same for \d+ more/),
  ]);
});

test("a producer whose topics another one takes over loses nothing", () => {
  const found = said((all) => {
    const [from, to] = ["mtm1m3-telemetry-02", "mtm1m3-telemetry-01"].map((name) =>
      deployments(all).find(({ metadata }) => metadata.name === `love-producer-${name}`),
    );
    const all01 = to?.spec.template.spec.container[0]?.env.find(({ name }) => name === "LOVE_CSC_PRODUCER")?.value;
    setVariable(to, "LOVE_CSC_PRODUCER", `${all01} tel_appliedForces`);
    drop(all.resource.kubernetes_deployment_v1, from?.metadata.name ?? "");
  });
  expect(words(found)).toEqual([
    ["restarts", "the producer mtm1m3-telemetry-01 restarts"],
    ["restarts", "the producer mtm1m3-telemetry-02 (MTM1M3:0) is deleted, and another brings the same"],
  ]);
});

test("a log level of a producer is no topic", () => {
  const found = said((all) => {
    const ataos = deployments(all).find(({ metadata }) => metadata.name === "love-producer-ataos");
    setVariable(ataos, "LOVE_CSC_PRODUCER", "ATAOS:0 --log-level 10");
  });
  expect(words(found)).toEqual([["restarts", "the producer ataos restarts"]]);
});

test.each([
  ["LOVE_CSC_PRODUCER", "ATAOS", "names no CSC and index"],
  ["WEBSOCKET_HOST", "love-nginx-service/elsewhere", "names no route"],
])("a producer whose %s is %s could not be judged", (variable, value, why) => {
  const found = said((all) => {
    const ataos = deployments(all).find(({ metadata }) => metadata.name === "love-producer-ataos");
    setVariable(ataos, variable, value);
  });
  expect(words(found)).toContainEqual([
    "interrupts",
    expect.stringContaining(`could not be judged: ${variable} ${why}`),
  ]);
});

test("a set that goes names the CSCs that are lost; with another route for its producers, it only restarts them", () => {
  const without = (all: Editable) => drop(all.resource.kubernetes_deployment_v1, "love-manager-producer-m1m3");
  expect(said(without).map(({ rule, risk, why }) => [rule, risk, why])).toEqual([
    ["love-set", "interrupts", expect.stringMatching(/views lose MTM1M3:0$/)],
  ]);
  const moved = said((all) => {
    without(all);
    for (const one of deployments(all).filter(isProducer)) {
      const [container] = one.spec.template.spec.container;
      const host = container?.env.find(({ name }) => name === "WEBSOCKET_HOST");
      if (host) host.value = host.value?.replace("/m1m3/", "/producers/") ?? "";
    }
  });
  expect(new Set(moved.map(({ risk }) => risk))).toEqual(new Set(["restarts"]));
});

test.each([
  ["love-manager-view-backup", "changes access", "copies LOVE's views"],
  ["love-manager-redis-cleanup", "interrupts", "removes what nobody uses"],
  ["love-manager-frontend-night", "interrupts", "before a night"],
  ["love-manager-frontend-day", "harmless", "after a night"],
  ["love-manager-frontend-recycle", "harmless", "outside of observing"],
  ["love-manager-setup", "changes access", "passwords"],
])("the schedule %s that goes is %s, and says what it was for", (name, risk, purpose) => {
  expect(Object.values(summit().resource.kubernetes_cron_job_v1).map(({ metadata }) => metadata.name)).toContain(name);
  expect(words(said(({ resource }) => drop(resource.kubernetes_cron_job_v1, name)))).toEqual([
    [risk, expect.stringContaining(purpose)],
  ]);
});

test.each([
  ["love-manager-frontend-recycle", "interrupts"],
  ["love-manager-view-backup", "harmless"],
])("another hour of %s is %s", (name, risk) => {
  const found = said(({ resource }) => {
    for (const { metadata, spec } of Object.values(resource.kubernetes_cron_job_v1))
      if (metadata.name === name) spec.schedule = "30 3 * * *";
  });
  expect(words(found)).toEqual([[risk, expect.stringContaining(`${name} runs at 30 3 * * * instead of`)]]);
});

test("the floor of the frontends is their schedules': Terraform ignores it, and so does a comparison", () => {
  const change = (all: Editable) => {
    for (const { spec } of Object.values(all.resource.kubernetes_horizontal_pod_autoscaler_v2)) spec.min_replicas = 3;
  };
  expect(said(change)).toEqual([]);
});

describe("drift", () => {
  const drifted = (type: string, name: string, before: object, after: object): ResourceChange => ({
    address: `${type}.${name}`,
    type,
    id: name,
    action: "update",
    before: { metadata: { name, namespace: "love" }, ...before },
    after: { metadata: { name, namespace: "love" }, ...after },
    replacePaths: [],
  });
  const seen = (drift: ResourceChange[], scaled: string[] = []): number =>
    reviewed({ terraform: "1.11.4", providers: {}, resources: [], drift, scaled, errored: false }, "drift").layers[0]
      ?.changes.length ?? NaN;
  const frontend = (before: object, after: object) =>
    drifted("kubernetes_deployment_v1", "love-manager-frontend", { spec: before }, { spec: after });

  test("pods that an autoscaler adds are none; of another Deployment they are", () => {
    const more = frontend({ replicas: "10" }, { replicas: "20" });
    expect([seen([more]), seen([more], ["love-manager-frontend"]), seen([more], ["love-nginx"])]).toEqual([1, 0, 1]);
    expect(seen([more], [more.address])).toBe(0);
    const other = frontend({ replicas: "10", paused: false }, { replicas: "20", paused: true });
    expect(seen([other], [more.address])).toBe(1);
  });

  test("the floor that a schedule raised is none, the ceiling is", () => {
    const scaler = (min: number, max: number) =>
      drifted(
        "kubernetes_horizontal_pod_autoscaler_v2",
        "love-manager-frontend",
        { spec: { min_replicas: 10, max_replicas: 50 } },
        { spec: { min_replicas: min, max_replicas: max } },
      );
    expect([seen([scaler(20, 50)]), seen([scaler(20, 40)])]).toEqual([0, 1]);
  });

  test("what Terraform keeps of a restart is none", () => {
    for (const path of RESTARTABLE.ignoreChanges) {
      const shown = path.replaceAll("[0]", "");
      const after = { kind: "value", value: "1a2b" } as const;
      expect([shown, isOwnNoise("kubernetes_deployment_v1", { path: shown, after }, "drift")]).toEqual([shown, true]);
      expect(isOwnNoise("kubernetes_deployment_v1", { path: shown, after }, "update")).toBe(false);
    }
  });
});

test("LOVE that leaves the program stays, and how it goes is said with its command", () => {
  const [found] = reviewed(stackGone("summit-love")).findings;
  expect([found?.risk, found?.what]).toEqual(["interrupts", "the stack summit-love leaves the program"]);
  expect(found?.remedy).toContain("npm run destroy -- summit love before this is merged");
});

test.each([
  ["nginx.conf", "nginx-conf", /location (= )?/g, "LOCATION ", "could not be judged: the locations of nginx"],
  ["default.json", "love-conf", /^\{/, "[", "could not be judged: a configuration of LOVE is no JSON"],
])("%s that cannot be read is not judged", (file, name, from, to, why) => {
  const found = said(({ resource }) => {
    for (const { metadata, data } of Object.values(resource.kubernetes_config_map_v1))
      if (metadata.name === name) data[file] = data[file]?.replace(from, to) ?? "";
  });
  expect(words(found)).toContainEqual(["interrupts", expect.stringContaining(why)]);
});

test("alarms that sound more often, and other addresses, are harmless", () => {
  const found = said(({ resource }) => {
    for (const { metadata, data } of Object.values(resource.kubernetes_config_map_v1))
      if (metadata.name === "love-conf") data["no-alarms.json"] = data["default.json"] ?? "";
  });
  expect(words(found)).toEqual([["harmless", "with no-alarms.json, alarms sound from warning on instead of mute"]]);
});
