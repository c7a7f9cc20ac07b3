import { ConfigMapV1 } from "@cdktf/provider-kubernetes/lib/config-map-v1";
import { DeploymentV1 } from "@cdktf/provider-kubernetes/lib/deployment-v1";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { literal, shortHash } from "../../synthesized/text";
import { image } from "../../ground/versions";
import type { PodResources } from "../kafka/kafka-cluster";
import { labels, RESTARTABLE, selectorLabels } from "../kubernetes/objects";
import { RESTRICTED_CONTAINER, restrictedPod } from "../kubernetes/workload";
import type { Rollout } from "../kubernetes/restarts";
import { PASSWORD_VARIABLES, telegrafConfig, type TelegrafConfigProps } from "./telegraf-config";

/** Where a password is. */
export interface PasswordReference {
  /** Secret of the consumer's namespace. */
  readonly secret: string;
  readonly key: string;
}

/** A consumer. */
export interface TelegrafConsumerProps {
  readonly namespace: string;
  readonly config: TelegrafConfigProps;
  readonly kafkaPassword: PasswordReference;
  readonly influxdbPassword: PasswordReference;
  readonly resources: PodResources;
  readonly dependsOn: ITerraformDependable[];
}

/**
 * Ends well once the registry answers, and after five minutes without an answer not: then it is started anew. All pods
 * of a machine that was rebooted start at once, and what Telegraf reads before the registry answers is lost.
 */
function waitForRegistry(registry: string): string {
  return `tries=0
until wget -q -T 5 -O /dev/null ${registry}/subjects; do
  tries=$((tries + 1))
  [ "$tries" -lt 100 ] || { echo "the schema registry does not answer at ${registry}" >&2; exit 1; }
  sleep 3
done`;
}

/** Telegraf that writes some topics of Kafka into InfluxDB. */
export class TelegrafConsumer extends Construct {
  /** It looks for topics when it starts, and never again. */
  readonly rollout: Rollout;

  constructor(scope: Construct, id: string, props: TelegrafConsumerProps) {
    super(scope, id);
    const { namespace, config, dependsOn } = props;
    const name = `telegraf-${config.name}`;
    const metadata = { name, namespace, labels: labels("telegraf", name) };
    const text = telegrafConfig(config);
    const configMap = new ConfigMapV1(this, "config", { metadata, data: { "telegraf.conf": literal(text) } });
    const password = (variable: string, { secret, key }: PasswordReference) => ({
      name: variable,
      valueFrom: { secretKeyRef: { name: secret, key } },
    });
    const workload = new DeploymentV1(this, "deployment", {
      metadata,
      lifecycle: RESTARTABLE,
      dependsOn,
      spec: {
        // A second one would share the topics; the first has to stop before, so that none is read twice.
        replicas: "1",
        strategy: { type: "Recreate" },
        selector: { matchLabels: selectorLabels("telegraf", name) },
        template: {
          metadata: {
            labels: metadata.labels,
            annotations: { "efd/config": shortHash(text) },
          },
          spec: {
            automountServiceAccountToken: false,
            enableServiceLinks: false,
            securityContext: restrictedPod(1000),
            initContainer: [
              {
                name: "registry",
                image: image("telegraf"),
                command: ["sh", "-c", waitForRegistry(config.registry)],
                resources: { requests: { cpu: "10m", memory: "16Mi" }, limits: { memory: "64Mi" } },
                securityContext: RESTRICTED_CONTAINER,
              },
            ],
            container: [
              {
                name: "telegraf",
                image: image("telegraf"),
                command: ["telegraf", "--config", "/etc/telegraf/telegraf.conf"],
                env: [
                  password(PASSWORD_VARIABLES.kafka, props.kafkaPassword),
                  password(PASSWORD_VARIABLES.influxdb, props.influxdbPassword),
                ],
                resources: props.resources,
                securityContext: RESTRICTED_CONTAINER,
                volumeMount: [{ name: "config", mountPath: "/etc/telegraf", readOnly: true }],
              },
            ],
            volume: [{ name: "config", configMap: { name: configMap.metadata.name } }],
          },
        },
      },
    });
    const secrets = [props.kafkaPassword.secret, props.influxdbPassword.secret];
    this.rollout = { namespace, resource: "deployments", name, secrets, topics: config.topics, workload };
  }
}
