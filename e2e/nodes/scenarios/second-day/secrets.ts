/** Secrets of a running site that change at their source, until every program uses the new ones. */
import { randomBytes } from "node:crypto";
import { influxdbOver } from "../../../../cli/shared/clients/influxdb";
import { until } from "../../../../cli/shared/process/until";
import { secondsSince } from "../../../../cli/shared/terminal/output";
import { INFLUXDB_ADMIN, INFLUXDB_READER } from "../../../../constructs/influxdb/secrets";
import { INFLUXDB_TELEGRAF } from "../../../../constructs/telegraf/secrets";
import { NAMESPACE } from "../../../../ground/namespaces";
import { inside } from "../../../../synthesized/stack";
import { SAL_CLIENT } from "../../../lifecycle/site/smallest";
import type { LiveObject } from "../../../../cli/shared/kubernetes/client";
import type { RunningSite } from "../../site/running-site";
import { runNow } from "../../site/schedule";
import { type Day, secondDay } from "./day";

const EXTERNAL_SECRETS = "/apis/external-secrets.io/v1/externalsecrets";
const SOURCES = `/api/v1/namespaces/${NAMESPACE.externalSecrets}/secrets`;

/** A value before and after. */
export interface Changed {
  readonly secret: string;
  readonly key: string;
  readonly before: string;
  readonly after: string;
}

/** The Secrets that hold what was generated for the site. */
export async function generatedSources(api: RunningSite["api"]): Promise<LiveObject[]> {
  const all = await api.list(SOURCES);
  return all.filter((one) => one["immutable"] === true);
}

/** Lets external-secrets look at its sources now. */
export async function syncNow(day: Day): Promise<void> {
  const mark = `force-sync=${Date.now()}`;
  await day.kubectl("annotate", "externalsecrets", "--all", "--all-namespaces", mark, "--overwrite");
}

/** Gives every generated password another value, as somebody does by `kubectl replace --force`. */
async function changeSources({ site }: Day): Promise<Changed[]> {
  const changed: Changed[] = [];
  for (const { metadata, spec } of await site.api.list(EXTERNAL_SECRETS)) {
    if (metadata.namespace !== NAMESPACE.externalSecrets) continue;
    const given = Object.keys(inside(spec, "target", "template", "data") ?? {});
    const old = await site.api.get(`${SOURCES}/${metadata.name}`);
    const keys = Object.keys(old?.data ?? {}).filter((key) => !given.includes(key));
    const values = Object.fromEntries(keys.map((key) => [key, randomBytes(16).toString("hex")]));
    if (!old || keys.length === 0) continue;
    for (const [key, after] of Object.entries(values))
      changed.push({
        secret: metadata.name,
        key,
        before: Buffer.from(old.data?.[key] ?? "", "base64").toString(),
        after,
      });
    const { name, labels, annotations } = old.metadata;
    await site.api.delete(`${SOURCES}/${name}`);
    await site.api.create(SOURCES, {
      metadata: { name, labels, annotations },
      immutable: true,
      type: old["type" as keyof typeof old],
      data: old.data,
      stringData: values,
    });
  }
  return changed;
}

/** Every copy of a changed value, by `<namespace>/<secret>`, that is not the new one yet. */
async function staleCopies({ site }: Day, changed: readonly Changed[]): Promise<string[]> {
  const stale: string[] = [];
  for (const { metadata, spec } of await site.api.list(EXTERNAL_SECRETS))
    for (const one of (inside(spec, "data") ?? []) as object[]) {
      const [place, key] = ["key", "property"].map((name) => String(inside(one, "remoteRef", name)));
      // In Vault below the path of the site.
      const secret = place?.split("/").at(-1);
      const value = changed.find((each) => each.secret === secret && each.key === key);
      if (!value) continue;
      const path = `/api/v1/namespaces/${metadata.namespace}/secrets/${metadata.name}`;
      const copy = (await site.api.get(path))?.data?.[String(inside(one, "secretKey"))] ?? "";
      if (Buffer.from(copy, "base64").toString() !== value.after) stale.push(`${metadata.namespace}/${metadata.name}`);
    }
  return stale;
}

/** Whether InfluxDB lets an account in. */
async function letsIn({ site }: Day, name: string, password: string): Promise<boolean> {
  const way = site.clients.inside({ namespace: NAMESPACE.influxdb, service: "influxdb", port: 8086 });
  return influxdbOver(way, { name, password })
    .query("efd", "SHOW MEASUREMENTS LIMIT 1")
    .then(
      () => true,
      (error: { status?: number }) => {
        if (error.status === 401) return false;
        // It may not read, but it is let in.
        if (error.status === 403) return true;
        throw error;
      },
    );
}

/** Accounts of InfluxDB, with the Secret of each. */
const ACCOUNTS = [
  ["admin", INFLUXDB_ADMIN.name, "influxdb-password"],
  ["telegraf", INFLUXDB_TELEGRAF.name, "password"],
  ["efdreader", INFLUXDB_READER.name, "password"],
] as const;

async function rotated(day: Day): Promise<void> {
  const { checks } = day;
  const old = day.data.account;
  const changed = await changeSources(day);
  checks.same("values that were changed at their source", changed.length > 3, true);
  await arriveEverywhere(day, changed);
  // Its own program's, which nobody restarts but its operator.
  await day.data.renew();
  if (old)
    checks.says(`Kafka refuses ${SAL_CLIENT.name} the old password`, await day.data.refusalOf(old), /AUTHENTICATION/);
}

/** Waits until every copy of changed values is new, then until every program uses them. */
export async function arriveEverywhere(day: Day, changed: readonly Changed[]): Promise<void> {
  const { site, checks } = day;
  await syncNow(day);
  const begin = Date.now();
  let stale: string[] = [];
  await until(180, async () => ((stale = await staleCopies(day, changed)).length === 0 ? true : undefined));
  checks.same(`copies of ${changed.length} values that are old`, stale, []);
  await day.meanwhile();
  checks.same(
    "InfluxDB's setup gives them to the accounts",
    (await runNow(day.site, NAMESPACE.influxdb, "influxdb-setup")).well,
    true,
  );
  checks.same("the schedule of restarts", (await runNow(day.site, NAMESPACE.telegraf, "rollouts")).well, true);
  await site.allReady(600);
  console.log(`        every copy was new and every program started with it ${secondsSince(begin)} s after that`);
  checks.same("a second run restarts nothing", await restartedBy(day), []);
  for (const [user, secret, key] of ACCOUNTS) {
    const value = changed.find((one) => one.secret === secret && one.key === key);
    if (!value) throw new Error(`${key} of ${secret} was not changed`);
    const seen = { new: await letsIn(day, user, value.after), old: await letsIn(day, user, value.before) };
    checks.same(`InfluxDB lets ${user} in`, seen, { new: true, old: false });
  }
}

/** Programs that another run of the schedule of restarts gives another generation. */
async function restartedBy(day: Day): Promise<string[]> {
  const generations = async () => {
    const found = new Map<string, unknown>();
    for (const kind of ["deployments", "statefulsets", "daemonsets"])
      for (const { metadata } of await day.site.api.list(`/apis/apps/v1/${kind}`))
        found.set(`${metadata.namespace}/${metadata.name}`, metadata.generation);
    return found;
  };
  const before = await generations();
  await runNow(day.site, NAMESPACE.telegraf, "rollouts");
  return [...(await generations())].filter(([name, now]) => before.get(name) !== now).map(([name]) => name);
}

/** Passwords that change. */
export const secretScenarios = [
  secondDay({
    name: "secrets-rotated",
    title: "every generated password changes at its source, and every program uses the new one",
    act: rotated,
  }),
];
