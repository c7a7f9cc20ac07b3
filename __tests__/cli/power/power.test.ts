import { act, power as powerOfSite, reasonWhileObserving } from "../../../cli/power";
import { type Component, componentsOf } from "../../../cli/power/components";
import { wavesOf } from "../../../cli/power/groups";
import { selectAction, selectComponent } from "../../../cli/power/scope";
import type { SiteClients } from "../../../cli/shared/clients/clients";
import { PowerMemory } from "../../../cli/shared/power/memory";
import { parseSites } from "../../../environments/parse";
import { SITES } from "../../../environments";
import { UserError } from "../../../ground/errors";
import { context } from "../support";
import { FakeCluster } from "./cluster";

const MEMORY = "/api/v1/namespaces/kafka/configmaps/efd-power";
const [SITE] = parseSites(SITES).filter(({ restProxy, love }) => restProxy && love);
if (!SITE) throw new Error("no site has all that this tests");
const ALL = componentsOf(SITE);

const WAVES = [
  "1 app=love-manager-redis",
  "4 app.kubernetes.io/name=love-manager-producer",
  "10 app.kubernetes.io/name=love-producer",
];

/** A site that runs. */
function cluster(): FakeCluster {
  const made = new FakeCluster();
  made.workload("statefulsets", "influxdb", "influxdb");
  made.kafka();
  made.workload("deployments", "kafka", "efd-entity-operator");
  made.workload("deployments", "kafka", "schema-registry", 3, { "app.kubernetes.io/name": "schema-registry" });
  made.workload("deployments", "kafka", "rest-proxy", 2, { "app.kubernetes.io/name": "rest-proxy" });
  for (const name of ["telegraf-a", "telegraf-b"]) made.workload("deployments", "telegraf", name);
  made.workload("deployments", "kapacitor", "efd-kapacitor");
  made.workload("deployments", "chronograf", "efd-chronograf");
  made.workload("deployments", "love", "love-manager-redis");
  made.workload("deployments", "love", "love-manager-producer-x", 1, {
    "app.kubernetes.io/name": "love-manager-producer",
  });
  made.workload("deployments", "love", "love-producer-y", 1, { "app.kubernetes.io/name": "love-producer" });
  made.workload("deployments", "love", "love-nginx", 2);
  made.put("/api/v1/namespaces/love/configmaps/rollouts", { data: { waves: `${WAVES.join("\n")}\n` } });
  made.cronJob("telegraf", "rollouts");
  made.cronJob("influxdb", "influxdb-restore", true);
  made.cronJob("influxdb", "influxdb-backup");
  made.done.length = 0;
  return made;
}

type Words = {
  action?: "down" | "up" | "restart";
  named?: string;
  dryRun?: boolean;
  clients?: Pick<SiteClients, "influxdb">;
};

/** InfluxDB that counts one point more each time somebody asks; or none. */
function influxdb(counts = true): Pick<SiteClients, "influxdb"> {
  let points = 7;
  const query = () => {
    if (counts) points++;
    return Promise.resolve([{ name: "httpd", tags: {}, columns: ["req", "pointsWrittenOK"], rows: [[1, points]] }]);
  };
  return { influxdb: () => Promise.resolve({ query, pages: () => fail() }) };
}

function fail(): never {
  throw new Error("nobody asks for this");
}

/** Runs the command at a cluster, as one that was started anew. */
async function power(api: FakeCluster, { action, named, dryRun = false, clients = influxdb() }: Words, most = 5) {
  const at = context();
  const bench = {
    site: SITE?.name ?? "",
    api,
    clients,
    memory: await PowerMemory.read(api),
    all: ALL,
    output: at.output,
    pause: 1,
    most,
  };
  const session = { environment: { ...SITE, observing: [] }, logs: "/nonexistent" } as never;
  const options = { yes: true, confirm: SITE?.name ?? "", dryRun };
  const code = await act(at, session, bench, { action, named, options });
  return { code, out: at.out.text };
}

/** What runs, without generations and other traces of changes. */
const everything = (api: FakeCluster): string[] =>
  [...api.objects].map(([path, { spec, data }]) => `${path} ${JSON.stringify([spec, data])}`).sort();

/** Paths that were changed, in order, each by its last word. */
const order = (api: FakeCluster): string[] =>
  api.done
    .filter((line) => !/configmaps|cronjobs/.test(line))
    .map((line) => (/^\w+ \S+\/([^/ ]+)/.exec(line) ?? [])[1] ?? "")
    .filter((name, i, all) => name !== all[i - 1]);

test("down stops what others need after them, and up starts all of it as it was", async () => {
  const api = cluster();
  const before = everything(api);
  await power(api, { action: "down" });
  expect(order(api)).toEqual([
    ...["love-nginx", "love-producer-y", "love-manager-producer-x", "love-manager-redis"],
    ...["efd-chronograf", "efd-kapacitor", "telegraf-a", "telegraf-b", "rest-proxy", "schema-registry"],
    ...["efd", "efd-entity-operator", "efd-broker", "efd-controller", "influxdb"],
  ]);
  for (const namespace of ["kafka", "influxdb", "telegraf", "love", "chronograf", "kapacitor"])
    expect(api.pods(namespace)).toEqual([]);
  const { data } = api.at(MEMORY) ?? {};
  expect(data).toMatchObject({ "deployments.kafka.schema-registry": "3", "cronjobs.telegraf.rollouts": "on" });
  expect(api.at("/apis/batch/v1/namespaces/telegraf/cronjobs/rollouts")?.spec).toEqual({ suspend: true });

  api.done.length = 0;
  await power(api, { action: "up" });
  expect(order(api)).toEqual([
    ...["influxdb", "efd", "efd-entity-operator", "schema-registry", "rest-proxy", "telegraf-a", "telegraf-b"],
    ...["efd-kapacitor", "efd-chronograf"],
    ...["love-manager-redis", "love-manager-producer-x", "love-producer-y", "love-nginx"],
  ]);
  expect(everything(api)).toEqual(before);
});

test("a second down does nothing, and neither does a second up", async () => {
  const api = cluster();
  await power(api, { action: "down" });
  api.done.length = 0;
  expect((await power(api, { action: "down" })).out).toMatch("nothing to do, for all of it is stopped");
  await power(api, { action: "up" });
  api.done.length = 0;
  expect((await power(api, { action: "up" })).out).toMatch("nothing to do, for all of it is running");
  expect(api.done).toEqual([]);
});

test("killed after any change, the same command goes on, and what comes back is what was there", async () => {
  const whole = cluster();
  const before = everything(whole);
  await power(whole, { action: "down" });
  const downs = whole.done.length;
  await power(whole, { action: "up" });
  const ups = whole.done.length - downs;
  expect(downs).toBeGreaterThan(20);
  expect(ups).toBeGreaterThan(20);
  for (const [action, changes] of [
    ["down", downs],
    ["up", ups],
  ] as const)
    for (let kill = 1; kill <= changes; kill++) {
      const api = cluster();
      if (action === "up") await power(api, { action: "down" });
      let left = kill;
      api.after = () => {
        if (--left === 0) throw new Error("killed");
      };
      await expect(power(api, { action })).rejects.toThrow("killed");
      api.after = () => undefined;
      await power(api, { action });
      if (action === "down") {
        expect(api.pods("kafka")).toEqual([]);
        await power(api, { action: "up" });
      }
      expect(everything(api)).toEqual(before);
    }
});

test("a component takes with it what needs it, and brings what it needs", async () => {
  const api = cluster();
  await power(api, { action: "down", named: "registry" });
  expect(api.replicas("deployments", "telegraf", "telegraf-a")).toBe(0);
  expect(api.replicas("deployments", "kafka", "rest-proxy")).toBe(0);
  expect(api.replicas("deployments", "chronograf", "efd-chronograf")).toBe(1);
  expect(api.pods("kafka")).toContain("efd-broker-0");
  await power(api, { action: "down" });
  api.done.length = 0;
  await power(api, { action: "up", named: "registry" });
  expect(order(api)).toEqual(["efd", "efd-entity-operator", "schema-registry"]);
  expect(api.at("/apis/batch/v1/namespaces/influxdb/cronjobs/influxdb-backup")?.spec).toEqual({ suspend: true });
});

test("a dry run says the order and changes nothing; no action shows what runs", async () => {
  const api = cluster();
  const { out } = await power(api, { action: "down", named: "influxdb", dryRun: true });
  expect(out).toMatch(/1\. chronograf.*\n  2\. kapacitor.*\n  3\. sinks.*\n  4\. influxdb/);
  expect((await power(api, {})).out).toMatch(/^registry +running +3\/3 /m);
  expect(api.done).toEqual([]);
});

test("what was stopped by hand, or has no pods on purpose, is not started", async () => {
  const api = cluster();
  await api.patch("/apis/apps/v1/namespaces/telegraf/deployments/telegraf-b", { spec: { replicas: 0 } });
  await power(api, { action: "down" });
  await power(api, { action: "up" });
  expect(api.replicas("deployments", "telegraf", "telegraf-a")).toBe(1);
  expect(api.replicas("deployments", "telegraf", "telegraf-b")).toBe(0);
});

test("a component that somebody stopped by hand is not called started, and keeps nothing else down", async () => {
  const api = cluster();
  await api.patch("/apis/apps/v1/namespaces/chronograf/deployments/efd-chronograf", { spec: { replicas: 0 } });
  await power(api, { action: "down", named: "sinks" });
  const { out } = await power(api, { action: "up" });
  expect(out).not.toMatch("chronograf started");
  expect(out).toMatch(/^ok {2}sinks started/m);
  expect(api.replicas("deployments", "telegraf", "telegraf-a")).toBe(1);
});

test("clocks go on although a program of the same namespace is broken for reasons of its own", async () => {
  const api = cluster();
  api.cronJob("kafka", "kafka-maintenance");
  await power(api, { action: "down", named: "sinks" });
  await power(api, { action: "down", named: "registry" });
  await power(api, { action: "up", named: "registry" });
  api.broken.add("rest-proxy");
  await expect(power(api, { action: "up" }, 0.05)).rejects.toThrow(/^rest-proxy: 0 of 2 pods ready/);
  // It was stopped by the command and does not come back: its clock waits.
  expect(api.at("/apis/batch/v1/namespaces/kafka/cronjobs/kafka-maintenance")?.spec).toEqual({ suspend: true });
  const other = cluster();
  other.cronJob("kafka", "kafka-maintenance");
  other.broken.add("rest-proxy");
  other.workload("deployments", "kafka", "rest-proxy", 2, { "app.kubernetes.io/name": "rest-proxy" });
  await power(other, { action: "down", named: "sinks" });
  await other.patch("/apis/batch/v1/namespaces/kafka/cronjobs/kafka-maintenance", { spec: { suspend: true } });
  const memory = await PowerMemory.read(other);
  await memory.remember({ "cronjobs.kafka.kafka-maintenance": "on" });
  await power(other, { action: "up", named: "sinks" });
  expect(other.at("/apis/batch/v1/namespaces/kafka/cronjobs/kafka-maintenance")?.spec).toEqual({ suspend: false });
});

test("an operator of Kafka that looks again meanwhile starts nothing: it was told before anything stopped", async () => {
  const api = cluster();
  const path = "/apis/apps/v1/namespaces/kafka/deployments/efd-entity-operator";
  api.after = () => {
    const isPaused = api.at("/apis/kafka.strimzi.io/v1/namespaces/kafka/kafkas/efd")?.metadata.annotations;
    if (isPaused !== undefined || api.replicas("deployments", "kafka", "efd-entity-operator") !== 0) return;
    api.workload("deployments", "kafka", "efd-entity-operator");
  };
  await power(api, { action: "down" });
  expect(api.at(path)?.spec?.["replicas"]).toBe(0);
});

test("what a deploy started meanwhile is stopped again, with its new number", async () => {
  const api = cluster();
  await power(api, { action: "down", named: "registry" });
  await api.patch("/apis/apps/v1/namespaces/kafka/deployments/schema-registry", { spec: { replicas: 5 } });
  await power(api, { action: "down", named: "registry" });
  await power(api, { action: "up" });
  expect(api.replicas("deployments", "kafka", "schema-registry")).toBe(5);
});

test("after up it says whether points arrive, and what to do where none do", async () => {
  const api = cluster();
  await power(api, { action: "down", named: "sinks" });
  expect((await power(api, { action: "up" })).out).toMatch(/^points arrive in InfluxDB \(seen after 0 s\)$/m);
  await power(api, { action: "down", named: "sinks" });
  expect((await power(api, { action: "up", clients: influxdb(false) }, 0.05)).out).toMatch(
    /^whether points arrive is not known: no new point in InfluxDB yet, after 0.05 s: npm run check -- \w+ kafka sinks/m,
  );
  const refuses = { influxdb: () => Promise.reject(new UserError("influxdb refuses admin")) };
  await power(api, { action: "down", named: "sinks" });
  expect((await power(api, { action: "up", clients: refuses })).out).toMatch(/not known: influxdb refuses admin$/m);
});

describe("it stops, and says why and what to do, when", () => {
  test("pods do not end", async () => {
    const api = cluster();
    api.stuck.add("efd-broker");
    await expect(power(api, { action: "down" }, 0.05)).rejects.toThrow(
      /^kafka: 3 pods still running or ending: efd-broker-0, efd-broker-1, efd-broker-2, after 0.05 s: kubectl -n kafka get pods shows why; .*goes on/,
    );
    expect(api.pods("kafka")).toContain("efd-controller-0");
    expect(api.replicas("statefulsets", "influxdb", "influxdb")).toBe(1);
  });

  test("Strimzi does not say that it leaves Kafka alone", async () => {
    const api = cluster();
    api.strimzi = false;
    await expect(power(api, { action: "down" }, 0.05)).rejects.toThrow(/^kafka: Strimzi does not say yet.*operator/);
    expect(api.pods("kafka")).toContain("efd-broker-0");
  });

  test("something that starts does not become ready: what needs it stays stopped", async () => {
    const api = cluster();
    await power(api, { action: "down" });
    api.broken.add("schema-registry");
    await expect(power(api, { action: "up" }, 0.05)).rejects.toThrow(
      /^registry: 0 of 3 pods ready; awaited: Deployment kafka\/schema-registry, after/,
    );
    expect(api.replicas("deployments", "telegraf", "telegraf-a")).toBe(0);
  });

  test("a user of it started again while others were stopped", async () => {
    const api = cluster();
    api.after = (line) => {
      if (!/schema-registry \{"spec"/.test(line)) return;
      api.after = () => undefined;
      api.workload("deployments", "telegraf", "telegraf-a");
    };
    await expect(power(api, { action: "down" })).rejects.toThrow(
      /^kafka stays|^influxdb stays: sinks needs it, and telegraf-a-0 ran/,
    );
  });

  test("a backup runs", async () => {
    const api = cluster();
    api.put("/apis/batch/v1/namespaces/influxdb/jobs/influxdb-backup-1", { status: { active: 1 } });
    await expect(power(api, { action: "down", named: "influxdb" }, 0.05)).rejects.toThrow(
      /^influxdb: influxdb-backup-1 still runs, after .* kubectl -n influxdb get jobs/,
    );
    expect(api.replicas("statefulsets", "influxdb", "influxdb")).toBe(1);
  });

  test("the site is not in the cluster", async () => {
    await expect(power(new FakeCluster(), { action: "down" })).rejects.toThrow(
      /^none of the programs of .* npm run deploy/,
    );
  });

  test("what is stopped is to restart", async () => {
    const api = cluster();
    await power(api, { action: "down", named: "registry" });
    await expect(power(api, { action: "restart", named: "registry" })).rejects.toThrow(
      /^registry is stopped: npm run power/,
    );
  });
});

test("a restart goes from what is needed to what needs it, and stops nothing", async () => {
  const api = cluster();
  await power(api, { action: "restart" });
  expect(order(api)).toEqual([
    ...["influxdb", "efd-controller", "efd-broker", "efd-entity-operator", "schema-registry", "rest-proxy"],
    ...["telegraf-a", "telegraf-b", "efd-kapacitor", "efd-chronograf"],
    ...["love-manager-redis", "love-manager-producer-x", "love-producer-y", "love-nginx"],
  ]);
  expect(api.done.filter((line) => /replicas|delete|pause/.test(line))).toEqual([]);
});

test("a wrong word lists the right ones", () => {
  expect(() => selectAction("off")).toThrow("unknown action off: allowed are down, up, restart");
  expect(() => selectComponent(SITE, ALL, "redis")).toThrow(
    /^unknown component redis: .* has influxdb, kafka, registry/,
  );
});

test("every component needs what comes before it", () => {
  for (const [i, { needs }] of ALL.entries())
    expect(ALL.slice(0, i).map(({ name }: Component) => name)).toEqual(expect.arrayContaining([...needs]));
});

test("LOVE's waves are read as they are written", () => {
  expect(wavesOf("4 a=b,c/d=e\n")).toEqual([{ portions: 4, labels: { a: "b", "c/d": "e" } }]);
});

describe("while the telescope observes", () => {
  const observing = [{ from: "18:00", to: "06:00", timeZone: "UTC" }];
  const [day, dusk] = [new Date("2026-06-15T12:00:00Z"), new Date("2026-06-15T17:30:00Z")];

  test("nothing stops without a reason, from an hour before on; starting needs none", () => {
    expect(reasonWhileObserving({ observing }, "down", {}, day)).toBeUndefined();
    expect(() => reasonWhileObserving({ observing }, "down", {}, dusk)).toThrow(
      /observes from 18:00 to 06:00 \(UTC\).*--during-observing/,
    );
    expect(reasonWhileObserving({ observing }, "restart", { duringObserving: " a disk " }, dusk)).toBe("a disk");
    expect(reasonWhileObserving({ observing }, "up", {}, dusk)).toBeUndefined();
  });
});

test.each([
  [["off"], {}, /^unknown action off: allowed are down, up, restart$/],
  [["down", "redis"], {}, /^unknown component redis: /],
  [["down"], { duringObserving: " " }, /^--during-observing: got nothing/],
  [["down"], { confirm: "nobody" }, /^not confirmed: expected \w+, got "nobody"/],
  [["down"], { yes: true }, /^there is no terminal to ask on: add --confirm /],
  [["restart"], {}, /^there is no terminal to ask on: add --yes$/],
] as const)("%j with %j is refused before the site is looked at", async ([action, named], options, line) => {
  await expect(powerOfSite(context(), SITE.name, action, named, options)).rejects.toThrow(line);
});
