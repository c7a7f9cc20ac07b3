import { parse } from "smol-toml";
import { stack } from "../../support/sites";
import { at, consumerConfigurations, SUMMIT, TABLE } from "../support";

interface Consumer {
  readonly name: string;
  readonly database: string;
  readonly patterns: readonly RegExp[];
  readonly agent: Readonly<Record<string, unknown>>;
  readonly input: Readonly<Record<string, unknown>>;
}

/** The consumers of a site, read from the TOML that Telegraf gets. */
function consumers(site: string): Consumer[] {
  return consumerConfigurations(site).map(({ text }) => {
    const config = parse(text);
    const [input] = at(config, "inputs.kafka_consumer") as Record<string, unknown>[];
    return {
      name: String(input?.["consumer_group"]).replace("telegraf-kafka-consumer-", ""),
      database: new URL(String(at(config, "outputs.http.0.url"))).searchParams.get("db") ?? "",
      patterns: (input?.["topic_regexps"] as string[]).map((pattern) => new RegExp(pattern)),
      agent: config["agent"] as Record<string, unknown>,
      input: input ?? {},
    };
  });
}

const takers = (all: readonly Consumer[], topic: string) =>
  all.filter(({ patterns }) => patterns.some((pattern) => pattern.test(topic))).map(({ name }) => name);

/** phalanx 2026-08, column "Tucson difference". */
const TUCSON: Readonly<Record<string, string>> = {
  ...Object.fromEntries(Object.entries(SUMMIT).filter(([name]) => !["pmd", "gis", "lsstcam", "m1m3"].includes(name))),
  maintel: `${SUMMIT["maintel"]} WFOODS`,
  calsys: "CBP Electrometer FiberSpectrograph LEDProjector LinearStage MTReflector TunableLaser",
};

/** phalanx 2026-08, row m1m3, Tucson: which consumer takes which topics. */
const TUCSON_M1M3: Readonly<Record<string, string>> = {
  m1m3: "ackcmd logevent_heartbeat logevent_summaryState command_start",
  "m1m3-tel1":
    "accelerometerData appliedCylinderForces appliedForces gyroData hardpointActuatorData hardpointMonitorData",
  "m1m3-tel2": "forceActuatorData outerLoopData imsData inclinometerData powerSupplyData",
  "m1m3-tel3":
    "appliedAccelerationForces appliedAzimuthForces appliedBalanceForces appliedElevationForces appliedThermalForces " +
    "appliedVelocityForces forceActuatorPressure pidData",
};

/** Topics of a CSC that say something of the edges of its name (phalanx 2026-08, kinds). */
const kinds = (csc: string) =>
  ["logevent_heartbeat", "logevent_summaryState", "command_start", "ackcmd", "timestamp", "a.b"].map(
    (kind) => `lsst.sal.${csc}.${kind}`,
  );

const expected = (table: Readonly<Record<string, string>>): [topic: string, consumer: string][] =>
  Object.entries(table).flatMap(([consumer, cscs]) =>
    cscs.split(" ").flatMap((csc) => kinds(csc).map((topic): [string, string] => [topic, consumer])),
  );

/** docs/acceptance/efd.md#sites names no CSC of gcp, where all of SAL's topics go into one database (phalanx 2026-08). */
const OF_ALL_CSCS: Readonly<Record<string, [topic: string, consumer: string][]>> = {
  gcp: ["Test", "MTM1M3", "ScriptQueue"].flatMap((csc) => kinds(csc).map((topic): [string, string] => [topic, "sal"])),
};

const TOPICS: Readonly<Record<string, [topic: string, consumer: string][]>> = {
  local: kinds("Test").map((topic) => [topic, "test"]),
  ...OF_ALL_CSCS,
  // argocd-efd 2021-09: `lsst.sal.*logevent_heartbeat` without the weather station, and the weather station.
  ncsa: [
    ...Object.values(SUMMIT)
      .flatMap((cscs) => cscs.split(" "))
      .map((csc): [string, string] => [`lsst.sal.${csc}.logevent_heartbeat`, "main"]),
    ...["logevent_heartbeat", "logevent_summaryState", "airTemperature", "windSpeed"].map((topic): [string, string] => [
      `lsst.sal.WeatherStation.${topic}`,
      "weather-station",
    ]),
  ],
  tucson: [
    ...expected(TUCSON),
    ...Object.entries(TUCSON_M1M3).flatMap(([consumer, topics]) =>
      topics.split(" ").map((topic): [string, string] => [`lsst.sal.MTM1M3.${topic}`, consumer]),
    ),
    ["lsst.obsenv", "obsenv"],
    ["lsst.obsenv.summary", "obsenv"],
  ],
  summit: [
    ...expected(SUMMIT),
    ["lsst.ATCamera.fp", "atcamera"],
    ["lsst.CCCamera.fp", "cccamera"],
    ["lsst.MTCamera.fp", "mtcamera"],
    ["lsst.ATCamera", "atcamera"],
    ["lsst.obsenv", "obsenv"],
    ["lsst.obsenv.summary", "obsenv"],
    ["lsst.scimma.alert", "scimma"],
    ["lsst.cp.metric", "cp"],
    ["lsst.backpack.weather", "backpack"],
  ],
};

test.each(TABLE)("EFD-63: %s takes each topic of its CSCs once, by the consumer of phalanx 2026-08", (site) => {
  const all = consumers(site);
  const topics = TOPICS[site] ?? [];
  expect(topics.length).toBeGreaterThan(0);
  expect(topics.map(([topic]) => [topic, takers(all, topic)])).toEqual(
    topics.map(([topic, consumer]) => [topic, [consumer]]),
  );
});

test.each(["tucson", "summit"])("EFD-63: %s parts names that begin alike", (site) => {
  const all = consumers(site);
  const taker = (csc: string) => takers(all, `lsst.sal.${csc}.logevent_heartbeat`);
  expect(taker("MTM1M3")).toEqual(["m1m3"]);
  expect(taker("MTM1M3TS")).toEqual(["m1m3ts"]);
  for (const [short, long] of [
    ["Script", "ScriptQueue"],
    ["ATDome", "ATDomeTrajectory"],
    ["MTDome", "MTDomeTrajectory"],
  ] as const) {
    expect(taker(short)).toHaveLength(1);
    expect(taker(long)).toHaveLength(1);
    // By a pattern of its own, so that each can move to another consumer.
    const patterns = all.flatMap((one) => one.patterns);
    expect(patterns.filter((pattern) => pattern.test(`lsst.sal.${short}.x`))).toHaveLength(1);
    expect(patterns.filter((pattern) => pattern.test(`lsst.sal.${long}.x`))).toHaveLength(1);
  }
});

test.each(TABLE)("EFD-63: %s takes nothing else: no other prefix, no other CSC, no letter for the dot", (site) => {
  const all = consumers(site);
  for (const topic of [
    "lsst_sal_Test_logevent_heartbeat",
    "lsstXsalXTestXlogevent_heartbeat",
    "summit.lsst.sal.Test.logevent_heartbeat",
    // A site that names its CSCs takes no others.
    ...(site in OF_ALL_CSCS
      ? []
      : ["lsst.sal.Testing.logevent_heartbeat", "lsst.sal.Test", "lsst.sal.NoSuchCSC.logevent_heartbeat"]),
    "_schemas",
    "__consumer_offsets",
  ])
    expect([topic, takers(all, topic)]).toEqual([topic, []]);
});

test("EFD-63: tucson leaves out what phalanx 2026-08 calls absent", () => {
  const all = consumers("tucson");
  for (const csc of ["PMD", "GIS", "MTCamera", "MTHeaderService", "MTOODS", "ATMonochromator", "ATWhiteLight"])
    expect([csc, kinds(csc).flatMap((topic) => takers(all, topic))]).toEqual([csc, []]);
  for (const topic of ["lsst.ATCamera.fp", "lsst.scimma.alert", "lsst.cp.metric", "lsst.backpack.weather"])
    expect([topic, takers(all, topic)]).toEqual([topic, []]);
});

test.each(["tucson", "summit"])("EFD-63: %s writes what is not of SAL into databases of its own", (site) => {
  const sal = new Set([...Object.keys(SUMMIT), ...Object.keys(TUCSON_M1M3)]);
  for (const { name, database } of consumers(site))
    if (sal.has(name)) expect([name, database]).toEqual([name, "efd"]);
    else expect([name, database]).not.toEqual([name, "efd"]);
});

describe("figures of phalanx 2026-08", () => {
  const figures = (site: string, name: string) => {
    const found = consumers(site).find((one) => one.name === name);
    return [
      found?.agent["metric_batch_size"],
      found?.agent["flush_interval"],
      found?.input["max_undelivered_messages"],
      found?.input["avro_timestamp"],
      found?.input["avro_timestamp_format"],
    ];
  };

  test.each([
    ["summit", "auxtel", [1000, "10s", 10000, "private_efdStamp", "unix"]],
    ["summit", "m1m3", [1500, "10s", 4000, "private_efdStamp", "unix"]],
    ["summit", "m1m3ts", [1000, "10s", 4000, "private_efdStamp", "unix"]],
    ["summit", "lsstcam", [250, "10s", 5000, "private_efdStamp", "unix"]],
    ["summit", "envsys", [1000, "10s", 10000, "private_efdStamp", "unix"]],
    ["summit", "atcamera", [1000, "10s", 10000, "timestamp", "unix_ms"]],
    ["summit", "cccamera", [1000, "10s", 10000, "timestamp", "unix_ms"]],
    ["summit", "mtcamera", [1000, "10s", 10000, "timestamp", "unix_ms"]],
    ["summit", "scimma", [1000, "10s", 10000, "timestamp", "unix_ms"]],
    ["summit", "cp", [1000, "10s", 10000, "timestamp", "unix"]],
    ["summit", "backpack", [1000, "10s", 10000, "timestamp", "unix"]],
    ["tucson", "envsys", [100, "20s", 10000, "private_efdStamp", "unix"]],
    ["tucson", "m1m3ts", [1500, "10s", 4000, "private_efdStamp", "unix"]],
    ["tucson", "m1m3-tel2", [750, "10s", 10000, "private_efdStamp", "unix"]],
    ["tucson", "obsenv", [1000, "10s", 10000, "timestamp", "unix_ms"]],
  ] as const)("%s: %s", (site, name, figure) => {
    expect(figures(site, name)).toEqual(figure);
  });

  test.each(TABLE)("%s: settings that all consumers share", (site) => {
    expect(consumers(site).length).toBeGreaterThan(0);
    for (const { agent, input } of consumers(site)) {
      expect(agent).toMatchObject({
        metric_buffer_limit: 100000,
        collection_jitter: "0s",
        flush_jitter: "0s",
        omit_hostname: true,
        logformat: "structured",
      });
      expect(input).toMatchObject({
        offset: "oldest",
        sasl_mechanism: "SCRAM-SHA-512",
        sasl_username: "telegraf",
        data_format: "avro",
        avro_union_mode: "nullable",
        avro_field_separator: "",
        precision: "1us",
        max_processing_time: "1s",
        consumer_fetch_default: "1MB",
        compression_codec: 3,
      });
    }
  });
});

describe("topics that this program makes", () => {
  const topics = (site: string) =>
    stack(site, "efd")
      .customResources("KafkaTopic")
      .map(({ spec }) => [spec?.["topicName"], spec?.["partitions"]]);

  /** phalanx 2026-08. */
  const OBSENV = ["lsst.obsenv.action", "lsst.obsenv.summary", "lsst.obsenv.run-branch"];
  const SUMMIT_TOPICS = [
    ...["lsst.s3.raw.latiss", "lsst.s3.raw.comcam", "lsst.s3.raw.lsstcam", "lsst.s3.wf.lsstcam"],
    ...OBSENV,
    ...["lsst.scimma.too.alert", "lsst.scimma.too.alert.test"],
    "lsst.backpack.usgs-earthquake-data",
  ];

  test.each([
    ["summit", SUMMIT_TOPICS],
    ["tucson", OBSENV],
  ] as const)("EFD-67: %s has those of phalanx 2026-08, each with one partition", (site, names) => {
    expect(topics(site)).toEqual(["_schemas", ...names].map((name) => [name, 1]));
  });
});
