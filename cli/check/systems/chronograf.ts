/** Checks of Chronograf: whether it answers, and has its sources and dashboards. */
import { NAMESPACE } from "../../../ground/namespaces";
import { inside, type Json } from "../../../synthesized/stack";
import type { Http } from "../../shared/clients/http";
import type { LiveObject } from "../../shared/kubernetes/client";
import { parseJson } from "../../shared/kubernetes/request";
import { orDown } from "../model/down";
import type { Check, CheckProps, Verdict } from "../model/verdict";

/** The chart's Service, by our name of the release. */
const SERVICE = { namespace: NAMESPACE.chronograf, service: "efd-chronograf", port: 80 };
/** ConfigMap with the sources and dashboards that the site's code has. */
const FILES = `/api/v1/namespaces/${NAMESPACE.chronograf}/configmaps/chronograf-files`;
const LOG = `kubectl -n ${NAMESPACE.chronograf} logs deployment/${SERVICE.service}`;

async function chronograf({ site, clients }: CheckProps): Promise<Verdict[]> {
  const healthy = "it answers with its sources";
  const chronograf = clients.inside(SERVICE);
  const { status, text } = await chronograf.ask({ path: "/chronograf/v1/sources" });
  if (status === 401 || status === 403)
    return [
      {
        level: "ok",
        what: "Chronograf",
        measured: `it answers, and asks for a login (${site.login}): its sources and dashboards cannot be seen from here`,
        healthy,
      },
    ];
  if (status !== 200)
    return [
      {
        level: "fail",
        what: "Chronograf",
        measured: `it answers with status ${status}: ${text.slice(0, 200)}`,
        healthy,
        remedy: `read its log: ${LOG}`,
      },
    ];
  const sources = (parseJson(text)["sources"] ?? []) as Json[];
  const [influxdb, kapacitor] = [sources.length, await kapacitorsOf(chronograf, sources)];
  const lacking = [
    ...(influxdb === 0 ? ["no source"] : []),
    ...(kapacitor === 0 ? ["no connection to Kapacitor"] : []),
  ];
  const measured = `${count(influxdb, "source")}, ${count(kapacitor, "connection")} to Kapacitor`;
  const source: Verdict =
    lacking.length === 0
      ? { level: "ok", what: "Chronograf's sources", measured, healthy }
      : {
          level: "warn",
          what: "Chronograf's sources",
          measured: `it answers, and has ${lacking.join(" and ")}`,
          healthy: "one of InfluxDB, and its connection to Kapacitor",
          remedy: `npm run deploy -- ${site.name} efd brings them; ${LOG} says why it does not read them`,
        };
  return [source, ...(await dashboards(chronograf, clients))];
}

async function kapacitorsOf(chronograf: Http, sources: readonly Json[]): Promise<number> {
  const answers = await Promise.all(
    sources.map((source) => chronograf.ask({ path: `/chronograf/v1/sources/${String(source["id"])}/kapacitors` })),
  );
  return answers.reduce((sum, { text }) => sum + ((parseJson(text)["kapacitors"] ?? []) as Json[]).length, 0);
}

/** That every dashboard of the site's code is there; nothing where the code has none. */
async function dashboards(chronograf: Http, { cluster }: CheckProps["clients"]): Promise<Verdict[]> {
  const [files, { text }] = await Promise.all([
    cluster.get(FILES),
    chronograf.ask({ path: "/chronograf/v1/dashboards" }),
  ]);
  const wanted = Object.entries((files as LiveObject | undefined)?.data ?? {}).flatMap(([file, content]) =>
    file.endsWith(".dashboard") ? [String(inside(parseJson(content), "name"))] : [],
  );
  if (wanted.length === 0) return [];
  const found = ((parseJson(text)["dashboards"] ?? []) as Json[]).map((one) => String(one["name"]));
  const missing = wanted.filter((name) => !found.includes(name));
  const common = { what: "Chronograf's dashboards", healthy: `the site's ${wanted.length} are there` };
  if (missing.length === 0)
    return [
      {
        ...common,
        level: "ok",
        measured: `${count(found.length, "dashboard")}, the site's ${wanted.length} among them`,
      },
    ];
  return [
    {
      ...common,
      level: "warn",
      measured: `${missing.length} of ${wanted.length} are missing: ${missing.slice(0, 5).join(", ")}`,
      remedy: `${LOG} says why it does not read its files`,
    },
  ];
}

const count = (number: number, word: string): string => `${number} ${word}${number === 1 ? "" : "s"}`;

const DOWN = {
  what: "Chronograf",
  healthy: "it answers with its sources",
  remedy: `see why: kubectl -n ${NAMESPACE.chronograf} get pods; ${LOG}`,
};

/** Checks of Chronograf. */
export const chronografChecks: readonly Check[] = [
  {
    subject: "chronograf",
    title: "Chronograf's answer, sources and dashboards",
    seconds: 15,
    run: orDown(DOWN, chronograf),
  },
];
