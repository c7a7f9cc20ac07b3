/** What reads topics of a site into InfluxDB and S3, and under which names Kafka and Kubernetes know it. */
import { CONNECT_PREFIX } from "../../../constructs/connect/access";
import { consumerGroup } from "../../../constructs/telegraf/access";
import type { Environment } from "../../../environments/schema";
import { topicRegExp } from "../../../environments/systems/kafka/topics";
import { NAMESPACE } from "../../../ground/namespaces";

/** A consumer of topics. */
export interface Consumer {
  /** `connect` is a connector of Kafka Connect, `telegraf` a Deployment. */
  readonly kind: "telegraf" | "connect";
  readonly name: string;
  /** Its topics; `*` stands for any characters. */
  readonly patterns: readonly string[];
  /** Its consumer group in Kafka. */
  readonly group: string;
  /** Database of InfluxDB that it writes into. @default - it writes elsewhere */
  readonly database?: string;
  /** Its workload in Kubernetes. */
  readonly workload: string;
  readonly namespace: string;
  /** Where the site's file says what it reads: `telegraf.consumers[3].topics`. */
  readonly path: string;
}

/** Every consumer of a site, in the order of its file. */
export function consumersOf({ telegraf, connect }: Environment): Consumer[] {
  const connectors = [
    ...(connect?.sinks ?? []).map((sink, i) => ({ ...sink, path: `connect.sinks[${i}].topics` })),
    ...(connect?.s3 ? [{ ...connect.s3, database: undefined, path: "connect.s3.topics" }] : []),
  ];
  return [
    ...telegraf.consumers.map(({ name, topics, database }, i) => ({
      kind: "telegraf" as const,
      name,
      patterns: topics,
      group: consumerGroup(name),
      database,
      workload: `telegraf-${name}`,
      namespace: NAMESPACE.telegraf,
      path: `telegraf.consumers[${i}].topics`,
    })),
    ...connectors.map(({ name, topics, database, path }) => ({
      kind: "connect" as const,
      name,
      patterns: topics,
      group: `${CONNECT_PREFIX}${name}`,
      ...(database !== undefined && { database }),
      workload: name,
      namespace: NAMESPACE.kafka,
      path,
    })),
  ];
}

/** Which of these topics a consumer reads. */
export function topicsOf({ patterns }: Pick<Consumer, "patterns">, topics: readonly string[]): string[] {
  const wanted = patterns.map((pattern) => new RegExp(topicRegExp(pattern)));
  return topics.filter((topic) => wanted.some((one) => one.test(topic)));
}
