/** A producer outside the cluster, as SAL's: by TLS to a port of the nodes, with its own account. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { OWN_CA_SECRET } from "../../../constructs/certificates/certificates";
import { kafkaUser } from "../../../constructs/kafka/secrets";
import { NAMESPACE } from "../../../ground/namespaces";
import { until } from "../../../cli/shared/process/until";
import { installed } from "../../data-path/installed";
import { type Account, Client } from "../../data-path/parts";
import { SAL_CLIENT } from "../../lifecycle/site/smallest";
import { addressOf } from "./reader";
import { Remembered } from "./remembered";
import type { RunningSite } from "./running-site";

/** A topic with a schema of its own, and what is written into it. */
export interface Batch {
  readonly topic: string;
  readonly schema: Readonly<Record<string, unknown>>;
  readonly records: readonly Readonly<Record<string, unknown>>[];
}

/** It runs until it is closed. */
export class Producer {
  private readonly schemas = new Remembered<number>();

  private constructor(
    private readonly site: RunningSite,
    private readonly client: Client,
    readonly account: Account,
  ) {}

  /** Trusts the authority that the site has now, and has the password that its account has now. */
  static async start(site: RunningSite, env: NodeJS.ProcessEnv): Promise<Producer> {
    const { clients } = site;
    const authority = site.authority ?? join(site.folder, "site-ca.crt");
    if (site.authority === undefined)
      writeFileSync(authority, await clients.secret(NAMESPACE.certManager, OWN_CA_SECRET, "tls.crt"));
    const { name } = SAL_CLIENT;
    // Its copy: where secrets come from Vault there is no other.
    const password = await clients.secret(NAMESPACE.kafka, kafkaUser(name).name, "password");
    const bootstrap = addressOf(site, "Kafka bootstrap");
    const client = new Client({ listener: bootstrap, freeListener: "" }, { url: "" }, installed(env));
    return new Producer(site, client, { name, password, authority });
  }

  /** Makes topics; what Kafka said of each, nothing where it made it. */
  makeTopics(names: readonly string[]): Promise<Record<string, string | null>> {
    return this.client.ask("topics", { names, account: this.account });
  }

  /** Registers schemas and writes; what Kafka said of each record, nothing where it took it. */
  async write(batches: readonly Batch[]): Promise<(string | null)[]> {
    const numbered = [];
    for (const one of batches) numbered.push({ ...one, id: await this.numberOf(one) });
    return this.client.ask("produce", { account: this.account, batches: numbered });
  }

  /** How many records an account gets of a topic within some seconds, or why it does not. */
  read(account: Account, topic: string): Promise<number | string> {
    return this.client.ask("read", { account, topic, group: `nodes-${Date.now()}` });
  }

  /** The number of a topic's schema, which is asked for once. */
  private numberOf(batch: Batch): Promise<number> {
    return this.schemas.get(batch.topic, () => this.register(batch));
  }

  /** Through the registry's route and its login; where there is no route, through the API server. */
  private async register({ topic, schema }: Batch): Promise<number> {
    const { clients, simulated } = this.site;
    const of = (key: string) => clients.secret(NAMESPACE.kafka, "schema-registry-auth", key);
    const isReal = !simulated.has("traefik");
    const way = isReal
      ? clients.outside(addressOf(this.site, "schema-registry"))
      : clients.inside({ namespace: NAMESPACE.kafka, service: "schema-registry", port: 8081 });
    const login = `${await of("username")}:${await of("password")}`;
    const question = {
      method: "POST",
      path: `/subjects/${topic}-value/versions`,
      headers: {
        "content-type": "application/vnd.schemaregistry.v1+json",
        ...(isReal ? { authorization: `Basic ${Buffer.from(login).toString("base64")}` } : {}),
      },
      body: JSON.stringify({ schema: JSON.stringify(schema) }),
    } as const;
    const registered = await until(180, async () => {
      const { status, text } = await way.ask(question);
      return status === 200 ? (JSON.parse(text) as { id: number }).id : undefined;
    });
    if (registered === undefined) throw new Error(`the registry does not take the schema of ${topic}`);
    return registered;
  }

  close(): Promise<void> {
    return this.client.stop();
  }
}
