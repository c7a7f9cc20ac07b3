import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { siteClients } from "../../../../cli/shared/clients/site-clients";
import type { SiteClients } from "../../../../cli/shared/clients/clients";
import { UserError } from "../../../../ground/errors";
import { type FakeApi, fakeApi } from "./fake-api";

// An API server without certificates, and a login without the package, which kubeconfig.test.ts runs.
jest.mock("node:https", () => jest.requireActual<object>("node:http"));
const mockServer = { server: "" };
jest.mock("../../../../cli/shared/kubernetes/kubeconfig", () => ({
  readKubeconfig: () =>
    Promise.resolve({ getCurrentCluster: () => mockServer, applyToHTTPSOptions: () => Promise.resolve() }),
}));

const encoded = (text: string) => Buffer.from(text).toString("base64");

let influxdb: Server;
let logins: (string | undefined)[];
let api: FakeApi;
let clients: SiteClients;
const controller = new AbortController();

beforeAll(async () => {
  logins = [];
  influxdb = createServer((request, response) => {
    logins.push(Buffer.from((request.headers.authorization ?? "").slice(6), "base64").toString());
    response.end(JSON.stringify({ results: [{ series: [{ columns: ["name"], values: [["efd"]] }] }] }));
  });
  await new Promise<void>((resolve) => {
    influxdb.listen(0, "127.0.0.1", resolve);
  });
  const slices = "/apis/discovery.k8s.io/v1/namespaces/influxdb/endpointslices";
  api = await fakeApi({
    objects: {
      "/api/v1/namespaces/influxdb/services/influxdb": { spec: { ports: [{ port: 8086 }] } },
      [`${slices}?labelSelector=kubernetes.io%2Fservice-name%3Dinfluxdb`]: {
        items: [
          {
            ports: [{ name: "", port: (influxdb.address() as AddressInfo).port }],
            endpoints: [{ conditions: { ready: true }, targetRef: { kind: "Pod", name: "influxdb-0" } }],
          },
        ],
      },
      "/api/v1/namespaces/influxdb/secrets/efdreader": { data: { password: encoded("read er") } },
      "/api/v1/namespaces/influxdb/secrets/influxdb-auth": {
        data: { "influxdb-user": encoded("root"), "influxdb-password": encoded("secret") },
      },
    },
  });
  mockServer.server = api.url.href;
  clients = siteClients({ site: { certificates: { kind: "own-ca" } }, kubeconfig: "none", signal: controller.signal });
});
afterAll(() => {
  clients.close();
  api.close();
  influxdb.closeAllConnections();
  influxdb.close();
});

test("InfluxDB is asked in its pod, with the passwords of the cluster's Secrets", async () => {
  for (const account of ["reader", "admin"] as const) {
    const [found] = await (await clients.influxdb(account)).query("", "SHOW DATABASES");
    expect(found?.rows).toEqual([["efd"]]);
  }
  expect(logins).toEqual(["efdreader:read er", "root:secret"]);
});

test("a Secret or a key that is not there is named", async () => {
  await expect(clients.secret("influxdb", "efdreader", "token")).rejects.toThrow(
    "Secret efdreader in namespace influxdb has no key token",
  );
  await expect(clients.secret("kafka", "admin", "user.key")).rejects.toThrow(
    "there is no Secret admin in namespace kafka: is that layer deployed?",
  );
});

test("who is asked in vain is named, without a password", async () => {
  const question = clients.inside({ namespace: "kafka", service: "schema-registry", port: 8081 }).ask({ path: "/" });
  await expect(question).rejects.toThrow(
    /^schema-registry\.kafka:8081 does not answer: there is no Service schema-registry in namespace kafka: is that layer deployed\? \(after/,
  );
});

test("the signal ends them all", async () => {
  const reason = new UserError("over");
  controller.abort(reason);
  await expect(
    clients.inside({ namespace: "influxdb", service: "influxdb", port: 8086 }).ask({ path: "/" }),
  ).rejects.toBe(reason);
});
