import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { CustomResources } from "../kubernetes/custom-resources";
import { KAFKA_GROUP } from "../kafka/resources";
import { CONNECT_CLUSTER } from "./kafka-connect";
import type { KafkaConnector, Settings } from "./resources";

/** Writes topics into a database of InfluxDB. */
export interface InfluxdbSinkProps {
  readonly name: string;
  /** Whole names. */
  readonly topics: readonly string[];
  readonly url: string;
  readonly database: string;
  readonly username: string;
  /** Reference to its password. */
  readonly password: string;
  readonly timestampField: string;
  /** Fields that become tags. */
  readonly tags: readonly string[];
  readonly tasks: number;
}

/** Writes topics into a bucket. */
export interface S3SinkProps {
  readonly name: string;
  /** Regular expressions of whole names. */
  readonly topics: readonly string[];
  readonly bucket: string;
  readonly region: string;
  /** @default - Amazon's */
  readonly storeUrl?: string;
  /** Reference to the id of the access key. */
  readonly accessKeyId: string;
  /** Reference to the access key. */
  readonly secretAccessKey: string;
  readonly tasks: number;
}

/** A task that failed, as after a password that changed, starts again and reads its secrets anew. */
function connector(name: string, className: string, tasksMax: number, config: Settings): KafkaConnector {
  return {
    apiVersion: "kafka.strimzi.io/v1",
    kind: "KafkaConnector",
    metadata: { name, labels: { "strimzi.io/cluster": CONNECT_CLUSTER } },
    spec: { class: className, tasksMax, autoRestart: { enabled: true }, config },
  };
}

/**
 * One statement of the sink: a topic becomes a measurement of the same name.
 *
 * Stream Reactor 10.0.5 makes whole milliseconds of a time in seconds, so of two messages of one topic within a
 * millisecond the second one stays.
 */
function statement(topic: string, { timestampField, tags }: InfluxdbSinkProps): string {
  const tagged = tags.length > 0 ? ` WITHTAG (${tags.join(", ")})` : "";
  return `INSERT INTO ${topic} SELECT * FROM ${topic} WITHTIMESTAMP ${timestampField} TIMESTAMPUNIT=MILLISECONDS${tagged}`;
}

/** Stream Reactor's sink for InfluxDB 1.x, as its last releases (10.0) have it. */
export function influxdbSink(props: InfluxdbSinkProps): KafkaConnector {
  const topics = [...props.topics].sort();
  return connector(props.name, "io.lenses.streamreactor.connect.influx.InfluxSinkConnector", props.tasks, {
    // The connector wants both lists to be equal.
    topics: topics.join(","),
    "connect.influx.kcql": topics.map((topic) => statement(topic, props)).join("; "),
    "connect.influx.url": props.url,
    "connect.influx.db": props.database,
    "connect.influx.username": props.username,
    "connect.influx.password": props.password,
    // What cannot be written is tried again, ten times a minute apart (argocd-efd), and then fails the task.
    "connect.influx.error.policy": "RETRY",
    "connect.influx.max.retries": 10,
    "connect.influx.retry.interval": 60000,
    "connect.progress.enabled": false,
  });
}

/** Confluent's sink for S3, with the figures of argocd-efd. */
export function s3Sink(props: S3SinkProps): KafkaConnector {
  return connector(props.name, "io.confluent.connect.s3.S3SinkConnector", props.tasks, {
    "topics.regex": props.topics.join("|"),
    "s3.bucket.name": props.bucket,
    "s3.region": props.region,
    ...(props.storeUrl ? { "store.url": props.storeUrl } : {}),
    "aws.access.key.id": props.accessKeyId,
    "aws.secret.access.key": props.secretAccessKey,
    "storage.class": "io.confluent.connect.s3.storage.S3Storage",
    "format.class": "io.confluent.connect.s3.format.parquet.ParquetFormat",
    "parquet.codec": "snappy",
    "partitioner.class": "io.confluent.connect.storage.partitioner.TimeBasedPartitioner",
    "path.format": "'year'=YYYY/'month'=MM/'day'=dd/'hour'=HH",
    "partition.duration.ms": 3600000,
    "timestamp.extractor": "Record",
    locale: "en-US",
    timezone: "UTC",
    "flush.size": 1000,
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
  readonly namespace: string;
  readonly connectors: readonly KafkaConnector[];
  readonly dependsOn: ITerraformDependable[];
}

/** The connectors that run in {@link KafkaConnect}. */
export class Connectors extends Construct {
  /** Helm's release: a connector that was removed has gone, the others may still be starting. */
  readonly ready: ITerraformDependable;

  constructor(scope: Construct, id: string, props: ConnectorsProps) {
    super(scope, id);
    const { namespace, connectors, dependsOn } = props;
    this.ready = new CustomResources(this, "connectors", {
      name: "kafka-connectors",
      namespace,
      resources: connectors,
      // Nothing to wait for is an error of the Job.
      ...(connectors.length > 0
        ? { awaited: { group: KAFKA_GROUP, kinds: ["kafkaconnectors"], timeout: 600, dependentsWait: false } }
        : {}),
      dependsOn,
    }).ready;
  }
}
