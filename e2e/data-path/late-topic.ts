/** A topic that appears while its consumer runs: the script of the CronJob restarts it, and all arrives. */
import { setTimeout as sleep } from "node:timers/promises";
import { mkdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { delimiter, join } from "node:path";
import { run } from "../../cli/shared/process/process";
import { until } from "../../cli/shared/process/until";
import { isObject, type Json } from "../../synthesized/stack";
import type { Checks } from "./check";
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
        this.workloads.set(name, { ...this.workloads.get(name), ...patch });
      }
      return answer.end(JSON.stringify(this.workloads.get(name) ?? {}));
    });
  });

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** From now on the pod of a workload is not available. */
  isDown(name: string): void {
    this.workloads.set(name, { ...this.workloads.get(name), status: { replicas: 1, unavailableReplicas: 1 } });
  }

  close(): void {
    this.server.close();
  }
}

function secret(name: string): string {
  const data = { password: Buffer.from(passwordIn(name)).toString("base64") };
  return JSON.stringify({ kind: "Secret", metadata: { name, resourceVersion: "1" }, data });
}

/** Kafka's programs that the script runs, and the class of each. */
const PROGRAMS = [
  ["kafka-topics.sh", "org.apache.kafka.tools.TopicCommand"],
  ["kafka-consumer-groups.sh", "org.apache.kafka.tools.consumer.group.ConsumerGroupCommand"],
] as const;

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
  for (const [name, program] of PROGRAMS) {
    const java = `exec java -XX:TieredStopAtLevel=1 -cp '${world.installed.home}/lib/*' ${program} "$@"`;
    writeFileSync(join(folder, name), `#!/bin/sh\n${java}\n`, { mode: 0o755 });
  }
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
    const first = await restarts(world, api, server);
    checks.same("the script's first run ends well", first.code === 0 ? 0 : first.said, 0);
    const [running] = world.start([CONSUMER]);
    if (!running) throw new Error(`there is no consumer ${CONSUMER}`);
    await until(30, () => Promise.resolve(/updating topics/.test(running.program.said) || undefined));
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
