/** The dashboard of the data path: what consumers take from Kafka and what reaches InfluxDB. */
import { SAL_COUNTER } from "../../../environments/systems/kafka/sal";
import { OWN_DATABASE } from "../../telegraf/access";
import { OWN_COUNTERS, PROGRESS } from "../../telegraf/measurements";
import { UNREADABLE } from "../../telegraf/telegraf-config";
import { BY_INTERVAL, CHOSEN_TIME, type Dashboard, dashboard, lines, note } from "./model";
import { cscsOf, rate, type Sink } from "./topics";

const from = (measurement: string) => `FROM "${OWN_DATABASE}".."${measurement}" WHERE ${CHOSEN_TIME}`;

/** Growth of counters of a consumer, per second. */
function growth(
  { measurement, where }: { measurement: string; where?: string },
  fields: readonly string[],
  per: string,
): string {
  const each = fields.map((field) => `non_negative_derivative(max("${field}"), ${per}) AS "${field}"`).join(", ");
  return `SELECT ${each} ${from(measurement)}${where ? ` AND ${where}` : ""} ${BY_INTERVAL}, "${OWN_COUNTERS.consumer}" fill(none)`;
}

/** What each run of the CronJob found. */
const found = (field: string, by: string) =>
  `SELECT max("${field}") AS "${field}" ${from(PROGRESS.measurement)} ${BY_INTERVAL}, "${by}" fill(none)`;

/** The data path of a site with these sinks. */
export function dataPathDashboard(sinks: readonly Sink[]): Dashboard {
  const { read, written, errors } = OWN_COUNTERS;
  const ofSal = sinks.filter(({ topics }) => cscsOf(topics).length > 0).map(({ database }) => database);
  const heartbeats = [...new Set(ofSal)].sort().map((database) => {
    const beats = String.raw`"${database}"../^lsst\.sal\.[^.]+\.logevent_heartbeat$/`;
    return lines(`Heartbeats of CSCs in ${database}`, "points per second", rate(SAL_COUNTER, beats));
  });
  return dashboard("Data path", [
    { height: 2, cells: [note("How to read this", HOW_TO_READ)] },
    {
      height: 4,
      cells: [
        lines("Age of the newest point, by consumer", "seconds", found(PROGRESS.age, PROGRESS.consumer)),
        lines("Not read yet (lag), by consumer group", "records", found(PROGRESS.lag, PROGRESS.group)),
      ],
    },
    {
      height: 4,
      cells: [
        lines("Points read from Kafka, by consumer", "points per second", growth(read, [read.points], "1s")),
        lines("Points given up, by consumer", "points per minute", growth(written, written.lost, "1m")),
      ],
    },
    {
      height: 4,
      cells: [
        lines(
          "Errors of reading, decoding and writing, by consumer",
          "errors per minute",
          growth(read, [errors], "1m"),
          growth(written, [errors], "1m"),
        ),
        lines(
          "Records that are no Avro, by topic",
          "records",
          `SELECT sum("records") AS "records" ${from(UNREADABLE)} ${BY_INTERVAL}, "topic" fill(none)`,
        ),
      ],
    },
    ...heartbeats.map((cell) => ({ height: 4, cells: [cell] })),
  ]);
}

const HOW_TO_READ = [
  "Data flows when the newest points are seconds old and lag does not grow.",
  "Age and lag are measured every five minutes; `npm run check` measures them now.",
  "What is given up is lost for InfluxDB and still in Kafka until its retention ends: docs/runbooks/refused-points.md.",
  "This dashboard is made by code and cannot be changed here: clone it, the copy is yours.",
].join(" ");
