import { ConfigMapV1 } from "@cdktf/provider-kubernetes/lib/config-map-v1";
import { DeploymentV1 } from "@cdktf/provider-kubernetes/lib/deployment-v1";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { NAMESPACE } from "../../ground/namespaces";
import { image } from "../../ground/versions";
import { literals } from "../../synthesized/text";
import { kafkaUser } from "../kafka/secrets";
import { labels, RESTARTABLE, selectorLabels } from "../kubernetes/objects";
import type { Restart } from "../kubernetes/restarts";
import { WAITING } from "../kubernetes/wait-for";
import { fromSecret, restrictedTemplate } from "../kubernetes/workload";
import { consumerGroup, TELEGRAF } from "./access";
import { INFLUXDB_TELEGRAF } from "./secrets";
import {
  carefulConfig,
  type Consumer,
  type ConsumerData,
  PASSWORD_VARIABLES,
  telegrafConfig,
  topicPatternsOf,
} from "./telegraf-config";

/** Where its files are. */
const FOLDER = "/etc/telegraf";
/**
 * How long a consumer leaves unreadable records out after a panic: long enough to get past what it had read and not
 * written, at half its speed.
 */
const CAREFUL_SECONDS = "300";

/** A consumer. */
export interface TelegrafConsumerProps extends ConsumerData {
  readonly spec: Consumer;
  readonly dependsOn: ITerraformDependable[];
}

/**
 * A shell script that ends once the registry answers, which it does when Kafka has given it its schemas. After a reboot
 * all pods of a machine start at once, and Telegraf loses what it reads before that. Its image has no bash.
 */
function waitForRegistry(registry: string): string {
  return `told=
until wget -q -T 5 -O /dev/null ${registry}/subjects; do
  [ -n "$told" ] || echo "the schema registry does not answer yet at ${registry}"
  told=yes
  sleep 3
done`;
}

/** Telegraf that writes some topics of Kafka into InfluxDB. */
export class TelegrafConsumer extends Construct {
  /** The Deployment. */
  readonly ready: ITerraformDependable;
  /** It reads its passwords and looks for topics only when it starts. */
  readonly restart: Restart;

  constructor(scope: Construct, id: string, props: TelegrafConsumerProps) {
    super(scope, id);
    const { spec, registry, dependsOn } = props;
    const namespace = NAMESPACE.telegraf;
    const name = `telegraf-${spec.name}`;
    const metadata = { name, namespace, labels: labels("telegraf", name) };
    const files = {
      "telegraf.conf": telegrafConfig(spec, props),
      "careful.conf": carefulConfig(spec, props),
      "run.sh": readFileSync(join(__dirname, "run.sh"), "utf8"),
    };
    const configMap = new ConfigMapV1(this, "config", {
      metadata,
      data: literals(files),
    });
    const kafkaPassword = kafkaUser(TELEGRAF).name;
    const influxdbPassword = INFLUXDB_TELEGRAF.name;
    this.ready = new DeploymentV1(this, "deployment", {
      metadata,
      lifecycle: RESTARTABLE,
      dependsOn,
      spec: {
        // Two pods would share the topics. The old one must stop first, so that no message is read twice.
        replicas: "1",
        strategy: { type: "Recreate" },
        selector: { matchLabels: selectorLabels("telegraf", name) },
        template: restrictedTemplate({
          labels: metadata.labels,
          user: 1000,
          config: Object.values(files).join(""),
          pod: {
            initContainer: [
              {
                name: "registry",
                image: image("telegraf"),
                command: ["sh", "-c", waitForRegistry(registry.url)],
                resources: WAITING,
              },
            ],
            container: [
              {
                name: "telegraf",
                image: image("telegraf"),
                command: ["sh", `${FOLDER}/run.sh`],
                env: [
                  { name: "CONFIGURATIONS", value: FOLDER },
                  { name: "CAREFUL_SECONDS", value: CAREFUL_SECONDS },
                  fromSecret(PASSWORD_VARIABLES.kafka, kafkaPassword, "password"),
                  fromSecret(PASSWORD_VARIABLES.influxdb, influxdbPassword, "password"),
                ],
                resources: spec.resources,
                volumeMount: [{ name: "config", mountPath: FOLDER, readOnly: true }],
              },
            ],
            volume: [{ name: "config", configMap: { name: configMap.metadata.name } }],
          },
        }),
      },
    });
    const secrets = [kafkaPassword, influxdbPassword];
    this.restart = {
      namespace,
      resource: "deployments",
      name,
      secrets,
      topics: topicPatternsOf(spec),
      group: consumerGroup(spec.name),
      ready: this.ready,
    };
  }
}
