/** What Strimzi's entity operator does in a broker: accounts, their rights, topics. */
import { pbkdf2Sync, randomBytes } from "node:crypto";
import { KAFKA_ADMIN } from "../../../../constructs/kafka/kafka-cluster";
import { KAFKA_PORTS } from "../../../../constructs/kafka/listeners";
import type { Acl } from "../../../../constructs/kafka/resources";
import { NAMESPACE } from "../../../../ground/namespaces";
import { inside } from "../../../../synthesized/stack";
import { messageOf } from "../../../../ground/errors";
import { KafkaConnections } from "../../../../cli/shared/clients/kafka-connections";
import { openTunnel } from "../../../../cli/shared/clients/tunnel";
import type { Cluster, LiveObject } from "../../../../cli/shared/kubernetes/client";
import type { KeyPair } from "../../../using/site/authority";
import { brokerNames } from "./broker";

/** Rounds of SCRAM, as Strimzi asks for. */
const ROUNDS = 4096;
/** Kafka's number of SCRAM-SHA-512. */
const SCRAM_SHA_512 = 2;
/** Milliseconds that Kafka may take for a topic. */
const PATIENCE = 10_000;
/** Kafka says of a topic that it is there. */
const EXISTS = 36;

/** The administrator of one broker, by the listener that takes certificates. */
export class KafkaAdmin {
  private readonly ended = new AbortController();
  /** Accounts and topics that are made, as they were asked for. */
  private readonly done = new Set<string>();

  constructor(
    private readonly api: Cluster,
    private readonly pod: string,
    private readonly id: number,
    private readonly login: { readonly authority: string; readonly pair: KeyPair },
  ) {}

  /** Makes an account or gives it another password, and gives it these rights besides those that it has. */
  async account(user: Pick<LiveObject, "metadata" | "spec">, password: string): Promise<string | undefined> {
    const { name } = user.metadata;
    const acls = (inside(user.spec, "authorization", "acls") ?? []) as readonly Acl[];
    return this.once([name, password, acls], async (connections) => {
      if (password !== "") await setPassword(connections, name, password);
      if (acls.length > 0)
        await connections.askAny((connection, { createAclsV3 }) =>
          createAclsV3.api.async(
            connection,
            acls.flatMap((acl) => bindingsOf(name, acl)),
          ),
        );
    });
  }

  async topic(topic: Pick<LiveObject, "metadata" | "spec">): Promise<string | undefined> {
    const { topicName, partitions, replicas, config } = (topic.spec ?? {}) as {
      readonly topicName?: string;
      readonly partitions?: number;
      readonly replicas?: number;
      readonly config?: Readonly<Record<string, unknown>>;
    };
    const asked = {
      name: topicName ?? topic.metadata.name,
      numPartitions: partitions ?? 1,
      replicationFactor: replicas ?? 1,
      assignments: [],
      configs: Object.entries(config ?? {}).map(([name, value]) => ({ name, value: String(value) })),
    };
    return this.once(asked, async (connections) => {
      const { topics } = await connections.askAny((connection, { createTopicsV7 }) =>
        createTopicsV7.api.async(connection, [asked], PATIENCE, false),
      );
      const refused = topics.find(({ errorCode }) => errorCode !== 0 && errorCode !== EXISTS);
      if (refused) throw new Error(`Kafka refuses topic ${asked.name}: ${refused.errorMessage ?? refused.errorCode}`);
    });
  }

  /** Works on the broker unless just that was done before; what keeps it from working is a line. */
  private async once(
    asked: unknown,
    work: (connections: KafkaConnections) => Promise<void>,
  ): Promise<string | undefined> {
    const key = JSON.stringify(asked);
    if (this.done.has(key)) return undefined;
    const { server, options } = await this.api.login();
    const { signal } = this.ended;
    const port = KAFKA_PORTS.tls;
    const connections = new KafkaConnections({
      ids: () => Promise.resolve([this.id]),
      open: () => openTunnel({ namespace: NAMESPACE.kafka, pod: this.pod, port }, { server, login: options, signal }),
      tls: {
        ca: this.login.authority,
        cert: this.login.pair.certificate,
        key: this.login.pair.key,
        servername: brokerNames(this.pod)[0] ?? "",
      },
      signal,
    });
    try {
      await work(connections);
      this.done.add(key);
      return undefined;
    } catch (error) {
      return `${KAFKA_ADMIN}: ${messageOf(error)}`;
    } finally {
      connections.close();
    }
  }
}

async function setPassword(connections: KafkaConnections, name: string, password: string): Promise<void> {
  const salt = randomBytes(24);
  const saltedPassword = pbkdf2Sync(password, salt, ROUNDS, 64, "sha512");
  const upsertion = { name, mechanism: SCRAM_SHA_512, iterations: ROUNDS, salt, saltedPassword };
  const { results } = await connections.askAny((connection, { alterUserScramCredentialsV0 }) =>
    alterUserScramCredentialsV0.api.async(connection, [], [upsertion]),
  );
  const refused = results.find(({ errorCode }) => errorCode !== 0);
  if (refused) throw new Error(`Kafka refuses the password of ${name}: ${refused.errorMessage ?? refused.errorCode}`);
}

/** Kafka's numbers. */
const TYPES = { topic: 2, group: 3, cluster: 4 } as const;
const PATTERNS = { literal: 3, prefix: 4 } as const;
const OPERATIONS = { All: 2, Read: 3, Write: 4, Create: 5, Alter: 7, Describe: 8, DescribeConfigs: 10 } as const;
const ALLOW = 3 as const;

/** The rights of one entry, as Kafka's protocol has them. */
export function bindingsOf(user: string, { resource, operations }: Acl) {
  const which =
    resource.type === "cluster"
      ? { resourceName: "kafka-cluster", resourcePatternType: PATTERNS.literal }
      : { resourceName: resource.name, resourcePatternType: PATTERNS[resource.patternType] };
  return operations.map((operation) => ({
    resourceType: TYPES[resource.type],
    ...which,
    principal: `User:${user}`,
    host: "*",
    operation: OPERATIONS[operation],
    permissionType: ALLOW,
  }));
}
