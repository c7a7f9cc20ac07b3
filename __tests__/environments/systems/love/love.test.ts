/** LOVE in the sites' files: figures of phalanx 2026-08, and what follows from a file. */
import { podsOf } from "../../../../environments/derived/capacity";
import { hostsOf } from "../../../../environments/derived/hosts";
import { namespacesOf } from "../../../../environments/derived/namespaces";
import { notesOn } from "../../../../environments/derived/notes";
import { parseEnvironment } from "../../../../environments/parse";
import { local } from "../../../../environments/sites/local";
import { HEALTH_PATH, LOVE_PATH, MANAGER_PATH, SAL_STATUS_PATH } from "../../../../constructs/love/nginx/paths";
import { loveCapacity } from "../../../../environments/systems/love/frontends";
import { routeOf, setsOf } from "../../../../environments/systems/love/profiles";
import { TAKEN_PATHS } from "../../../../environments/systems/love/rules";
import { type LoveSpec, loveOf } from "../../../../environments/systems/love/schema";
import { bytes, cores } from "../../../../ground/units";
import { mistakesOf, siteWith } from "../../../support/environment";
import { LOVE, withLove } from "../../../support/love/cases";
import { tstn046Site } from "../../../support/love/tstn046";
import { environmentOf } from "../../../support/sites";

function loveAt(site: string): LoveSpec {
  const spec = loveOf(environmentOf(site));
  if (!spec) throw new Error(`${site} has no LOVE`);
  return spec;
}

const counted = (values: readonly string[]) =>
  values.reduce<Record<string, number>>((counts, one) => ({ ...counts, [one]: (counts[one] ?? 0) + 1 }), {});

const producer = ({ producers }: LoveSpec, name: string) => producers.find((one) => one.name === name);

/** CPU and memory as the facts write them. */
const amounts = (resources: LoveSpec["producerResources"] | undefined) =>
  resources &&
  `${resources.requests.cpu}/${resources.requests.memory} → ${resources.limits.cpu}/${resources.limits.memory}`;

const LIKE_BASE = { m1m3: 4, atqueue: 1, mtqueue: 1, ocsqueue: 1, "envsys-1": 21, "envsys-3": 8, atcs: 11 };
const ROUTES = {
  summit: { ...LIKE_BASE, producers: 13, "envsys-2": 18, mtcs: 14, calsys: 26, obssys: 9 },
  tucson: { ...LIKE_BASE, producers: 9, "envsys-2": 17, mtcs: 15, calsys: 17, obssys: 6 },
};

describe.each(Object.entries(ROUTES))("%s", (site, routes) => {
  const spec = loveAt(site);

  test("LOVE-C15, LOVE-C17: producers by route", () => {
    expect(counted(spec.producers.map((one) => routeOf(spec.profile, one)))).toEqual(routes);
  });

  test("LOVE-C11: MTM1M3 has a route for itself, and four producers", () => {
    const ofRoute = spec.producers.filter(({ route }) => route === "m1m3");
    expect(ofRoute.map(({ csc }) => csc)).toEqual(Array(4).fill("MTM1M3:0"));
  });

  test("LOVE-C18: each script queue has a route", () => {
    const queues = spec.producers.filter(({ csc }) => csc.startsWith("ScriptQueue:"));
    expect(Object.fromEntries(queues.map(({ csc, route }) => [csc, route]))).toEqual({
      "ScriptQueue:1": "mtqueue",
      "ScriptQueue:2": "atqueue",
      "ScriptQueue:3": "ocsqueue",
    });
  });

  test("producers share CSCs by topics, as many as phalanx names", () => {
    const counts = spec.producers.flatMap(({ name, asynchronous, periodic }) =>
      asynchronous || periodic ? [[name, asynchronous?.length ?? 0, periodic?.length ?? 0]] : [],
    );
    expect(counts.toSorted()).toEqual([
      ["epm-ess303", 12, 0],
      ["mtm1m3", 10, 0],
      ["mtm1m3-event-01", 30, 0],
      ["mtm1m3-telemetry-01", 0, 11],
      ["mtm1m3-telemetry-02", 0, 1],
      ["mtm2-event", 35, 0],
      ["mtm2-telemetry", 0, 20],
      ["mtmount-event", 58, 0],
      ["mtmount-telemetry", 0, 28],
    ]);
  });
});

test("LOVE-C12: 127 producers at the Summit, 111 in Tucson", () => {
  expect([loveAt("summit"), loveAt("tucson")].map(({ producers }) => producers.length)).toEqual([127, 111]);
});

test("what all producers ask for is what phalanx sums up", () => {
  const sums = ["summit", "tucson"].map(loveAt).map(({ producers, producerResources }) => {
    const requests = producers.map(({ resources }) => (resources ?? producerResources).requests);
    return [
      Math.round(1000 * requests.reduce((sum, { cpu }) => sum + cores(cpu), 0)),
      requests.reduce((sum, { memory }) => sum + bytes(memory), 0) / 2 ** 20,
    ];
  });
  // In Tucson phalanx leaves the script queue of AuxTel without its class, 40m and 100Mi less.
  expect(sums).toEqual([
    [6340, 20048],
    [1810 + 40, 12270 + 100],
  ]);
});

test("LOVE-C19: the Summit has the second-busiest CSCs in the set for all, Tucson in that of the main telescope", () => {
  const routes = (site: string) =>
    loveAt(site)
      .producers.filter(({ csc }) => /^(MTM2|MTMount):0$/.test(csc))
      .map(({ route }) => route);
  expect(routes("summit")).toEqual(Array(4).fill("producers"));
  expect(routes("tucson")).toEqual(Array(4).fill("mtcs"));
});

test("LOVE-C20: who logs at level debug", () => {
  const debugged = (site: string) =>
    loveAt(site).producers.flatMap(({ name, logLevel }) => (logLevel === 10 ? [name] : []));
  expect(debugged("summit").toSorted()).toEqual([
    "automatic-transfer-switch-ess309",
    "ups-server-room1-ess310",
    "ups-server-room2-ess311",
    "wfoods",
  ]);
  expect(debugged("tucson")).toHaveLength(101);
  expect(
    loveAt("tucson")
      .producers.flatMap(({ name, logLevel }) => (logLevel ? [] : [name]))
      .toSorted(),
  ).toEqual([
    "hvac",
    "m2mtvms2",
    "mtvmscamerarotator",
    "partsensess127",
    "partsensess128",
    "partsensess129",
    "tea-ess123",
    "tea-ess124",
    "tea-ess125",
    "tea-ess126",
  ]);
});

test.each([
  ["summit", "mtm1m3-telemetry-01", "250m/200Mi → 1/600Mi"],
  ["summit", "mtmount-telemetry", "400m/200Mi → 1/600Mi"],
  ["summit", "mtm2-telemetry", "400m/200Mi → 1/600Mi"],
  ["summit", "cameraess111", "70m/150Mi → 500m/300Mi"],
  ["summit", "atscriptqueue", "200m/256Mi → 1/800Mi"],
  ["summit", "m2mtvms2", "50m/150Mi → 300m/300Mi"],
  ["summit", "gis", undefined],
  ["tucson", "cameraess111", undefined],
  ["tucson", "mtscriptqueue", "50m/200Mi → 500m/600Mi"],
  ["tucson", "atmcs", "100m/300Mi → 1/900Mi"],
])("LOVE-C21: at %s %s has %s", (site, name, expected) => {
  expect(producer(loveAt(site), name)).toBeDefined();
  expect(amounts(producer(loveAt(site), name)?.resources)).toBe(expected);
});

test("LOVE-C22: LOVE itself has a producer in Tucson, and names differ where phalanx's do", () => {
  const names = (site: string, csc: string) =>
    loveAt(site).producers.flatMap((one) => (one.csc === csc ? [one.name] : []));
  expect(["LOVE:0", "ESS:122", "MTVMS:1"].map((csc) => [names("summit", csc), names("tucson", csc)])).toEqual([
    [[], ["love"]],
    [["tmaess122"], ["tma-ess122"]],
    [["m1m3mtvms1"], ["mtvmsm1m3"]],
  ]);
});

test("LOVE-C60: CPU at which the autoscalers are at their end, and the views that TSTN-046 gives it", () => {
  expect(["summit", "tucson"].map(loveAt).map(loveCapacity)).toEqual([
    { cpu: "6000m", views: 7 },
    { cpu: "1875m", views: 2 },
  ]);
  expect(loveCapacity(parseEnvironment(tstn046Site).love!)).toEqual({ cpu: "4200m", views: 16 });
});

test("profiles: twelve sets of one, three of TSTN-046, one", () => {
  const sets = (profile: LoveSpec["profile"]) => setsOf(profile).map(({ name, replicas }) => `${name} ${replicas}`);
  expect(sets("phalanx2026")).toEqual(
    [
      ...["general", "m1m3", "atqueue", "mtqueue", "ocsqueue", "envsys-1", "envsys-2", "envsys-3"],
      ...["atcs", "mtcs", "calsys", "obssys"],
    ].map((name) => `${name} 1`),
  );
  expect(sets("tstn046")).toEqual(["general 10", "queue 3", "m1m3 1"]);
  expect(sets("small")).toEqual(["general 1"]);
});

test("LOVE-C09: under TSTN-046 routes follow the CSC", () => {
  const routes = (profile: LoveSpec["profile"]) =>
    counted(loveAt("summit").producers.map((one) => routeOf(profile, one)));
  expect(routes("tstn046")).toEqual({ producers: 120, queue: 3, m1m3: 4 });
  expect(routes("small")).toEqual({ producers: 127 });
});

describe("a site's own", () => {
  const sum = (changes: Record<string, unknown>) => {
    const pods = podsOf(parseEnvironment(siteWith(changes)));
    return {
      pods: pods.length,
      cpu: Math.round(1000 * pods.reduce((all, { cpu }) => all + cpu, 0)),
      memory: pods.reduce((all, { memory }) => all + memory, 0) / 2 ** 20,
    };
  };
  const added = (changes: Record<string, unknown>, before: Record<string, unknown> = {}) => {
    const [less, more] = [sum(before), sum(changes)];
    return { pods: more.pods - less.pods, cpu: more.cpu - less.cpu, memory: more.memory - less.memory };
  };

  test("pods count in the capacity only where LOVE is switched on", () => {
    expect(added({ ...withLove(), love: { ...LOVE, enabled: false } })).toEqual({ pods: 0, cpu: 0, memory: 0 });
    // 25 frontends and a set, Redis, two nginx, commander, PostgreSQL, a producer, setup, clean-up, schedule.
    expect(added(withLove())).toEqual({
      pods: 26 + 1 + 2 + 1 + 1 + 1 + 1 + 1 + 1,
      cpu: 26 * 150 + 250 + 2 * 50 + 50 + 50 + 10 + 100 + 10 + 10,
      memory: 26 * 200 + 300 + 2 * 70 + 350 + 128 + 100 + 200 + 16 + 32,
    });
  });

  test("a producer counts with its own resources, a microphone with phalanx's", () => {
    const own = { requests: { cpu: "200m", memory: "256Mi" }, limits: { cpu: "1", memory: "1Gi" } };
    const producers = [...LOVE.producers, { name: "test2", csc: "Test:2", resources: own }];
    expect(added(withLove({ producers }), withLove())).toEqual({ pods: 1, cpu: 200, memory: 256 });
    const microphones = [{ name: "dome", host: "a.example.org" }];
    expect(added(withLove({ microphones }), withLove())).toEqual({ pods: 1, cpu: 5, memory: 100 });
  });

  test("host and namespace are there only where LOVE is switched on", () => {
    const of = (love: object) => {
      const site = parseEnvironment(siteWith({ ...withLove(), love: { ...LOVE, ...love } }));
      return [hostsOf(site).includes("love-toy-efd.example.org"), namespacesOf(site).includes("love")];
    };
    expect([of({}), of({ enabled: false })]).toEqual([
      [true, true],
      [false, false],
    ]);
  });
});

test("local's LOVE is off, and fits its machine when it is switched on", () => {
  expect(loveOf(parseEnvironment(local))).toBeUndefined();
  const on = parseEnvironment({ ...local, love: { ...local.love!, enabled: true } });
  expect(loveOf(on)).toMatchObject({ images: { pullSecret: false }, ldap: [], database: { kind: "inside" } });
  expect(on.secrets.kind).toBe("generated");
  // As a sum, for a site without a capacity fits everything.
  const pods = podsOf(on);
  expect(pods.reduce((sum, { cpu }) => sum + cpu, 0)).toBeLessThanOrEqual(4);
  expect(pods.reduce((sum, { memory }) => sum + memory, 0)).toBeLessThanOrEqual(bytes("8Gi"));
  expect(on.cluster.capacity).toMatchObject({ cpu: "4", memory: "8Gi" });
});

describe("what is accepted and may not be meant", () => {
  const lines = (changes: Record<string, unknown>) =>
    notesOn(parseEnvironment(siteWith(changes))).filter((line) => /^toy\.(love|restProxy)/.test(line));
  const ALIAS =
    "toy.love.efdAlias: the commander reads the EFD whose account the credential service keeps as toy_efd, whichever EFD that is. Have that entry name this site's InfluxDB.";
  const FULL = { restProxy: { prefixes: ["lsst.cp"] }, allowDestroys: ["toy-love"] };

  test("the EFD that the alias names, always; nothing where LOVE is off", () => {
    expect(lines({ ...withLove(), ...FULL })).toEqual([ALIAS]);
    expect(lines({ love: { ...LOVE, enabled: false } })).toEqual([]);
  });

  test.each<[string, Record<string, unknown>, string]>([
    [
      "views that nobody backs up",
      { allowDestroys: [] },
      "toy.love.objectStore: none, so nobody makes backups of the views, and the commander uploads nothing. Name the Large File Annex.",
    ],
    [
      "no REST proxy",
      { restProxy: undefined },
      "toy.restProxy: none, so views show nothing of Kafka's brokers, for which they ask it. Add it where operators look at LOVE.",
    ],
    [
      "frontends of a night that never comes",
      { "love.frontend": { nightReplicas: 5 } },
      "toy.love.frontend.nightReplicas: the site says nowhere when it observes, so it never counts. Add observing, or leave it out.",
    ],
    [
      "times of messages",
      { "love.trace": true },
      "toy.love.trace: managers stamp each message, which takes CPU of every view. Switch it off when the measurement is done.",
    ],
    [
      "a CSC that nobody knows",
      { "love.producers": [{ name: "dome", csc: "MTDom:0" }] },
      "toy.love.producers[0].csc: no CSC MTDom is known (nearest: MTDome, ATDome, MTAOS), and its producer ends where SAL does not know it either. Correct the name, or leave it where the CSC is newer than this program.",
    ],
  ])("%s", (_what, changes, line) => {
    expect(lines({ ...withLove(), ...FULL, ...changes })).toEqual([ALIAS, line]);
  });

  test("frontends of a night that the site names", () => {
    const observing = [{ from: "20:00", to: "06:00", timeZone: "UTC" }];
    expect(lines({ ...withLove({ frontend: { nightReplicas: 5 } }), ...FULL, observing })).toEqual([ALIAS]);
  });
});

test.each(["summit", "tucson"])("%s is told of its alias, and of nothing that LOVE lacks", (site) => {
  const lines = notesOn(environmentOf(site)).filter((line) => line.includes(".love"));
  expect(lines.map((line) => line.split(": ")[0])).toEqual([`${site}.love.efdAlias`]);
});

test("mistakes of form and of rules are all said at once", () => {
  const lines = mistakesOf(
    siteWith({
      ...withLove({
        images: { ...LOVE.images, cycle: "latest" },
        jira: { host: "jira.example.org", project: 1 },
        frontend: { minReplicas: 9, maxReplicas: 8 },
        redis: { groupExpiry: 60, maxMemory: "2Gi" },
        cameras: [{ path: "media", feed: "sky", url: "http://camera.example.org" }],
        producers: [
          { name: "all", csc: "MTM2:0" },
          { name: "all", csc: "MTM2:0", asynchronous: ["evt_heartbeat"] },
        ],
      }),
      "kafka.clients": [],
    }),
  );
  expect(lines.map((line) => line.split(": ")[0]).toSorted()).toEqual(
    [
      ...["images.cycle", "frontend.maxReplicas", "redis.groupExpiry", "redis.maxMemory", "cameras[0].path"].map(
        (key) => `toy.love.${key}`,
      ),
      "toy.love.producers",
      "toy.love.producers[0]",
      "toy.kafka.clients",
      "toy.secrets.kind",
    ].toSorted(),
  );
});

test("no camera may stand where nginx has something of its own", () => {
  const own = [MANAGER_PATH, SAL_STATUS_PATH, HEALTH_PATH].map((path) => path.replace(`${LOVE_PATH}/`, ""));
  expect(own).toContain("sal-status");
  expect(TAKEN_PATHS).toEqual(expect.arrayContaining(own));
});
