/** Secrets that change at their source: they reach every reader by themselves, and lie nowhere else. */
import { randomBytes } from "node:crypto";
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { findCanaries, type Canary, type Searched, textsBelow } from "../../rehearsal/layers/canaries";
import { run, type RunResult } from "../../../cli/shared/process/process";
import { until } from "../../../cli/shared/process/until";
import { EXTERNAL_SECRETS_PATH, withExternalSecrets } from "../site/external-secrets";
import { fieldsIn, inside, type Json, type ObjectJson } from "../../../synthesized/stack";
import { NAMESPACE } from "../../../ground/namespaces";
import { INFLUXDB_ADMIN, INFLUXDB_READER } from "../../../constructs/influxdb/secrets";
import { MARKER } from "../../../constructs/influxdb/setup-script";
import { INFLUXDB_TELEGRAF } from "../../../constructs/telegraf/secrets";
import { InfluxdbProcess, lacksInfluxdb } from "../site/influxdb";
import { apiServerOf, runCronJob } from "../site/pods";
import { expect, type TestSite } from "../site/test-site";
import { isInsideCluster } from "../../../environments/derived/layers";

/** Workloads whose pods read Secrets when they start. */
const WORKLOADS = ["deployments", "daemonsets", "statefulsets"].map((plural) => `/apis/apps/v1/${plural}`);
/** What names Secrets that somebody reads anew by himself: schedules, Strimzi, traefik. */
const READ_ANEW = [
  "/apis/batch/v1/cronjobs",
  "/apis/kafka.strimzi.io/v1/kafkausers",
  "/apis/kafka.strimzi.io/v1/kafkaconnects",
  "/apis/traefik.io/v1alpha1/middlewares",
];
/** A word that is in the stack, state and plan of every layer, so the search must find it. */
const CONTROL = "toy-efd.example.org";

const base64 = (text: string): string => Buffer.from(text).toString("base64");

/** A value that a program writes differently into JSON, into base64 and into a shell. */
export const newValue = (): string => `ro"ta\\ted-${randomBytes(16).toString("hex")}`;

/** A value of a Secret before and after. */
interface Rotated {
  readonly secret: string;
  readonly key: string;
  readonly before: string;
  readonly after: string;
}

/** Every secret of the site gets a new value at its source; nobody does anything by hand. */
export async function rotation(testSite: TestSite, tellNotRun: (reason: string) => void): Promise<string> {
  const values: Canary[] = [...(await withExternalSecrets(testSite)).values];
  const printed: Searched[] = [];
  const lacks = await lacksInfluxdb(run);
  if (lacks !== undefined) tellNotRun(`${lacks}: InfluxDB's setup with old and new passwords`);
  const influxdb = lacks === undefined ? await InfluxdbProcess.start(join(testSite.folder, "influxdb")) : undefined;
  try {
    // The operator came after the programs, which started without what it made.
    const before = await restarts(testSite, printed);
    expect(before.length > 0, "no program starts with a Secret");
    expect((await restarts(testSite, printed)).length === 0, "a second run restarts programs that read nothing new");
    await newIsOnlyMarked(testSite, printed);
    if (influxdb) await setUp(testSite, influxdb, printed);

    await sleep(1000); // the API server dates to the second
    const rotated = await rotate(testSite);
    values.push(
      ...rotated.flatMap(({ secret, key, before: old, after }) => [
        { name: `the old ${key} of ${secret}`, value: old },
        { name: `the new ${key} of ${secret}`, value: after },
      ]),
    );
    await withExternalSecrets(testSite);
    const arrived = await copiesOf(testSite, rotated);
    const at = Date.now();
    const restarted = await restarts(testSite, printed);
    expect(restarted.join() === before.join(), `restarted: ${restarted.join(", ")}; these read: ${before.join(", ")}`);
    await reachesAll(testSite, arrived, restarted);
    await renewed(testSite, restarted, at);
    if (influxdb) {
      await setUp(testSite, influxdb, printed);
      await isTaken(influxdb, rotated);
      await emptyIsNotNew(testSite, printed);
    }

    const texts = await textsOf(testSite, printed);
    const control = findCanaries([{ name: "control", value: CONTROL }], texts).join();
    for (const place of [/\.tfstate/, /\.tfplan \(/, /terraform show/, /cdk\.tf\.json/])
      expect(place.test(control), `the search does not see what is in ${place}: ${control}`);
    const found = findCanaries(values, texts);
    expect(found.length === 0, found.join("\n"));
    const accounts = influxdb ? ", InfluxDB took them" : "";
    return `${rotated.length} values in ${arrived.length} Secrets: ${restarted.length} programs restarted${accounts}; none in ${texts.length} states, plans and logs`;
  } finally {
    await influxdb?.stop();
  }
}

async function secretOf(testSite: TestSite, namespace: string, name: string): Promise<Record<string, string>> {
  const secret = await testSite.api.get(`/api/v1/namespaces/${namespace}/secrets/${name}`);
  return secret?.data ?? {};
}

/** Gives every generated value of the site's source another one. */
async function rotate(testSite: TestSite): Promise<Rotated[]> {
  const rotated: Rotated[] = [];
  for (const { metadata, spec } of await testSite.items(
    EXTERNAL_SECRETS_PATH.replace("externalsecrets", `namespaces/${NAMESPACE.externalSecrets}/externalsecrets`),
  )) {
    const given = Object.keys(inside(spec, "target", "template", "data") ?? {});
    const data = await secretOf(testSite, NAMESPACE.externalSecrets, metadata.name);
    const changed = Object.fromEntries(
      Object.keys(data)
        .filter((key) => !given.includes(key))
        .map((key) => [key, newValue()]),
    );
    for (const [key, after] of Object.entries(changed))
      rotated.push({
        secret: metadata.name,
        key,
        before: Buffer.from(data[key] ?? "", "base64").toString(),
        after,
      });
    await replaceSecret(testSite, metadata.name, changed);
  }
  return rotated;
}

/** Gives an immutable Secret of the source other values, as `kubectl replace --force` does: it is made anew. */
export async function replaceSecret(
  testSite: TestSite,
  name: string,
  stringData: Record<string, string>,
): Promise<void> {
  const path = `/api/v1/namespaces/${NAMESPACE.externalSecrets}/secrets`;
  const old = await testSite.api.get(`${path}/${name}`);
  expect(old?.["immutable"] === true, `the generated Secret ${name} may be changed by whoever likes`);
  await testSite.api.delete(`${path}/${name}`);
  const { labels, annotations } = old.metadata;
  const { immutable, type, data } = old as Json;
  await testSite.api.create(path, { metadata: { name, labels, annotations }, immutable, type, data, stringData });
}

/** The Secrets of all namespaces that hold a rotated value; each holds the new one. */
async function copiesOf(testSite: TestSite, rotated: readonly Rotated[]): Promise<string[]> {
  const copies = new Set<string>();
  for (const { metadata, spec } of await testSite.items(EXTERNAL_SECRETS_PATH))
    for (const one of (spec?.["data"] ?? []) as Json[]) {
      const [secret, key] = ["key", "property"].map((name) => inside(one, "remoteRef", name));
      const value = rotated.find((each) => each.secret === secret && each.key === key);
      if (!value) continue;
      const { namespace = "", name } = metadata;
      const now = (await secretOf(testSite, namespace, name))[String(one["secretKey"])];
      expect(
        now === base64(value.after),
        `Secret ${namespace}/${name} has not the new ${value.key} of ${value.secret}`,
      );
      copies.add(`${namespace}/${name}`);
    }
  expect(copies.size > 0, "no Secret is made of what was rotated");
  return [...copies];
}

/** Runs the CronJob that restarts programs; the ones that it restarted. Kafka's list and the registry are simulated. */
async function restarts(testSite: TestSite, printed: Searched[]): Promise<string[]> {
  const programs = join(testSite.folder, "programs");
  mkdirSync(programs, { recursive: true });
  const list = join(programs, "kafka-topics.sh");
  writeFileSync(list, "#!/bin/sh\nprintf '%s\\n' _schemas lsst.sal.Test.logevent_heartbeat\n");
  chmodSync(list, 0o755);
  const registry = createServer((_request, response) => response.end("[]")).listen(0, "127.0.0.1");
  await new Promise((resolve) => registry.once("listening", resolve));
  try {
    const { code, stdout, stderr } = await runCronJob(testSite, "telegraf", "rollouts", {
      PATH: `${programs}:${testSite.env["PATH"] ?? ""}`,
      API_SERVER: apiServerOf(testSite),
      REGISTRY: `http://127.0.0.1:${(registry.address() as AddressInfo).port}`,
    });
    printed.push({ name: "what rollouts said", text: `${stdout}\n${stderr}` });
    expect(code === 0, `rollouts ended with ${code}: ${stderr.trim()}`);
    return [...stdout.matchAll(/^(\S+) restarts, /gm)].map((match) => match[1] ?? "").sort();
  } finally {
    registry.close();
  }
}

/** A program that is made after its Secrets is marked, and does not restart. */
async function newIsOnlyMarked(testSite: TestSite, printed: Searched[]): Promise<void> {
  const path = "/apis/apps/v1/namespaces/kafka/deployments";
  const old = await testSite.api.get(`${path}/schema-registry`);
  expect(old !== undefined, "there is no schema registry");
  const spec = { ...old.spec, template: { ...(old.spec?.["template"] as Json) } };
  const { labels } = inside(spec.template, "metadata") as Json;
  await testSite.api.delete(`${path}/schema-registry`);
  await until(180, async () => (await testSite.api.get(`${path}/schema-registry`)) === undefined || undefined);
  const { name, labels: own } = old.metadata;
  await testSite.api.create(path, {
    metadata: { name, labels: own },
    spec: { ...spec, template: { ...spec.template, metadata: { labels } } },
  });
  const restarted = await restarts(testSite, printed);
  expect(restarted.length === 0, `a program that is new restarts: ${restarted.join(", ")}`);
  const made = await testSite.api.get(`${path}/schema-registry`);
  const mark = made?.metadata.annotations?.["efd/secrets-are"] ?? "";
  expect(/^-[0-9a-f]{16}$/.test(mark), `a program that is new is marked with "${mark}"`);
}

/** Names of Secrets in an object. */
function secretsIn(object: unknown): string[] {
  return fieldsIn(object).flatMap(({ key, value }) => {
    if (key === "secretKeyRef" || key === "secretRef") return [String(inside(value, "name"))];
    return (key === "secretName" || key === "secret") && typeof value === "string" ? [value] : [];
  });
}

/** Objects that name Secrets, each with these. */
async function naming(testSite: TestSite, paths: readonly string[]): Promise<{ object: string; secrets: string[] }[]> {
  const objects: ObjectJson[] = [];
  for (const path of paths) objects.push(...(await testSite.items(path)));
  return objects.map(({ metadata: { namespace, name }, spec }) => ({
    object: `${namespace}/${name}`,
    secrets: secretsIn(spec).map((secret) => `${namespace}/${secret}`),
  }));
}

/** Secrets that accounts may read through the API whenever they need them, as Kafka Connect's workers do. */
async function readByApi(testSite: TestSite): Promise<string[]> {
  const roles = await testSite.items("/apis/rbac.authorization.k8s.io/v1/roles");
  return roles
    .filter(({ metadata: { name } }) => name !== "rollouts")
    .flatMap(({ metadata: { namespace }, ...role }) =>
      ((role["rules"] ?? []) as { resources?: string[]; resourceNames?: string[] }[])
        .filter(({ resources }) => resources?.includes("secrets"))
        .flatMap(({ resourceNames = [] }) => resourceNames.map((name) => `${namespace}/${name}`)),
    );
}

/** Every workload that reads one of these Secrets restarts, and each Secret has a reader. */
async function reachesAll(testSite: TestSite, secrets: readonly string[], restarted: readonly string[]): Promise<void> {
  const readers = (await naming(testSite, WORKLOADS)).filter((one) =>
    one.secrets.some((name) => secrets.includes(name)),
  );
  const left = readers.filter(({ object }) => !restarted.includes(object)).map(({ object }) => object);
  expect(left.length === 0, `nobody restarts ${left.join(", ")}`);
  const config = await testSite.api.get("/api/v1/namespaces/telegraf/configmaps/rollouts");
  const targets = String(inside(config, "data", "targets"))
    .trim()
    .split("\n");
  const read = [
    ...targets.flatMap((line) => {
      const [namespace, , , names = ""] = line.split(" ");
      return names.split(",").map((name) => `${namespace}/${name}`);
    }),
    ...(await naming(testSite, READ_ANEW)).flatMap((one) => one.secrets),
    ...(await readByApi(testSite)),
  ];
  const unread = secrets.filter((name) => !read.includes(name));
  expect(unread.length === 0, `whoever reads ${unread.join(", ")} does not get what is new`);
}

/** Waits until no pod of these programs began before that time. */
async function renewed(testSite: TestSite, programs: readonly string[], at: number): Promise<void> {
  let old: string[] = [];
  const gone = await until(180, async () => {
    old = (await testSite.items("/api/v1/pods"))
      .filter(({ metadata }) => metadata["deletionTimestamp"] === undefined)
      .filter(({ metadata: { namespace, name } }) =>
        programs.some((one) => `${namespace}/${name}`.startsWith(`${one}-`)),
      )
      .filter(({ metadata }) => Date.parse(String(metadata["creationTimestamp"])) < at - 1000)
      .map(({ metadata: { namespace, name } }) => `${namespace}/${name}`);
    return old.length === 0 || undefined;
  });
  expect(gone === true, `still there with what they started with: ${old.join(", ")}`);
}

/** Runs InfluxDB's setup with the Secrets as they are. */
async function setUp(testSite: TestSite, influxdb: InfluxdbProcess, printed: Searched[]): Promise<void> {
  const { code, stderr } = await runSetup(testSite, influxdb, printed);
  expect(code === 0, `InfluxDB's setup ended with ${code}: ${stderr.trim()}`);
}

async function runSetup(testSite: TestSite, { port }: InfluxdbProcess, printed: Searched[]): Promise<RunResult> {
  const result = await runCronJob(testSite, "influxdb", "influxdb-setup", {
    PATH: testSite.env["PATH"] ?? "",
    API_SERVER: apiServerOf(testSite),
    INFLUXDB_HOST: "127.0.0.1",
    INFLUXDB_PORT: String(port),
  });
  printed.push({ name: "what InfluxDB's setup said", text: `${result.stdout}\n${result.stderr}` });
  return result;
}

/** An InfluxDB whose volume is gone is not taken for a new one, as long as the cluster remembers that it was set up. */
async function emptyIsNotNew(testSite: TestSite, printed: Searched[]): Promise<void> {
  const empty = await InfluxdbProcess.start(join(testSite.folder, "influxdb-empty"));
  try {
    const { code, stderr } = await runSetup(testSite, empty, printed);
    expect(
      code === 1 && stderr.includes("InfluxDB is empty, and it was set up before"),
      `an empty InfluxDB is set up anew: ${code}, ${stderr.trim()}`,
    );
    await testSite.api.delete(`/api/v1/namespaces/influxdb/configmaps/${MARKER}`);
    await setUp(testSite, empty, printed);
  } finally {
    await empty.stop();
  }
}

/** InfluxDB lets its accounts in with the new passwords, and not with the old ones. */
async function isTaken(influxdb: InfluxdbProcess, rotated: readonly Rotated[]): Promise<void> {
  for (const [user, secret, key] of [
    [INFLUXDB_ADMIN.keys["influxdb-user"].generated, INFLUXDB_ADMIN.name, "influxdb-password"],
    ["telegraf", INFLUXDB_TELEGRAF.name, "password"],
    ["efdreader", INFLUXDB_READER.name, "password"],
  ] as const) {
    const value = rotated.find((one) => one.secret === secret && one.key === key);
    expect(value !== undefined, `${key} of ${secret} was not rotated`);
    expect(await influxdb.letsIn(user, value.after), `InfluxDB refuses ${user} its new password`);
    expect(!(await influxdb.letsIn(user, value.before)), `InfluxDB lets ${user} in with its old password`);
  }
}

/** All states, stacks, plans and logs of the site, and what its programs said. */
async function textsOf(testSite: TestSite, printed: readonly Searched[]): Promise<Searched[]> {
  const { session } = testSite.session(testSite.site());
  const shown: Searched[] = [];
  try {
    for (const { layer, name } of session.stacks) {
      if (!isInsideCluster(layer)) continue;
      await session.applied(layer);
      const terraform = session.terraform(layer);
      expect((await terraform.plan()).saved, `${name} was not planned`);
      shown.push({ name: `terraform show of ${name}`, text: await terraform.showPlan() });
    }
    const files = [".state", ".logs", "cdktf.out"].flatMap((folder) => textsBelow(join(testSite.folder, folder)));
    const logs = ["printed.log", join("influxdb", "influxd.log")].flatMap((file) =>
      textOf(join(testSite.folder, file)),
    );
    return [...files, ...logs, ...shown, ...printed];
  } finally {
    for (const { layer } of session.stacks) session.terraform(layer).forgetPlan();
  }
}

function textOf(path: string): Searched[] {
  try {
    return [{ name: path, text: readFileSync(path, "latin1") }];
  } catch {
    return []; // it does not run here
  }
}
