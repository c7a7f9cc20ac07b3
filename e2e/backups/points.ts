/** Points of a real InfluxDB: what is written into it, and all that is in it. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { until } from "../../cli/shared/process/until";
import { InfluxdbProcess } from "../lifecycle/site/influxdb";

/** Databases of the made-up site. */
export const DATABASES = ["efd", "lsst.ATCamera"] as const;

const HOUR = 3600;
/** Begin of the first shard, in seconds. */
const BEGIN = 1790000000;

/** Points of every type, with and without tags, of several shards. `salt` makes other points. */
function lines(salt: string): Record<(typeof DATABASES)[number], string[]> {
  const at = (hour: number) => `${BEGIN + hour * HOUR}123456789`;
  const hours = Array.from({ length: 60 }, (_, i) => i * 13);
  return {
    efd: hours.flatMap((hour) => [
      `lsst.sal.Test.scalars a${salt}=${hour}i,b=${hour}.25,c="a \\"text\\", with = and é",d=true ${at(hour)}`,
      `lsst.sal.Test.heartbeat heartbeat=true,private_sndStamp=${BEGIN + hour}.5 ${at(hour)}`,
      `lsst.sal.MTM1M3.arrays x0=1.5,x1=2.5,x2=-3e-9,n=${hour}i ${at(hour)}`,
    ]),
    "lsst.ATCamera": hours.flatMap((hour) =>
      ["R00", "R01"].map((raft) => `lsst.ATCamera.temperature,Raft=${raft},Agent=a${salt} value=${hour}.5 ${at(hour)}`),
    ),
  };
}

/** An InfluxDB with the points of the scenarios. */
export class Points {
  private constructor(
    private readonly process: InfluxdbProcess,
    private readonly accounts: { readonly admin: string; readonly telegraf: string },
  ) {}

  static async start(folder: string, accounts: { readonly admin: string; readonly telegraf: string }): Promise<Points> {
    const influxdb = await InfluxdbProcess.start(folder);
    // As a deployed one, it has statistics of its own by the time of a backup.
    if (!(await until(180, () => Promise.resolve(existsSync(join(folder, "data", "_internal")) || undefined))))
      throw new Error("InfluxDB keeps no statistics of its own");
    return new Points(influxdb, accounts);
  }

  /** Variables by which pods find it. There is no cluster here that remembers whether it was set up. */
  get variables(): Readonly<Record<string, string>> {
    const { port, backupPort } = this.process;
    return {
      INFLUXDB_HOST: "127.0.0.1",
      INFLUXDB_PORT: String(port),
      INFLUXDB_BACKUP_PORT: String(backupPort),
      API_SERVER: "",
    };
  }

  /** Status with which InfluxDB answers the consumers' account that writes points of each database. */
  async write(salt = ""): Promise<number[]> {
    const answers: number[] = [];
    for (const [database, text] of Object.entries(lines(salt))) {
      const { status } = await fetch(`http://127.0.0.1:${this.process.port}/write?db=${database}`, {
        method: "POST",
        headers: { authorization: basic("telegraf", this.accounts.telegraf) },
        body: text.join("\n"),
      });
      answers.push(status);
    }
    return answers;
  }

  /** What a query answers, as InfluxDB writes it. */
  async query(q: string, db = ""): Promise<{ name: string; tags?: unknown; columns: string[]; values: unknown[][] }[]> {
    const address = new URL(`http://127.0.0.1:${this.process.port}/query`);
    // Another client than the one that is tried: curl's parameters, and times in nanoseconds.
    address.search = new URLSearchParams({ q, db, epoch: "ns" }).toString();
    const answer = await fetch(address, {
      method: "POST",
      headers: { authorization: basic("admin", this.accounts.admin) },
    });
    // Nanoseconds do not fit a number of JavaScript.
    const text = (await answer.text()).replaceAll(/([[,])(\d{16,})(?=[,\]])/g, '$1"$2"');
    const { results, error } = JSON.parse(text) as {
      results?: { series?: { name: string; columns: string[]; values: unknown[][] }[]; error?: string }[];
      error?: string;
    };
    const wrong = error ?? results?.[0]?.error;
    if (wrong !== undefined) throw new Error(`InfluxDB refuses ${q}: ${wrong}`);
    return results?.[0]?.series ?? [];
  }

  /** Every point, and the type of every field, one line each. */
  async all(databases: readonly string[] = DATABASES): Promise<string[]> {
    const found: string[] = [];
    for (const database of databases)
      for (const q of ["SELECT * FROM /.*/ GROUP BY *", "SHOW FIELD KEYS"])
        for (const { name, tags, columns, values } of await this.query(q, database))
          for (const value of values) found.push(JSON.stringify([database, name, tags, columns, value]));
    return found.sort();
  }

  stop(): Promise<void> {
    return this.process.stop();
  }
}

function basic(user: string, password: string): string {
  return `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`;
}
