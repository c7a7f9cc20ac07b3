import { chmodSync, copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { run } from "../../../cli/shared/process/process";
import { type Consumer } from "../../../constructs/telegraf/telegraf-config";
import { Progress, progressLines } from "../../../constructs/telegraf/progress";
import { TELEGRAF_DEFAULTS } from "../../../environments/systems/telegraf/defaults";
import { at, built, INFLUXDB, only } from "../support";

/** Scripts that lie beside one another in the pod. */
const SCRIPTS = ["kubernetes/patience.sh", "kafka/client.sh", "telegraf/progress.sh"];

const consumer = (name: string, topics: string[], database = "efd"): Consumer => ({
  ...TELEGRAF_DEFAULTS,
  name,
  topics,
  database,
  tags: [],
});
const CONSUMERS = [
  consumer("m1m3", ["lsst.sal.MTM1M3.*", "lsst.sal.MTM1M3TS.*"]),
  consumer("camera", ["lsst.ATCamera*"], "lsst.ATCamera"),
];

test("one line a consumer; the newest point is looked for where the field is known", () => {
  expect(progressLines(CONSUMERS)).toBe(
    String.raw`m1m3 telegraf-kafka-consumer-m1m3 efd ^lsst\.sal\.MTM1M3\..*$|^lsst\.sal\.MTM1M3TS\..*$` +
      "\ncamera telegraf-kafka-consumer-camera lsst.ATCamera -\n",
  );
});

test("it has no account of Kubernetes, and its passwords from Secrets", () => {
  const view = built((stack) => {
    new Progress(stack, "progress", {
      consumers: CONSUMERS,
      kafka: { bootstrap: "kafka:9092", version: "4.3.1", maxMessageBytes: 1 },
      influxdb: INFLUXDB,
      dependsOn: [],
    });
  });
  const pod = at(only(view, "kubernetes_cron_job_v1"), "spec.job_template.spec.template.spec");
  expect(pod).toMatchObject({ automount_service_account_token: false });
  const env = at(pod, "container.0.env") as { name: string; value?: string; value_from?: object }[];
  const secret = (name: string) =>
    at(
      env.find((one) => one.name === name),
      "value_from.secret_key_ref.name",
    );
  expect(["KAFKA_PASSWORD", "WRITER_PASSWORD", "READER_PASSWORD"].map(secret)).toEqual([
    "kafka-telegraf",
    "telegraf-secret",
    "efdreader",
  ]);
  expect(env.filter(({ name, value }) => name.endsWith("PASSWORD") && value !== undefined)).toEqual([]);
});

describe("the script", () => {
  let folder: string;
  let server: Server;
  let written: string[];
  let asked: string[];
  /** Seconds since 1970 of the newest points. */
  let newest: number[];
  let logins: string[];
  /** How many more times nobody is served. */
  let refusals: number;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), "efd-progress-"));
    [written, asked, newest, logins] = [[], [], [], []];
    refusals = 0;
    server = createServer((request, answer) => {
      const url = new URL(request.url ?? "", "http://influxdb");
      if (refusals > 0) {
        refusals -= 1;
        answer.writeHead(503).end();
        return;
      }
      const login = Buffer.from((request.headers.authorization ?? "").replace("Basic ", ""), "base64").toString();
      logins.push(`${url.pathname} ${login}`);
      let body = "";
      request.on("data", (text: Buffer) => (body += String(text)));
      request.on("end", () => {
        if (url.pathname === "/write") written.push(...body.trim().split("\n"));
        else asked.push(url.searchParams.get("q") ?? "");
        const series = newest.map((time, i) => ({ name: `m${i}`, columns: ["time", "last"], values: [[time, 7]] }));
        answer.statusCode = url.pathname === "/write" ? 204 : 200;
        answer.end(JSON.stringify({ results: [{ statement_id: 0, ...(newest.length > 0 && { series }) }] }));
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    program("kafka-consumer-groups.sh", `cp "$4" "$STATE/client.properties"; cat "$STATE/groups"`);
    writeFileSync(join(folder, "consumers"), progressLines(CONSUMERS));
    for (const file of SCRIPTS)
      copyFileSync(join(__dirname, "..", "..", "..", "constructs", file), join(folder, basename(file)));
    writeFileSync(
      join(folder, "groups"),
      [
        "",
        "GROUP TOPIC PARTITION CURRENT-OFFSET LOG-END-OFFSET LAG CONSUMER-ID HOST CLIENT-ID",
        "telegraf-kafka-consumer-m1m3 lsst.sal.MTM1M3.a 0 7 10 3 - - -",
        "telegraf-kafka-consumer-m1m3 lsst.sal.MTM1M3.b 0 - 5 - - - -",
        "telegraf-kafka-consumer-m1m3 lsst.sal.MTM1M3.c 0 1 5 4 - - -",
        "telegraf-kafka-consumer-m1m3-repairer-2 lsst.sal.MTM1M3.c 0 0 5 5 - - -",
        "telegraf-kafka-consumer-m1m3ts lsst.sal.MTM1M3TS.c 0 0 9 9 - - -",
        "telegraf-kafka-consumer-camera lsst.ATCamera.vacuum 0 5 5 0 - - -",
        "",
      ].join("\n"),
    );
  });
  afterEach(() => {
    server.close();
    rmSync(folder, { recursive: true, force: true });
  });

  function program(name: string, text: string): void {
    writeFileSync(join(folder, name), `#!/bin/sh\n${text}\n`);
    chmodSync(join(folder, name), 0o755);
  }
  const measure = (env: Record<string, string> = {}) =>
    run("bash", [join(folder, "progress.sh")], {
      env: {
        PATH: `${folder}:${process.env["PATH"] ?? ""}`,
        TMPDIR: folder,
        STATE: folder,
        CONSUMERS: join(folder, "consumers"),
        KAFKA_BROKERS: "kafka:9092",
        KAFKA_USER: "telegraf",
        KAFKA_PASSWORD: 'k"\\',
        INFLUXDB_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
        OWN_DATABASE: "telegraf",
        MEASUREMENT: "efd_progress",
        FIELD: "private_seqNum",
        WRITER: "telegraf",
        WRITER_PASSWORD: 'w"&',
        READER: "efdreader",
        READER_PASSWORD: "r 'x'",
        PATIENCE: "0",
        PAUSE: "0.2",
        ...env,
      },
    });
  const ageIn = (lines: readonly string[]) => Number(/ age=(\d+)i/.exec(lines.join("\n"))?.[1]);

  test("writes the lag of each group, those of repairs too, and the age of the newest point", async () => {
    const now = Math.floor(Date.now() / 1000);
    newest = [now - 900, now - 30];
    expect(await measure()).toMatchObject({ code: 0, stdout: "2 consumers, 4 points", stderr: "" });
    expect(written.filter((line) => line.includes("lag=")).sort()).toEqual([
      "efd_progress,consumer=camera,consumer_group=telegraf-kafka-consumer-camera lag=0i",
      "efd_progress,consumer=m1m3,consumer_group=telegraf-kafka-consumer-m1m3 lag=7i",
      "efd_progress,consumer=m1m3,consumer_group=telegraf-kafka-consumer-m1m3-repairer-2 lag=5i",
    ]);
    expect(ageIn(written)).toBeGreaterThanOrEqual(30);
    expect(ageIn(written)).toBeLessThanOrEqual(Math.floor(Date.now() / 1000) - now + 30);
    expect(asked).toEqual([
      String.raw`SELECT last("private_seqNum") FROM "efd"../^lsst\.sal\.MTM1M3\..*$|^lsst\.sal\.MTM1M3TS\..*$/ WHERE time > now() - 1h`,
    ]);
    expect(logins).toEqual([`/query efdreader:r 'x'`, `/write telegraf:w"&`, `/write telegraf:w"&`]);
    expect(readFileSync(join(folder, "client.properties"), "utf8")).toContain(String.raw`password="k\\"\\\\"`);
  });

  test("an hour stands for a newest point that nobody finds, and a point of the future is as old as now", async () => {
    await measure();
    expect(ageIn(written)).toBe(3600);
    newest = [Math.floor(Date.now() / 1000) + 500];
    written = [];
    await measure();
    expect(ageIn(written)).toBe(0);
  });

  test("brokers that say nothing are named, and the age is written all the same", async () => {
    program("kafka-consumer-groups.sh", "echo 'no broker answers' >&2; exit 1");
    const { code, stderr } = await measure();
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: "Kafka tells telegraf of no group at kafka:9092: no broker answers",
    });
    expect(written).toEqual(["efd_progress,consumer=m1m3 age=3600i"]);
  });

  test("that Kafka's program ends with 0 where nobody answers hides nothing", async () => {
    program("kafka-consumer-groups.sh", "echo; echo 'Error: Failed to find brokers to send ListGroups'");
    const { code, stderr } = await measure();
    expect(code).toBe(1);
    expect(stderr).toMatch(/^Kafka tells telegraf of no group at kafka:9092: Error: Failed to find brokers/);
  });

  test("before the first record there is no group, which is no fault", async () => {
    program("kafka-consumer-groups.sh", "exit 0");
    expect(await measure()).toMatchObject({ code: 0, stdout: "2 consumers, 1 points", stderr: "" });
  });

  /** Brokers that name no group, and answer whoever asks for one by its name so. */
  const hideGroups = (answer: string) =>
    program(
      "kafka-consumer-groups.sh",
      `for word; do case $word in --all-groups) exit 0 ;; esac; done; echo "$@" >> "$STATE/asked"; ${answer}`,
    );

  test("groups that the account may not see are not taken for groups that are not there yet", async () => {
    // As Kafka 4.3.1 answers, whose program ends with 0.
    hideGroups(
      "echo; echo 'Error: Executing consumer group command failed due to org.apache.kafka.common.errors.GroupAuthorizationException: FindCoordinator request failed due to authorization failure'",
    );
    expect(await measure()).toMatchObject({
      code: 1,
      stdout: "2 consumers, 1 points",
      stderr:
        "Kafka does not let telegraf see the group telegraf-kafka-consumer-m1m3: give it the right to describe its groups",
    });
  });

  test("each group that is not among those that Kafka names is asked for by its name, and no other", async () => {
    hideGroups("echo; echo 'Error: … org.apache.kafka.common.errors.GroupIdNotFoundException: Group x not found.'");
    expect(await measure()).toMatchObject({ code: 0, stdout: "2 consumers, 1 points", stderr: "" });
    const asked = readFileSync(join(folder, "asked"), "utf8").match(/--group \S+/g);
    expect(asked).toEqual(["--group telegraf-kafka-consumer-m1m3", "--group telegraf-kafka-consumer-camera"]);
    rmSync(join(folder, "asked"));
    program("kafka-consumer-groups.sh", 'echo "$@" >> "$STATE/asked"; cat "$STATE/groups"');
    await measure();
    expect(readFileSync(join(folder, "asked"), "utf8")).not.toContain("--group ");
  });

  test("brokers that may be starting are asked again, after the age was written", async () => {
    program(
      "kafka-consumer-groups.sh",
      'if [ ! -e "$STATE/asked" ]; then touch "$STATE/asked"; exit 1; fi; cat "$STATE/groups"',
    );
    const { code, stdout } = await measure({ PATIENCE: "600" });
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^Kafka tells telegraf of no group at kafka:9092: .*: asks again for \d+ s.*\n2 consumers, 4 points$/,
    );
    expect(written.findIndex((line) => line.includes("age="))).toBe(0);
  });

  test("an InfluxDB that may be starting is asked again", async () => {
    refusals = 2;
    expect(await measure({ PATIENCE: "600" })).toMatchObject({ code: 0 });
    expect(written).toHaveLength(4);
  });

  test("an InfluxDB that does not answer is named, without a password", async () => {
    const { code, stderr } = await measure({ INFLUXDB_URL: "http://127.0.0.1:1" });
    expect(code).toBe(1);
    expect(stderr).toMatch(/^InfluxDB does not tell efdreader the newest points at http:\/\/127\.0\.0\.1:1: /);
    expect(stderr).toMatch(/InfluxDB does not take how far consumers are/);
    expect(stderr).not.toMatch(/r 'x'|w"&/);
  });
});
