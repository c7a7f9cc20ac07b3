/** Checks of what InfluxDB writes: whether writes succeed, its disk, its series. Refused points are said with the sinks. */
import { setTimeout as sleep } from "node:timers/promises";
import { bytes } from "../../../ground/units";
import { NAMESPACE } from "../../../ground/namespaces";
import type { Influxdb } from "../../shared/clients/influxdb";
import { INFLUXDB_SERVICE } from "../../shared/clients/site-clients";
import { size } from "../../shared/terminal/output";
import type { Check, CheckProps, Verdict } from "../model/verdict";
import { volumeVerdicts } from "./volumes";

/** Seconds between two looks at the counts of writes: consumers write every second, InfluxDB itself every ten. */
const PAUSE = 11;
/** Parts of a disk, or of a limit, from which on it is nearly and as good as full. */
const [NEARLY, FULL] = [0.8, 0.95] as const;
const OPERATIONS = "docs/operations.md";

/** Counts of InfluxDB since it started, of one kind; each with its tags. */
async function counts(influxdb: Influxdb, kind: string) {
  const found = await influxdb.query("", `SHOW STATS FOR '${kind}'`);
  return found.map(({ tags, columns, rows }) => ({
    tags,
    of: (column: string) => Number(rows[0]?.[columns.indexOf(column)] ?? 0),
  }));
}

/**
 * Whether writes succeed. Questions and the newest points do not tell: with a full disk both were fine on a real
 * InfluxDB 1.6.7, which had the points in memory only.
 */
async function writes({ clients, signal }: CheckProps): Promise<Verdict[]> {
  const influxdb = await clients.influxdb("admin");
  const look = async () => {
    const [write] = await counts(influxdb, "write");
    return { ok: write?.of("writeOk") ?? 0, error: (write?.of("writeError") ?? 0) + (write?.of("writeTimeout") ?? 0) };
  };
  const before = await look();
  await sleep(PAUSE * 1000, undefined, { signal });
  const after = await look();
  // InfluxDB began anew in between.
  const start = after.ok < before.ok || after.error < before.error ? { ok: 0, error: 0 } : before;
  const [ok, failed] = [after.ok - start.ok, after.error - start.error];
  const common = { what: "writes", healthy: "no write fails" };
  if (failed === 0) return [{ ...common, level: "ok", measured: `${ok} done, none failed in ${PAUSE} s` }];
  return [
    {
      ...common,
      level: "fail",
      measured: `${failed} of ${ok + failed} failed in ${PAUSE} s`,
      remedy:
        "kubectl -n influxdb logs statefulset/influxdb --tail=1000 | grep -i error says why; with 'no space left on device' enlarge its disk, or shorten influxdb.retention of the site's file, and start it again (kubectl -n influxdb rollout restart statefulset/influxdb): it refuses every write until then",
      page: OPERATIONS,
    },
  ];
}

/** How full its volume is, as the kubelet sees the file system, and by what InfluxDB says of its shards. */
async function disk({ clients, site }: CheckProps): Promise<Verdict[]> {
  const influxdb = await clients.influxdb("admin");
  const [shards, volume] = await Promise.all([
    counts(influxdb, "shard"),
    volumeVerdicts(clients.cluster, NAMESPACE.influxdb, [INFLUXDB_SERVICE.service], "no write succeeds"),
  ]);
  const used = shards.reduce((sum, { of }) => sum + of("diskBytes"), 0);
  const part = used / bytes(site.influxdb.disk);
  const level = part >= NEARLY ? "warn" : "ok";
  return [
    ...volume,
    // Kubernetes does not hold a local volume to its size, so InfluxDB may outgrow it.
    {
      level,
      what: "data",
      measured: `${size(used)}, ${Math.round(part * 100)} % of the ${site.influxdb.disk} of the site's file`,
      healthy: `below ${NEARLY * 100} %`,
      ...(level === "warn" && {
        remedy: "enlarge the disk, or shorten influxdb.retention of the site's file, before no write succeeds",
        page: OPERATIONS,
      }),
    },
  ];
}

/** How many series there are, where there is a limit: beyond it InfluxDB refuses every point of a new one. */
async function series({ clients }: CheckProps): Promise<Verdict[]> {
  const influxdb = await clients.influxdb("admin");
  const config = (await influxdb.query("", "SHOW DIAGNOSTICS")).find(({ name }) => name === "config-data");
  const limit = Number(config?.rows[0]?.[config.columns.indexOf("max-series-per-database")] ?? 0);
  const found = (await counts(influxdb, "database")).map(({ tags, of }) => ({
    database: tags["database"] ?? "",
    count: of("numSeries"),
  }));
  const most = [...found].sort((a, b) => b.count - a.count)[0] ?? { database: "none", count: 0 };
  const measured = `at most ${most.count}, in database ${most.database}`;
  const common = { what: "series", healthy: limit > 0 ? `below ${NEARLY * limit} of ${limit}` : "no limit is set" };
  if (limit === 0 || most.count < NEARLY * limit) return [{ ...common, level: "ok", measured }];
  return [
    {
      ...common,
      level: most.count >= FULL * limit ? "fail" : "warn",
      measured,
      remedy: "our values set no limit (max-series-per-database: 0): a deploy brings that back",
      page: OPERATIONS,
    },
  ];
}

/** Checks of what InfluxDB writes. */
export const influxdbWriteChecks: readonly Check[] = [
  { subject: "influxdb", title: "writes", seconds: PAUSE + 10, run: writes },
  { subject: "influxdb", title: "disk", seconds: 15, run: disk },
  { subject: "influxdb", title: "series", seconds: 15, run: series },
];
