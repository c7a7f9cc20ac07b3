/** Stubs of programs that no registry of packages has: Chronograf and Kapacitor, as far as they are asked. */
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { NAMESPACE } from "../../../ground/namespaces";
import type { ObjectJson } from "../../../synthesized/stack";
import { endLater } from "../../data-path/program";
import type { World as DataPathWorld } from "../../data-path/world";

/** What is answered to a path: a status and a body. */
export type Answers = Record<string, readonly [status: number, body?: unknown]>;

/** A program that answers what it is told to, and 404 to everything else. */
export class StubWeb {
  private constructor(
    private readonly server: Server,
    /** Answers by path, as a scenario changes them. */
    readonly answers: Answers,
  ) {
    endLater(this);
  }

  static async start(answers: Answers): Promise<StubWeb> {
    const server = createServer(({ url = "" }, answer) => {
      const [status, body] = answers[url.replace(/\?.*/, "")] ?? [404, { error: "not found" }];
      answer.writeHead(status, { "content-type": "application/json" });
      answer.end(body === undefined ? "" : JSON.stringify(body));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return new StubWeb(server, answers);
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  stop(): Promise<void> {
    this.server.closeAllConnections();
    return new Promise((resolve) => this.server.close(() => resolve()));
  }
}

/** What Chronograf answers that has read its files out of the site's ConfigMaps. */
export function chronografAnswers(objects: readonly ObjectJson[]): Answers {
  const files = objects
    .filter(({ kind, metadata }) => kind === "ConfigMap" && metadata.namespace === NAMESPACE.chronograf)
    .flatMap((one) => Object.entries((one["data"] ?? {}) as Record<string, string>));
  const dashboards = files
    .filter(([file]) => file.endsWith(".dashboard"))
    .map(([, text]) => ({ name: (JSON.parse(text) as { name: string }).name }));
  return {
    "/chronograf/v1/sources": [200, { sources: [{ id: "0", name: "influxdb" }] }],
    "/chronograf/v1/sources/0/kapacitors": [200, { kapacitors: [{ id: "0" }] }],
    "/chronograf/v1/dashboards": [200, { dashboards }],
  };
}

/** Makes InfluxDB send Kapacitor what it writes into databases, into all by default, as Kapacitor does when it starts. */
export async function subscribe(
  { influx }: DataPathWorld,
  kapacitor: StubWeb,
  only?: readonly string[],
): Promise<void> {
  const databases = (await influx.query("", "SHOW DATABASES")).flatMap(({ rows }) =>
    rows.map(([name]) => String(name)),
  );
  for (const database of databases.filter((name) => only?.includes(name) ?? name !== "_internal")) {
    const [policies] = await influx.query("", `SHOW RETENTION POLICIES ON "${database}"`);
    const policy = policies?.rows.find((row) => row[policies.columns.indexOf("default")] === true)?.[0];
    await influx.query(
      "",
      `CREATE SUBSCRIPTION "kapacitor-stub" ON "${database}"."${String(policy)}" DESTINATIONS ANY 'http://127.0.0.1:${kapacitor.port}'`,
    );
  }
}
