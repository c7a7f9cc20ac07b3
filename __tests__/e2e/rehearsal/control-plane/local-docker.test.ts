import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createTar } from "nanotar";
import { imageNote, LocalDocker, localDockerAddress } from "../../../../e2e/rehearsal/control-plane/local-docker";
import { ends } from "../../../cli/support";

const folder = mkdtempSync(join(tmpdir(), "efd-local-docker-"));
const asked: { call: string; body: string }[] = [];
const piece = (text: string) => Buffer.concat([Buffer.from([1, 0, 0, 0, 0, 0, 0, text.length]), Buffer.from(text)]);
const replies: Record<string, [status: number, body: string | Uint8Array]> = {
  "GET /containers/json?all=1": [200, JSON.stringify([{ Names: ["/efd-x-master"] }, { Names: ["/master"] }])],
  "GET /volumes": [200, JSON.stringify({ Volumes: [{ Name: "efd-x-master-k3s" }, { Name: "master-k3s" }] })],
  "DELETE /containers/efd-x-master?force=true&v=true": [204, ""],
  "DELETE /volumes/efd-x-master-k3s?force=true&v=true": [409, "volume is in use"],
  "POST /containers/create?name=efd-x": [201, "{}"],
  "POST /containers/efd-x/start": [500, JSON.stringify({ message: "port is already allocated" })],
  "GET /containers/efd-x/json": [
    200,
    JSON.stringify({ Id: "1", Config: { Image: "k3s:v1" }, State: { Running: true } }),
  ],
  "GET /containers/efd-x/logs?stdout=1&stderr=1&tail=200": [200, Buffer.concat([piece("one\n"), piece("two\n")])],
  "GET /containers/efd-x/archive?path=%2Fetc%2Fnode": [
    200,
    createTar([{ name: "node/" }, { name: "node/password", data: "p\n" }, { name: "node/a/b", data: "c" }]),
  ],
};
let server: Server;

beforeAll(async () => {
  server = createServer((request, reply) => {
    let body = "";
    request.on("data", (part: Buffer) => (body += part.toString()));
    request.on("end", () => {
      const call = `${request.method} ${request.url}`;
      asked.push({ call, body });
      const [status, answer] = replies[call] ?? [404, "{}"];
      reply.writeHead(status).end(answer);
    });
  });
  await new Promise<void>((resolve) => server.listen(join(folder, "sock"), resolve));
});
afterAll(async () => {
  await new Promise((resolve) => server.close(resolve));
  rmSync(folder, { recursive: true });
});

const docker = () => new LocalDocker(`unix://${join(folder, "sock")}`, ends({}));

test("removes what has its names and nothing else, and names what it could not remove", async () => {
  expect(await docker().sweep("efd-x")).toEqual(["efd-x-master-k3s"]);
  expect(asked.filter(({ call }) => call.startsWith("DELETE")).map(({ call }) => call)).toEqual([
    "DELETE /containers/efd-x-master?force=true&v=true",
    "DELETE /volumes/efd-x-master-k3s?force=true&v=true",
  ]);
});

test("a start that fails says why", async () => {
  const start = docker().start("efd-x", { image: "k3s:v1", command: ["agent"], env: ["A=1"] });
  await expect(start).rejects.toThrow("container efd-x does not start: port is already allocated");
  const body = asked.find(({ call }) => call.startsWith("POST /containers/create"))?.body ?? "";
  expect(JSON.parse(body)).toMatchObject({ Image: "k3s:v1", Cmd: ["agent"], Env: ["A=1"] });
});

test("knows a container's state, log and files", async () => {
  expect(await docker().stateOf("efd-x")).toEqual({ id: "1", image: "k3s:v1", running: true });
  expect(await docker().stateOf("none")).toBeUndefined();
  expect(await docker().logs("efd-x")).toBe("one\ntwo\n");
  expect([...(await docker().files("efd-x", "/etc/node"))]).toEqual([
    ["password", "p\n"],
    ["a/b", "c"],
  ]);
});

test("is behind a socket of this machine, or refused", () => {
  expect(localDockerAddress({})).toBe("unix:///var/run/docker.sock");
  expect(localDockerAddress({ DOCKER_HOST: "unix:///run/user/1/docker.sock" })).toBe("unix:///run/user/1/docker.sock");
  for (const address of [
    "tcp://192.0.2.1:2375",
    "ssh://host",
    "tcp://127.0.0.1:2375",
    "npipe:////./pipe/docker",
    "unix://",
  ])
    expect(() => localDockerAddress({ DOCKER_HOST: address })).toThrow(
      `DOCKER_HOST is ${address}, allowed a socket of this machine (unix:///…), for a rehearsal reaches no other, unset it`,
    );
});

test("an API server that is not k3s's own is called so", () => {
  expect(imageNote("v1.36.5+k3s1")).toBe("");
  expect(imageNote("v1.36.3")).toBe(" (which is not k3s's own)");
});
