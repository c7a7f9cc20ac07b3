/** What InfluxDB said of its write-ahead logs when it started, as long as its log goes back to that. */
import { NAMESPACE } from "../../../ground/namespaces";
import { inside } from "../../../synthesized/stack";
import { ApiError } from "../../shared/kubernetes/client";
import { some } from "../../shared/terminal/some";
import type { Check, CheckProps, Verdict } from "../model/verdict";

/** Of the log's begin, where it opens its shards. */
const LOG = `/api/v1/namespaces/${NAMESPACE.influxdb}/pods/influxdb-0/log?limitBytes=${2 ** 20}`;
/** Lines of before-start.sh: the last one of each start, and that of each log that it could not help. */
const [STARTED, HELPLESS] = [/^write-ahead logs: /m, /^write-ahead log: (\S.*?) gets no segment/gm] as const;
/** InfluxDB's own line of a log of which it cuts the end. It quotes a path where that has blanks. */
const CUT = /^.*\bFile corrupt\b.*\bpath=("[^"]*"|\S+)/gm;

async function start({ clients: { cluster } }: CheckProps): Promise<Verdict[]> {
  const answer = await cluster.get(LOG).catch((error: unknown) => {
    // What keeps its pod from its log is said with the pods.
    if (error instanceof ApiError) return undefined;
    throw error;
  });
  const log = String(inside(answer, "message") ?? "");
  if (!STARTED.test(log)) return [];
  const of = (lines: RegExp) => [...log.matchAll(lines)].map(([, path = ""]) => path);
  const [helpless, cut] = [of(HELPLESS), of(CUT)];
  const common = { what: "start", healthy: "no write-ahead log was cut", page: "docs/operations.md" };
  if (helpless.length > 0)
    return [
      {
        ...common,
        level: "warn",
        measured: `${helpless.length} write-ahead logs go on where they ended: ${some(helpless)}`,
        remedy:
          "what it took since then may be lost at its next start: make room on its disk, then let consumers rest as the page says",
      },
    ];
  if (cut.length === 0) return [{ ...common, level: "ok", measured: "no write-ahead log was cut" }];
  return [
    {
      ...common,
      level: "warn",
      measured: `${cut.length} write-ahead logs were cut: ${some(cut)}`,
      remedy:
        "nothing after a full disk or a power cut: their writers had not heard that it was written, and write it again; else its disk loses what it has: see the log of its machine",
    },
  ];
}

/** Checks of InfluxDB's last start. */
export const influxdbStartChecks: readonly Check[] = [{ subject: "influxdb", title: "start", seconds: 15, run: start }];
