import { ConfigMapV1 } from "@cdktf/provider-kubernetes/lib/config-map-v1";
import { CronJobV1 } from "@cdktf/provider-kubernetes/lib/cron-job-v1";
import { RoleBindingV1 } from "@cdktf/provider-kubernetes/lib/role-binding-v1";
import { RoleV1 } from "@cdktf/provider-kubernetes/lib/role-v1";
import { ServiceAccountV1 } from "@cdktf/provider-kubernetes/lib/service-account-v1";
import { Construct } from "constructs";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { literal } from "../../synthesized/text";
import { kafkaImage } from "../../ground/versions";
import { KAFKA_GROUP } from "../kafka/resources";
import { metadataOf } from "../kubernetes/objects";
import type { Restart } from "../kubernetes/restarts";
import { API_VARIABLES, fromSecret, restrictedTemplate } from "../kubernetes/workload";

const NAME = "rollouts";
/** User of Strimzi's images. */
const USER = 1001;

/** Which programs are restarted, and by what. */
export interface RestartsProps {
  /** Namespace of the CronJob. Where there are consumers it is theirs, from which it may reach brokers and registry. */
  readonly namespace: string;
  /** The programs. */
  readonly programs: readonly Restart[];
  /** Version of the brokers, in whose image it runs. */
  readonly kafkaVersion: string;
  /** Where it looks for topics. @default - nowhere: no program consumes any */
  readonly topics?: TopicSource;
}

/** How it lists topics, as a consumer. */
export interface TopicSource {
  /** Host and port of the brokers. */
  readonly brokers: string;
  /** Account of the consumers. */
  readonly user: string;
  /** Secret of the namespace with its key `password`. */
  readonly secret: string;
  /** A topic that is always there. */
  readonly knownTopic: string;
  /** URL of the schema registry, without which no consumer may start. */
  readonly registry: string;
}

/** One line for each program, as the script reads it. */
export function restartTargets(programs: readonly Restart[]): string {
  return programs
    .map(({ namespace, resource, name, secrets, topics = [], group = "" }) =>
      [namespace, resource, name, secrets.join(","), topics.join("|") || "-", group].join(" ").trim(),
    )
    .map((line) => `${line}\n`)
    .join("");
}

function topicVariables({ brokers, user, secret, knownTopic, registry }: TopicSource) {
  return [
    { name: "KAFKA_BROKERS", value: brokers },
    { name: "KAFKA_USER", value: user },
    fromSecret("KAFKA_PASSWORD", secret, "password"),
    { name: "KNOWN_TOPIC", value: knownTopic },
    { name: "REGISTRY", value: registry },
  ];
}

/**
 * A CronJob that restarts, every five minutes, each program whose Secrets or topics have changed since it started. It
 * restarts no consumer while brokers or registry do not answer. Its first run restarts every program once, because
 * nothing says yet with which Secrets they started.
 */
export class Restarts extends Construct {
  constructor(scope: Construct, id: string, props: RestartsProps) {
    super(scope, id);
    const { namespace, programs } = props;
    const metadata = metadataOf(NAME, namespace);
    const account = new ServiceAccountV1(this, "account", { metadata, automountServiceAccountToken: false });
    const bindings = [...new Set(programs.map((one) => one.namespace))].map((target) =>
      this.rights(target, programs, account),
    );
    const config = new ConfigMapV1(this, "script", {
      metadata,
      data: {
        "rollouts.sh": literal(readFileSync(join(__dirname, "restarts.sh"), "utf8")),
        targets: literal(restartTargets(programs)),
      },
    });
    new CronJobV1(this, "schedule", {
      metadata,
      dependsOn: [...bindings, ...programs.flatMap(({ ready }) => ready ?? [])],
      spec: {
        schedule: "*/5 * * * *",
        concurrencyPolicy: "Forbid",
        successfulJobsHistoryLimit: 1,
        failedJobsHistoryLimit: 1,
        jobTemplate: {
          metadata: { labels: metadata.labels },
          spec: {
            backoffLimit: 0,
            activeDeadlineSeconds: 240,
            template: restrictedTemplate({
              labels: metadata.labels,
              user: USER,
              pod: {
                restartPolicy: "Never",
                serviceAccountName: account.metadata.name,
                container: [container(props)],
                volume: [
                  { name: "rollouts", configMap: { name: config.metadata.name } },
                  // In memory, because the password of the account is written to it.
                  { name: "tmp", emptyDir: { medium: "Memory", sizeLimit: "16Mi" } },
                ],
              },
            }),
          },
        },
      },
    });
  }

  /** Rights to read the named Secrets and to change the named workloads of one namespace. */
  private rights(namespace: string, programs: readonly Restart[], account: ServiceAccountV1): RoleBindingV1 {
    const here = programs.filter((one) => one.namespace === namespace);
    const metadata = metadataOf(NAME, namespace);
    const resources = [...new Set(here.map(({ resource }) => resource))].sort();
    const role = new RoleV1(this, `role-${namespace}`, {
      metadata,
      rule: [
        {
          apiGroups: [""],
          resources: ["secrets"],
          resourceNames: [...new Set(here.flatMap(({ secrets }) => secrets))].sort(),
          verbs: ["get"],
        },
        ...resources.map((kind) => ({
          apiGroups: [kind === "kafkaconnectors" ? KAFKA_GROUP : "apps"],
          resources: [kind],
          resourceNames: here.filter(({ resource }) => resource === kind).map(({ name }) => name),
          verbs: ["get", "patch"],
        })),
      ],
    });
    return new RoleBindingV1(this, `binding-${namespace}`, {
      metadata,
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: role.metadata.name },
      subject: [{ kind: "ServiceAccount", name: account.metadata.name, namespace: account.metadata.namespace }],
    });
  }
}

function container({ kafkaVersion, topics }: RestartsProps) {
  return {
    name: NAME,
    // This image has Kafka's programs and curl, and the nodes have it already.
    image: kafkaImage(kafkaVersion),
    command: ["bash", "/rollouts/rollouts.sh"],
    env: [
      { name: "PATH", value: "/opt/kafka/bin:/usr/local/bin:/usr/bin:/bin" },
      { name: "TARGETS", value: "/rollouts/targets" },
      ...API_VARIABLES,
      ...(topics ? topicVariables(topics) : []),
    ],
    resources: { requests: { cpu: "50m", memory: "128Mi" }, limits: { memory: "384Mi" } },
    volumeMount: [
      { name: "rollouts", mountPath: "/rollouts", readOnly: true },
      { name: "tmp", mountPath: "/tmp" },
    ],
  };
}
