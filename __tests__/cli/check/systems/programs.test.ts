import { chronografChecks } from "../../../../cli/check/systems/chronograf";
import { clockChecks } from "../../../../cli/check/systems/clocks";
import { hostChecks } from "../../../../cli/check/systems/host";
import { kapacitorChecks } from "../../../../cli/check/systems/kapacitor";
import { restProxyChecks } from "../../../../cli/check/systems/rest-proxy";
import type { Check, CheckProps } from "../../../../cli/check/model/verdict";
import type { Series } from "../../../../cli/shared/clients/influxdb";
import type { DockerClient } from "../../../../cli/shared/docker/docker";
import { UserError } from "../../../../ground/errors";
import { StackView } from "../../../../synthesized/stack";
import { dockerHost, surroundings } from "../../support";
import { ago, checkProps, expectRemedies, fakeClients, NOW, short, type World } from "../support";

async function look(
  checks: readonly Check[],
  title: string,
  world: World,
  changes: Partial<CheckProps> = {},
): Promise<string[]> {
  const check = checks.find((one) => one.title === title);
  if (!check) throw new Error(`there is no check ${title}`);
  const verdicts = await check.run(checkProps(world, changes));
  expectRemedies(verdicts);
  return short(verdicts);
}

describe("REST proxy", () => {
  const at = (reply: object) =>
    look(restProxyChecks, "brokers as the REST proxy lists them", { http: { "/brokers": reply } });

  it("lists the brokers", async () => {
    expect(await at({ text: '{"brokers":[2,0,1]}' })).toEqual(["ok REST proxy: it lists the brokers 0, 1, 2"]);
    expect(await at({ text: '{"brokers":[0,1]}' })).toEqual(["warn REST proxy: it does not see broker 2"]);
    expect(await at({ text: '{"brokers":[]}' })).toEqual(["fail REST proxy: it sees no broker"]);
    expect(await at({ status: 500, text: '{"message":"timed out"}' })).toEqual([
      "fail REST proxy: it answers with status 500: timed out",
    ]);
  });
});

describe("Chronograf", () => {
  const title = "Chronograf's answer, sources and dashboards";
  const at = (http: World["http"], objects: World["objects"] = {}) =>
    look(chronografChecks, title, { http: http ?? {}, objects });
  const ROOT = "/chronograf/v1";
  const whole = {
    [`${ROOT}/sources`]: { text: '{"sources":[{"id":"0"}]}' },
    [`${ROOT}/sources/0/kapacitors`]: { text: '{"kapacitors":[{"id":"0"}]}' },
    [`${ROOT}/dashboards`]: { text: '{"dashboards":[{"name":"Test"},{"name":"own"}]}' },
  };
  const files = (...names: string[]) => ({
    "/api/v1/namespaces/chronograf/configmaps/chronograf-files": {
      data: Object.fromEntries(names.map((name, i) => [`${i}.dashboard`, JSON.stringify({ name })])),
    },
  });

  it("has its sources and dashboards", async () => {
    expect(await at(whole, files("Test"))).toEqual([
      "ok Chronograf's sources: 1 source, 1 connection to Kapacitor",
      "ok Chronograf's dashboards: 2 dashboards, the site's 1 among them",
    ]);
    expect(await at(whole)).toHaveLength(1);
  });

  it("lacks some", async () => {
    expect(await at({ ...whole, [`${ROOT}/sources/0/kapacitors`]: { text: "{}" } }, files("Test", "lag"))).toEqual([
      "warn Chronograf's sources: it answers, and has no connection to Kapacitor",
      "warn Chronograf's dashboards: 1 of 2 are missing: lag",
    ]);
    expect(await at({ ...whole, [`${ROOT}/sources`]: { text: '{"sources":[]}' } })).toEqual([
      "warn Chronograf's sources: it answers, and has no source and no connection to Kapacitor",
    ]);
  });

  it("asks for a login, or fails", async () => {
    expect(await at({ [`${ROOT}/sources`]: { status: 403 } })).toEqual([
      expect.stringMatching(/^ok Chronograf: it answers, and asks for a login/),
    ]);
    expect(await at({ [`${ROOT}/sources`]: { status: 500, text: "no database" } })).toEqual([
      "fail Chronograf: it answers with status 500: no database",
    ]);
  });
});

describe("Kapacitor", () => {
  it("answers", async () => {
    const at = (status: number) =>
      look(kapacitorChecks, "Kapacitor's answer", { http: { "/kapacitor/v1/ping": { status } } });
    expect(await at(204)).toEqual(["ok Kapacitor: it answers"]);
    expect(await at(502)).toEqual(["fail Kapacitor: it answers with status 502"]);
  });

  it("is subscribed to each database", async () => {
    const at = (...series: Series[]) => {
      const influxdb = () =>
        Promise.resolve({
          query: () => Promise.resolve(series),
          pages: () => {
            throw new Error("unasked");
          },
        });
      return look(kapacitorChecks, "subscriptions", { clients: { influxdb } });
    };
    const subscription = (database: string, name: string): Series => ({
      name: database,
      tags: {},
      columns: ["retention_policy", "name", "mode", "destinations"],
      rows: [["autogen", name, "ANY", "[http://kapacitor:9092]"]],
    });
    expect(await at(subscription("efd", "kapacitor-1"))).toEqual([
      "ok subscription to database efd: 1 subscription of Kapacitor's",
    ]);
    expect(await at(subscription("efd", "other"), subscription("other", "kapacitor-1"))).toEqual([
      expect.stringMatching(/^fail subscription to database efd: InfluxDB has no subscription/),
    ]);
  });
});

describe("clocks", () => {
  const node = { metadata: { name: "master" }, status: { conditions: [{ type: "Ready", status: "True" }] } };
  const at = (server: number, seconds: number, influxdb: string | undefined) => {
    const clients = fakeClients();
    const objects = {
      "/api/v1/nodes": [node],
      "/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases": [
        { metadata: { name: "master" }, spec: { renewTime: ago(seconds) } },
      ],
    };
    const http: World["http"] = influxdb === undefined ? {} : { "/ping": { headers: { date: influxdb } } };
    const inside = fakeClients({ objects }).cluster;
    return look(clockChecks, "clocks", {
      http,
      clients: { cluster: { ...clients.cluster, ...inside, clock: () => Promise.resolve(NOW + server * 1000) } },
    });
  };
  const http = (seconds: number) => new Date(NOW + seconds * 1000).toUTCString();

  it("are compared with this machine's", async () => {
    expect(await at(0, 8, http(0))).toEqual([
      "ok clock of the API server: differs by less than 3 s",
      "ok clock of node master: differs by less than 3 s",
      "ok clock of InfluxDB: differs by less than 3 s",
    ]);
    expect(await at(20, -20, http(-90))).toEqual([
      expect.stringMatching(/^warn clock of the API server: 2[01] s ahead of this machine's$/),
      "warn clock of node master: 20 s ahead of this machine's",
      "fail clock of InfluxDB: 90 s behind this machine's",
    ]);
    expect(await at(0, 95, http(0))).toContain("fail clock of node master: 90 s behind this machine's");
  });

  it("are unknown where nothing answers", async () => {
    expect(await at(0, 5, undefined)).toContain("unknown clock of InfluxDB: nothing answers at /ping");
  });
});

describe("host", () => {
  const stack = new StackView(
    "toy",
    "cluster",
    JSON.stringify({
      provider: { docker: [{ host: "ssh://host.example.org" }] },
      resource: { docker_container: { master: { name: "master" } } },
    }),
    [],
    "",
  );
  const at = (changes: Partial<DockerClient>, env = {}, stacks = [stack]) =>
    look(
      hostChecks,
      "machines",
      {},
      {
        stacks,
        machine: surroundings({ docker: () => dockerHost(changes), env, platform: "linux" }),
      },
    );

  it("is ok where the preflight finds nothing", async () => {
    const found = await at({});
    expect(found[0]).toBe("ok machines: 1 machine answered");
    expect(found).toContain("ok kernels: nothing is wrong on 1 machine");
    expect(found.filter((line) => !line.startsWith("ok "))).toEqual([]);
  });

  it("parts what the preflight says into what is wrong and what to do", async () => {
    const kernel = { inotifyInstances: 8192, memoryMaps: 65530, filtersBridges: true, cgroups: 2 } as const;
    expect(await at({ kernel: () => Promise.resolve(kernel) })).toContain(
      "warn kernels: ssh://host.example.org lets a program have 65530 parts of files in memory, too few for Kafka and InfluxDB",
    );
  });

  it("is unknown where Docker does not answer, and nothing else is said of it", async () => {
    const found = await at({ version: () => Promise.reject(new UserError("no route")) });
    expect(found).toEqual(["unknown machines: Docker host ssh://host.example.org does not answer (no route)"]);
  });
});
