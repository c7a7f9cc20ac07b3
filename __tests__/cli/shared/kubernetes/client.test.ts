import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { ApiError, Cluster } from "../../../../cli/shared/kubernetes/client";
import { UserError } from "../../../../ground/errors";

// An API server without certificates, and a login without the package, which kubeconfig.test.ts runs.
jest.mock("node:https", () => jest.requireActual<object>("node:http"));
const mockServer = { server: "" };
let mockFailure: Error | undefined;
jest.mock("../../../../cli/shared/kubernetes/kubeconfig", () => ({
  readKubeconfig: () =>
    Promise.resolve({
      getCurrentCluster: () => mockServer,
      getCurrentUser: () => ({ exec: { command: "gke-login" } }),
      applyToHTTPSOptions: (options: { headers?: object }) => {
        if (mockFailure) return Promise.reject(mockFailure);
        options.headers = { Authorization: "Bearer token" };
        return Promise.resolve();
      },
    }),
}));

/** What the server was asked, and the connections that this took. */
let asked: string[] = [];
let connections = 0;
let answer: [status: number, body: object] = [200, {}];
let server: Server;
let cluster: Cluster;

beforeEach((done) => {
  [asked, connections, answer] = [[], 0, [200, {}]];
  server = createServer((request, response) => {
    let body = "";
    request.on("data", (part: Buffer) => (body += part.toString()));
    request.on("end", () => {
      const { method, url, headers } = request;
      asked.push([method, url, headers["content-type"], headers.authorization, body].filter(Boolean).join(" "));
      response.writeHead(answer[0]).end(JSON.stringify(answer[1]));
    });
  });
  server.on("connection", () => connections++);
  server.listen(0, "127.0.0.1", () => {
    mockServer.server = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    cluster = new Cluster({ content: "" });
    done();
  });
});
afterEach(() => {
  mockFailure = undefined;
  cluster.close();
  server.closeAllConnections();
  server.close();
});

const TOY = { apiVersion: "v1", kind: "Toy", metadata: { name: "a" } };

test("what is asked, and how", async () => {
  await cluster.get("/a?b=c");
  await cluster.apply("/a", TOY, true);
  await cluster.apply("/a", TOY);
  await cluster.create("/a", TOY);
  await cluster.patch("/a/status", { status: {} });
  await cluster.delete("/a");
  const toy = JSON.stringify(TOY);
  expect(asked).toEqual([
    "GET /a?b=c Bearer token",
    `PATCH /a?fieldManager=efd-deploy&force=true&dryRun=All application/apply-patch+yaml Bearer token ${toy}`,
    `PATCH /a?fieldManager=efd-deploy&force=true application/apply-patch+yaml Bearer token ${toy}`,
    `POST /a application/json Bearer token ${toy}`,
    'PATCH /a/status application/merge-patch+json Bearer token {"status":{}}',
    "DELETE /a?propagationPolicy=Background Bearer token",
  ]);
  expect(connections).toBe(1);
});

test("what is not there is no error of a look or a removal", async () => {
  answer = [404, { message: "no" }];
  expect(await cluster.get("/a")).toBeUndefined();
  expect(await cluster.list("/a")).toEqual([]);
  await cluster.delete("/a");
  await expect(cluster.patch("/a", {})).rejects.toThrow(new ApiError(404, "the cluster refuses /a: no"));
});

test("a refusal, in the server's words", async () => {
  answer = [403, { message: "forbidden: nobody may" }];
  const refused = cluster.get("/a").catch((error: unknown) => error);
  expect(await refused).toMatchObject({ status: 403, message: "the cluster refuses /a: forbidden: nobody may" });
  expect(await refused).toBeInstanceOf(UserError);
  expect(await cluster.isReady()).toBe(false);
});

test("a server that does not answer, with its address", async () => {
  server.close();
  const failed = await cluster.get("/a").catch((error: unknown) => error);
  expect(failed).toBeInstanceOf(UserError);
  expect(String(failed)).toMatch(`the cluster does not answer at ${mockServer.server}: `);
  expect(String(failed)).toMatch(/connect ECONNREFUSED 127.0.0.1:\d+$/);
  expect(await cluster.isReady()).toBe(false);
});

test("version and readiness", async () => {
  answer = [200, { gitVersion: "v1.36.0" }];
  expect([await cluster.version(), await cluster.isReady()]).toEqual(["v1.36.0", true]);
});

test.each([
  [new Error("you must sign in again\n"), "you must sign in again"],
  [new SyntaxError("Unexpected token 'y', \"ya29.secret\" is not valid JSON"), "it answers with no ExecCredential"],
])("a login program that fails, and nothing of what it printed", async (failure, reason) => {
  mockFailure = failure;
  await expect(cluster.get("/a")).rejects.toThrow(new UserError(`gke-login does not log in: ${reason}`));
});
