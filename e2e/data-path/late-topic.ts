/** A topic that appears while its consumer runs: the script of the CronJob restarts it, and all arrives. */
import { setTimeout as sleep } from "node:timers/promises";
import { mkdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { delimiter, join } from "node:path";
import { run } from "../../cli/shared/process/process";
import { isObject, type Json } from "../../synthesized/stack";
import type { Checks } from "./check";
import { writeKafkaPrograms } from "./kafka-programs";
import { send, simple } from "./simple-topic";
import { CONSUMER, passwordIn } from "./site";
import type { World } from "./world";

/** What the script asks an API server: Secrets, and workloads that it annotates. */
class Api {
  /** Names of workloads whose pods were annotated, since it was asked last. */
  readonly restarted: string[] = [];
  private readonly workloads = new Map<string, Json>();
  private readonly server = createServer((asked, answer) => {
    const [path = ""] = (asked.url ?? "").split("?");
    const name = path.split("/").at(-1) ?? "";
    let body = "";
    asked.on("data", (text: Buffer) => (body += String(text)));
    asked.on("end", () => {
      answer.setHeader("content-type", "application/json");
      if (path.includes("/secrets/")) return answer.end(secret(name));
      if (asked.method === "PATCH") {
        const patch = JSON.parse(body) as Json;
        if (isObject(patch["spec"])) this.restarted.push(name);
        this.workloads.set(name, merge(this.workload(name), patch) as Json);
      }
      return answer.end(JSON.stringify(this.workload(name)));
    });
  });

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** From now on the pod of a workload is not available. */
  isDown(name: string): void {
    this.workloads.set(name, { ...this.workload(name), status: { replicas: 1, unavailableReplicas: 1 } });
  }

  /** A workload that nobody restarted yet was made after the Secrets. */
  private workload(name: string): Json {
    return this.workloads.get(name) ?? { metadata: { name, creationTimestamp: "2026-01-01T00:00:01Z" } };
  }

  close(): void {
    this.server.close();
  }
}

function secret(name: string): string {
  const data = { password: Buffer.from(passwordIn(name)).toString("base64") };
  const managedFields = [{ manager: "external-secrets", time: "2026-01-01T00:00:00Z" }];
  return JSON.stringify({ kind: "Secret", metadata: { name, resourceVersion: "1", managedFields }, data });
}

/** A merge patch. */
function merge(value: unknown, patch: unknown): unknown {
  if (!isObject(patch)) return patch;
  const old = isObject(value) ? value : {};
  return { ...old, ...Object.fromEntries(Object.entries(patch).map(([key, one]) => [key, merge(old[key], one)])) };
}

/** Runs the script as its pod does; what it restarted. */
async function restarts(
  world: World,
  api: Api,
  server: string,
  asked: Readonly<Record<string, string>> = {},
): Promise<{ code: number; restarted: string[]; said: string }> {
  const folder = join(world.folder, "rollouts");
  mkdirSync(folder, { recursive: true });
  const { files, env } = world.site.restarts();
  for (const [file, text] of Object.entries(files)) writeFileSync(join(folder, file), text);
  writeKafkaPrograms(folder, world.installed.home);
  for (const file of ["token", "ca.crt"]) writeFileSync(join(folder, file), "made up");
  api.restarted.length = 0;
  const { code, stdout, stderr } = await run("bash", [join(folder, "rollouts.sh")], {
    env: {
      ...env,
      TMPDIR: world.folder,
      PATH: [folder, world.installed.env["PATH"]].join(delimiter),
      TARGETS: join(folder, "targets"),
      API_SERVER: server,
      ACCOUNT: folder,
      KAFKA_BROKERS: world.kafka.listener,
      REGISTRY: world.registry.url,
      PATIENCE: "0",
      ...asked,
    },
  });
  return { code, restarted: [...api.restarted], said: `${stdout}${stderr}` };
}

/** All of it. */
export async function lateTopic(world: World, checks: Checks): Promise<void> {
  const api = new Api();
  const server = await api.listen();
  try {
    const early = await simple(world, "early");
    const [running] = world.start([CONSUMER]);
    if (!running) throw new Error(`there is no consumer ${CONSUMER}`);
    await send(world, early, 1);
    checks.same("the consumer takes a topic that was there before it", await world.arrived(early.name, 1), 1);
    const first = await restarts(world, api, server);
    checks.same("the script's first run ends well", first.code === 0 ? 0 : first.said, 0);
    const ours = first.restarted.filter((one) => one === `telegraf-${CONSUMER}`);
    checks.same("the first run leaves a consumer that has all its topics", ours, []);
    const quiet = await restarts(world, api, server);
    checks.same("nothing changed, nothing restarts", quiet.restarted, []);
    const late = await simple(world, "late");
    await send(world, late, 10);
    await sleep(12_000);
    checks.same("the consumer that runs does not take the new topic", await world.count(late.name), 0);
    checks.same("the script restarts its consumer alone", (await restarts(world, api, server)).restarted, [
      `telegraf-${CONSUMER}`,
    ]);
    await running.program.stop();
    const [next] = world.start([CONSUMER]);
    checks.same("all that came before", await world.arrived(late.name, 10), 10);
    checks.same("records not read", await world.unread(running.group), 0);
    await next?.program.stop();

    // As if no start got past one record: the consumer is named, and one command steps over it.
    await send(world, late, 5, 10);
    api.isDown(`telegraf-${CONSUMER}`);
    const stuck = await restarts(world, api, server);
    checks.says(
      "the script names what is not read",
      stuck.said,
      new RegExp(
        `telegraf/telegraf-${CONSUMER} does not run, and ${running.group} has not read topic ${late.name}, partition 0, from offset 10 on \\(5 records\\)`,
      ),
    );
    const step = await restarts(world, api, server, { STEP_OVER: `${running.group} ${late.name} 0 12` });
    checks.same("stepping over ends well", step.code === 0 ? 0 : step.said, 0);
    const [last] = world.start([CONSUMER]);
    checks.same("what comes after the record", await world.arrived(late.name, 12), 12);
    checks.same("records not read", await world.unread(running.group), 0);
    await last?.program.stop();
  } finally {
    api.close();
  }
}
