import { refusedVerdicts } from "../../../../cli/check/systems/refused";
import type { Influxdb, Series } from "../../../../cli/shared/clients/influxdb";
import { checkProps, short } from "../support";

const series = (tags: Record<string, string>, ...counts: number[]): Series => ({
  name: "shard",
  tags,
  columns: ["time", "count"],
  rows: counts.map((count) => ["0", count]),
});

/** What InfluxDB and Telegraf counted, by the beginning of what is asked for. */
function site(found: Readonly<Record<string, readonly Series[]>>, asked: string[] = []) {
  const influxdb: Influxdb = {
    query: (_database, question) => {
      asked.push(question);
      const key = Object.keys(found).find((field) => question.includes(field));
      return Promise.resolve([...((key !== undefined && found[key]) || [])]);
    },
    pages: () => {
      throw new Error("nobody asks for this");
    },
  };
  return checkProps({ clients: { influxdb: () => Promise.resolve(influxdb) } });
}

test("each counter is asked for alone, and those of one database are added up", async () => {
  const asked: string[] = [];
  const shards = [series({ database: "efd", id: "7" }, 0, 0), series({ database: "efd", id: "8" }, 2, 3)];
  const [types] = await refusedVerdicts(site({ writePointsDropped: shards }, asked));
  expect(short(types ? [types] : [])).toEqual([
    "warn points of another type: InfluxDB refused points, by database in 1 h: efd (5)",
  ]);
  // Of several counters in one series the largest would hide the others.
  for (const question of asked.filter((one) => one.includes("MAX(")))
    expect(question).toMatch(/ GROUP BY time\(1m\), \*$/);
});

test("nothing that is lost", async () => {
  const found = await refusedVerdicts(site({ writePointsDropped: [series({ database: "efd", id: "7" }, 0, 0)] }));
  expect(found.map(({ level }) => level)).toEqual(["ok", "ok", "ok", "ok"]);
});
