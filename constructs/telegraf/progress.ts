import { ConfigMapV1 } from "@cdktf/provider-kubernetes/lib/config-map-v1";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { SAL_COUNTER, SAL_PREFIX } from "../../environments/systems/kafka/sal";
import { NAMESPACE } from "../../ground/namespaces";
import { kafkaImage } from "../../ground/versions";
import { literals } from "../../synthesized/text";
import type { Database } from "../influxdb/influxdb";
import { INFLUXDB_READER, READER } from "../influxdb/secrets";
import { CLIENT_SECONDS, clientScript } from "../kafka/client";
import type { Brokers } from "../kafka/kafka-cluster";
import { kafkaUser } from "../kafka/secrets";
import { againWhenKilled, cronJob } from "../kubernetes/cron-job";
import { metadataOf } from "../kubernetes/objects";
import { patience } from "../kubernetes/patience";
import { fromSecret, restrictedTemplate } from "../kubernetes/workload";
import { consumerGroup, OWN_DATABASE, TELEGRAF } from "./access";
import { PROGRESS } from "./measurements";
import { INFLUXDB_TELEGRAF } from "./secrets";
import { type Consumer, topicPatternsOf } from "./telegraf-config";

const NAME = "progress";
/** Folder of its files. */
const FOLDER = "/progress";
/** User of Strimzi's images. */
const USER = 1001;

/** Whose progress is measured, and where. */
export interface ProgressProps {
  readonly consumers: readonly Consumer[];
  readonly kafka: Brokers;
  readonly influxdb: Database;
  readonly dependsOn: ITerraformDependable[];
}

/** One line for each consumer, as the script reads it. Only SAL's topics have a field that is known beforehand. */
export function progressLines(consumers: readonly Consumer[]): string {
  return consumers
    .map((consumer) => {
      const isSal = consumer.topics.every((topic) => topic.startsWith(SAL_PREFIX));
      const topics = isSal ? topicPatternsOf(consumer).join("|") : "-";
      return `${consumer.name} ${consumerGroup(consumer.name)} ${consumer.database} ${topics}\n`;
    })
    .join("");
}

/**
 * Every five minutes, how far each consumer is: {@link PROGRESS}. Kafka alone knows what a group has not read, and
 * Telegraf does not ask it.
 */
export class Progress extends Construct {
  constructor(scope: Construct, id: string, { consumers, kafka, influxdb, dependsOn }: ProgressProps) {
    super(scope, id);
    const metadata = metadataOf(NAME, NAMESPACE.telegraf);
    const files = {
      ...clientScript(),
      "progress.sh": readFileSync(join(__dirname, "progress.sh"), "utf8"),
      consumers: progressLines(consumers),
    };
    const config = new ConfigMapV1(this, "files", {
      metadata,
      data: literals(files),
    });
    cronJob(this, "schedule", {
      metadata,
      dependsOn,
      // Between two runs of `rollouts`, which begins every five minutes too.
      schedule: "2-59/5 * * * *",
      job: {
        ...againWhenKilled(NAME),
        template: restrictedTemplate({
          labels: metadata.labels,
          user: USER,
          pod: {
            restartPolicy: "Never",
            activeDeadlineSeconds: CLIENT_SECONDS,
            container: [
              {
                name: NAME,
                // This image has Kafka's programs and curl, and the nodes have it already.
                image: kafkaImage(kafka.version),
                command: ["bash", `${FOLDER}/progress.sh`],
                env: [
                  { name: "PATH", value: "/opt/kafka/bin:/usr/local/bin:/usr/bin:/bin" },
                  patience(),
                  { name: "CONSUMERS", value: `${FOLDER}/consumers` },
                  { name: "KAFKA_BROKERS", value: kafka.bootstrap },
                  { name: "KAFKA_USER", value: TELEGRAF },
                  fromSecret("KAFKA_PASSWORD", kafkaUser(TELEGRAF).name, "password"),
                  { name: "INFLUXDB_URL", value: influxdb.url },
                  { name: "OWN_DATABASE", value: OWN_DATABASE },
                  { name: "MEASUREMENT", value: PROGRESS.measurement },
                  { name: "FIELD", value: SAL_COUNTER },
                  { name: "WRITER", value: TELEGRAF },
                  fromSecret("WRITER_PASSWORD", INFLUXDB_TELEGRAF.name, "password"),
                  { name: "READER", value: READER },
                  fromSecret("READER_PASSWORD", INFLUXDB_READER.name, "password"),
                ],
                resources: { requests: { cpu: "50m", memory: "128Mi" }, limits: { memory: "384Mi" } },
                volumeMount: [
                  { name: "progress", mountPath: FOLDER, readOnly: true },
                  { name: "tmp", mountPath: "/tmp" },
                ],
              },
            ],
            volume: [
              { name: "progress", configMap: { name: config.metadata.name } },
              // In memory, because passwords are written to it.
              { name: "tmp", emptyDir: { medium: "Memory", sizeLimit: "16Mi" } },
            ],
          },
        }),
      },
    });
  }
}
