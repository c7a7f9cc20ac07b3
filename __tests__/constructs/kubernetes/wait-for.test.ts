import { spawn } from "node:child_process";
import { type AddressInfo, createServer, type Server } from "node:net";
import { waitFor } from "../../../constructs/kubernetes/wait-for";
import { allStacks } from "../../support/sites";
import type { Json } from "../../../synthesized/stack";
import { at, unescaped } from "../support";

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

async function listening(port = 0): Promise<string> {
  const server = createServer((socket) => socket.end());
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** A port on which nobody listens. */
async function silent(): Promise<string> {
  const address = await listening();
  await new Promise((resolve) => servers.pop()?.close(resolve));
  return address;
}

/** Runs the container's command; `said` is called with what it prints. */
function wait(addresses: readonly string[], said: (text: string) => void = () => undefined) {
  const [program = "", ...args] = waitFor("image", addresses).command.map(unescaped);
  const child = spawn(program, args, {
    env: { PATH: process.env["PATH"] ?? "", PAUSE: "0.1" },
    // Given a socket, bash reads the user's own settings.
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (text: Buffer) => {
      output += String(text);
      said(output);
    });
  const ended = new Promise<{ code: number | null; output: string }>((resolve) =>
    child.once("close", (code) => resolve({ code, output })),
  );
  return { child, ended };
}

test("it ends as soon as each of them takes connections, and says nothing where they do", async () => {
  const addresses = [await listening(), await listening()];
  expect(await wait(addresses).ended).toEqual({ code: 0, output: "" });
});

test("it waits for whoever comes later, and says for whom, once", async () => {
  const [first, later] = [await listening(), await silent()];
  let asked = false;
  const { ended } = wait([first, later], () => {
    if (asked) return;
    asked = true;
    setTimeout(() => void listening(Number(later.split(":")[1])), 500);
  });
  expect(await ended).toEqual({ code: 0, output: `${later} takes no connection yet\n` });
});

test("told to end while it waits it does so at once", async () => {
  const { child, ended } = wait([await silent()], () => child.kill("SIGTERM"));
  expect((await ended).code).toBe(143);
});

test("every program of ours that logs in to Kafka comes after the brokers, or after the registry, which does", () => {
  const waits = allStacks().flatMap((stack) =>
    stack.resources("kubernetes_deployment_v1").flatMap(({ body }) => {
      const pod = at(body, "spec.template.spec") as Json;
      if (!/"(KAFKA_PASSWORD|LSST_KAFKA_SECURITY_PASSWORD)"/.test(JSON.stringify(pod))) return [];
      const [first] = (pod["init_container"] ?? []) as { command: string[] }[];
      const whom = first?.command.slice(3).join(" ") || /\S+:\d+/.exec(first?.command[2] ?? "nobody")?.[0];
      return `${String(at(body, "metadata.name")).replace(/^(love-producer|telegraf)-.*/, "$1")}: ${whom}`;
    }),
  );
  const [brokers, registry] = ["efd-kafka-bootstrap.kafka:9092", "schema-registry.kafka:8081"];
  expect([...new Set(waits)].sort()).toEqual([
    `love-commander: wait ${brokers} ${registry}`,
    `love-producer: wait ${brokers} ${registry}`,
    `rest-proxy: wait ${brokers}`,
    `schema-registry: wait ${brokers}`,
    `telegraf: http://${registry}`,
  ]);
});
