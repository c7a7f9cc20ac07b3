import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { topicRegExp } from "../../environments/systems/kafka/topics";
import { NAMESPACE } from "../../ground/namespaces";
import type { Database } from "../influxdb/influxdb";
import { CLUSTER_LABEL, KAFKA_GROUP } from "../kafka/resources";
import { CustomResources } from "../kubernetes/custom-resources";
import type { Restart } from "../kubernetes/restarts";
import type { SecretSpec } from "../secrets/secret-spec";
import { CONNECT, S3_FILE_RECORDS } from "./access";
import type { Connect } from "./kafka-connect";
import type { KafkaConnector, Settings } from "./resources";
import { INFLUXDB_CONNECT, S3_ACCOUNT } from "./secrets";

type Sink = Connect["sinks"][number];
type S3 = NonNullable<Connect["s3"]>;

/** How a connector names a key of a Secret. It reads the value whenever one of its tasks starts. */
function secretReference(secret: SecretSpec, key: string): string {
  return `\${secrets:${NAMESPACE.kafka}/${secret.name}:${key}}`;
}

/** Strimzi restarts a task that failed, whatever failed it. */
function connector(name: string, className: string, tasksMax: number, config: Settings): KafkaConnector {
  return {
    apiVersion: "kafka.strimzi.io/v1",
    kind: "KafkaConnector",
    metadata: { name, labels: CLUSTER_LABEL },
    spec: { class: className, tasksMax, autoRestart: { enabled: true }, config },
  };
}

/**
 * One statement of the sink: a topic becomes a measurement of the same name.
 *
 * Stream Reactor 10.0.5 rounds times in seconds to whole milliseconds. If a topic has two messages within a
 * millisecond, the second overwrites the first.
 */
function statement(topic: string, { timestampField, tags }: Sink): string {
  const tagged = tags.length > 0 ? ` WITHTAG (${tags.join(", ")})` : "";
  return `INSERT INTO ${topic} SELECT * FROM ${topic} WITHTIMESTAMP ${timestampField} TIMESTAMPUNIT=MILLISECONDS${tagged}`;
}

/**
 * Stream Reactor's sink for InfluxDB 1.x. Its last releases are 10.0.
 *
 * From 5.0.1 on it hands points to InfluxDB's client and does not wait: what InfluxDB refuses, and what an outage of
 * over three minutes keeps it from taking, is lost while the offsets are committed. No task fails, so the policy RETRY
 * and Strimzi's restart of failed tasks see little of it.
 */
export function influxdbSink(sink: Sink, { url }: Database): KafkaConnector {
  const topics = [...sink.topics].sort();
  return connector(sink.name, "io.lenses.streamreactor.connect.influx.InfluxSinkConnector", sink.tasks, {
    // The connector wants both lists to be equal.
    topics: topics.join(","),
    "connect.influx.kcql": topics.map((topic) => statement(topic, sink)).join("; "),
    "connect.influx.url": url,
    "connect.influx.db": sink.database,
    "connect.influx.username": CONNECT,
    "connect.influx.password": secretReference(INFLUXDB_CONNECT, "password"),
    // What the connector itself cannot convert is tried again, ten times a minute apart (argocd-efd), and then fails the task.
    "connect.influx.error.policy": "RETRY",
    "connect.influx.max.retries": 10,
    "connect.influx.retry.interval": 60000,
    "connect.progress.enabled": false,
  });
}

/** Confluent's sink for S3, with the figures of argocd-efd. */
export function s3Sink(sink: S3): KafkaConnector {
  return connector(sink.name, "io.confluent.connect.s3.S3SinkConnector", sink.tasks, {
    "topics.regex": sink.topics.map(topicRegExp).join("|"),
    "s3.bucket.name": sink.bucket,
    "s3.region": sink.region,
    ...(sink.storeUrl ? { "store.url": sink.storeUrl } : {}),
    "aws.access.key.id": secretReference(S3_ACCOUNT, "aws_access_key_id"),
    "aws.secret.access.key": secretReference(S3_ACCOUNT, "aws_secret_access_key"),
    "storage.class": "io.confluent.connect.s3.storage.S3Storage",
    "format.class": "io.confluent.connect.s3.format.parquet.ParquetFormat",
    "parquet.codec": "snappy",
    "partitioner.class": "io.confluent.connect.storage.partitioner.TimeBasedPartitioner",
    "path.format": "'year'=YYYY/'month'=MM/'day'=dd/'hour'=HH",
    "partition.duration.ms": 3600000,
    "timestamp.extractor": "Record",
    locale: "en-US",
    timezone: "UTC",
    "flush.size": S3_FILE_RECORDS,
    "rotate.interval.ms": 600000,
    "s3.part.size": 5242880,
    "s3.part.retries": 3,
    "s3.retry.backoff.ms": 200,
    "schemas.cache.config": 5000,
    "behavior.on.null.values": "fail",
  });
}

/** Connectors of a site. */
export interface ConnectorsProps {
  readonly spec: Pick<Connect, "sinks" | "s3">;
  readonly influxdb: Database;
  readonly dependsOn: ITerraformDependable[];
}

/** The connectors that run in {@link KafkaConnect}. */
export class Connectors extends Construct {
  /**
   * Helm's release: a connector that was removed has gone, so what takes over its topics may start. The other
   * connectors may still be starting.
   */
  readonly ready: ITerraformDependable;
  /** Their tasks read Secrets only when they start, and one whose password InfluxDB refuses does not fail. */
  readonly restarts: readonly Restart[];

  constructor(scope: Construct, id: string, { spec, influxdb, dependsOn }: ConnectorsProps) {
    super(scope, id);
    const connectors = [
      ...spec.sinks.map((sink) => ({ resource: influxdbSink(sink, influxdb), secret: INFLUXDB_CONNECT })),
      ...(spec.s3 ? [{ resource: s3Sink(spec.s3), secret: S3_ACCOUNT }] : []),
    ];
    const resources = connectors.map(({ resource }) => resource);
    this.ready = new CustomResources(this, "connectors", {
      name: "kafka-connectors",
      namespace: NAMESPACE.kafka,
      resources,
      // The Job fails where there is nothing to wait for.
      ...(resources.length > 0
        ? { awaited: { group: KAFKA_GROUP, kinds: ["kafkaconnectors"], timeout: 600, dependentsWait: false } }
        : {}),
      dependsOn,
    }).ready;
    this.restarts = connectors.map(({ resource, secret }) => ({
      namespace: NAMESPACE.kafka,
      resource: "kafkaconnectors",
      name: resource.metadata.name,
      secrets: [secret.name],
      ready: this.ready,
    }));
  }
}
