import { ConfigMapV1 } from "@cdktf/provider-kubernetes/lib/config-map-v1";
import type { DeploymentV1SpecTemplateSpecContainerEnv } from "@cdktf/provider-kubernetes/lib/deployment-v1";
import type { RoleBindingV1 } from "@cdktf/provider-kubernetes/lib/role-binding-v1";
import type { RoleV1Rule } from "@cdktf/provider-kubernetes/lib/role-v1";
import { ServiceAccountV1 } from "@cdktf/provider-kubernetes/lib/service-account-v1";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { literals } from "../../synthesized/text";
import { kafkaImage } from "../../ground/versions";
import { CLIENT_SECONDS, clientScript } from "../kafka/client";
import { KAFKA_GROUP } from "../kafka/resources";
import { againWhenKilled, cronJob } from "../kubernetes/cron-job";
import { metadataOf } from "../kubernetes/objects";
import { patience } from "../kubernetes/patience";
import type { Restart } from "../kubernetes/restarts";
import { rights } from "../kubernetes/rights";
import { API_VARIABLES, fromSecret, restrictedTemplate } from "../kubernetes/workload";

const NAME = "rollouts";
/** Folder of its files. */
const FOLDER = "/rollouts";
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

/** One line for each program, as the script reads it: those that consume last, for only they wait for Kafka. */
export function restartTargets(programs: readonly Restart[]): string {
  return [...programs]
    .sort((a, b) => Number(a.topics !== undefined) - Number(b.topics !== undefined))
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

/** What both kinds of restarts have in common. */
interface Schedule {
  readonly namespace: string;
  /** Script, beside this file. */
  readonly script: string;
  /** What it reads, by the name of the file. */
  readonly files: Readonly<Record<string, string>>;
  readonly env: DeploymentV1SpecTemplateSpecContainerEnv[];
  /** Seconds that a run may take. */
  readonly seconds: number;
  readonly kafkaVersion: string;
}

/** A CronJob that runs a script every five minutes, with an account of its own. */
abstract class ScheduledRestarts extends Construct {
  /** Its account. */
  protected account(namespace: string): ServiceAccountV1 {
    const metadata = metadataOf(NAME, namespace);
    return new ServiceAccountV1(this, "account", { metadata, automountServiceAccountToken: false });
  }

  /** Rights in one namespace. */
  protected rights(namespace: string, rule: RoleV1Rule[], account: ServiceAccountV1): RoleBindingV1 {
    return rights(this, { metadata: metadataOf(NAME, namespace), account, rule, suffix: `-${namespace}` });
  }

  protected schedule(
    { namespace, script, files, env, seconds, kafkaVersion }: Schedule,
    account: ServiceAccountV1,
    dependsOn: ITerraformDependable[],
  ): void {
    const metadata = metadataOf(NAME, namespace);
    const read = (file: string) => readFileSync(join(__dirname, file), "utf8");
    const texts = { ...clientScript(), "marks.sh": read("marks.sh"), "rollouts.sh": read(script), ...files };
    const config = new ConfigMapV1(this, "script", {
      metadata,
      data: literals(texts),
    });
    cronJob(this, "schedule", {
      metadata,
      dependsOn,
      schedule: "*/5 * * * *",
      job: {
        ...againWhenKilled(NAME),
        template: restrictedTemplate({
          labels: metadata.labels,
          user: USER,
          pod: {
            restartPolicy: "Never",
            activeDeadlineSeconds: seconds,
            serviceAccountName: account.metadata.name,
            container: [container(kafkaVersion, env)],
            volume: [
              { name: "rollouts", configMap: { name: config.metadata.name } },
              // In memory, because the password of the account is written to it.
              { name: "tmp", emptyDir: { medium: "Memory", sizeLimit: "16Mi" } },
            ],
          },
        }),
      },
    });
  }
}

/**
 * Restarts, every five minutes, each program whose Secrets or topics have changed since it started. It restarts no
 * consumer before brokers and registry answer, for which it waits a while, and none that started with what is there:
 * programs that are new are only marked.
 */
export class Restarts extends ScheduledRestarts {
  constructor(scope: Construct, id: string, { namespace, programs, kafkaVersion, topics }: RestartsProps) {
    super(scope, id);
    const account = this.account(namespace);
    const bindings = [...new Set(programs.map((one) => one.namespace))].map((target) =>
      this.rights(target, rightsOn(programs.filter((one) => one.namespace === target)), account),
    );
    this.schedule(
      {
        namespace,
        script: "restarts.sh",
        files: { targets: restartTargets(programs) },
        env: [
          { name: "TARGETS", value: `${FOLDER}/targets` },
          ...API_VARIABLES,
          patience(),
          ...(topics ? topicVariables(topics) : []),
        ],
        seconds: CLIENT_SECONDS,
        kafkaVersion,
      },
      account,
      [...bindings, ...programs.flatMap(({ ready }) => ready ?? [])],
    );
  }
}

/** Rights to read the named Secrets and to change the named workloads of one namespace. */
function rightsOn(programs: readonly Restart[]): RoleV1Rule[] {
  const resources = [...new Set(programs.map(({ resource }) => resource))].sort();
  return [
    mayRead([...new Set(programs.flatMap(({ secrets }) => secrets))].sort()),
    ...resources.map((kind) => ({
      apiGroups: [kind === "kafkaconnectors" ? KAFKA_GROUP : "apps"],
      resources: [kind],
      resourceNames: programs.filter(({ resource }) => resource === kind).map(({ name }) => name),
      verbs: ["get", "patch"],
    })),
  ];
}

function mayRead(secrets: string[]): RoleV1Rule {
  return { apiGroups: [""], resources: ["secrets"], resourceNames: secrets, verbs: ["get"] };
}

/** Deployments that restart together. */
export interface Wave {
  /** Labels of the Deployments, not of their pods. */
  readonly labels: Readonly<Record<string, string>>;
  /** In how many parts they restart, one after the other: of 10 parts, a tenth of the programs at a time. */
  readonly parts: number;
}

/** Which programs are restarted in waves, and by what. */
export interface RestartWavesProps {
  /** Namespace of the programs and of the CronJob. */
  readonly namespace: string;
  /** The waves: each waits until the one before is available again. */
  readonly waves: readonly Wave[];
  /** Secrets that their containers read; which keys, their templates say. */
  readonly secrets: readonly string[];
  /** Version of the brokers, in whose image it runs. */
  readonly kafkaVersion: string;
  readonly dependsOn: ITerraformDependable[];
}

/** Seconds after which a run begins nothing new, and the next one goes on. */
const PATIENCE = 210;

/**
 * Restarts, every five minutes, each program of a namespace that reads a key of a Secret which changed since it started;
 * in waves, so that never all of them are away at once. Programs are found by their labels: one more changes nothing
 * here. Those that started with what is there are only marked.
 */
export class RestartWaves extends ScheduledRestarts {
  constructor(scope: Construct, id: string, props: RestartWavesProps) {
    super(scope, id);
    const { namespace, waves, secrets, kafkaVersion, dependsOn } = props;
    const account = this.account(namespace);
    const programs = { apiGroups: ["apps"], resources: ["deployments"], verbs: ["list", "patch"] };
    const binding = this.rights(namespace, [mayRead([...secrets]), programs], account);
    const lines = waves.map(({ labels, parts }) => {
      const selector = Object.entries(labels).map(([label, value]) => `${label}=${value}`);
      return `${parts} ${selector.join(",")}\n`;
    });
    this.schedule(
      {
        namespace,
        script: "waves.sh",
        files: { waves: lines.join("") },
        env: [
          { name: "WAVES", value: `${FOLDER}/waves` },
          { name: "NAMESPACE", value: namespace },
          patience(PATIENCE),
          ...API_VARIABLES,
        ],
        seconds: 280,
        kafkaVersion,
      },
      account,
      [...dependsOn, binding],
    );
  }
}

function container(kafkaVersion: string, env: DeploymentV1SpecTemplateSpecContainerEnv[]) {
  return {
    name: NAME,
    // This image has Kafka's programs and curl, and the nodes have it already.
    image: kafkaImage(kafkaVersion),
    command: ["bash", `${FOLDER}/rollouts.sh`],
    env: [{ name: "PATH", value: "/opt/kafka/bin:/usr/local/bin:/usr/bin:/bin" }, ...env],
    resources: { requests: { cpu: "50m", memory: "128Mi" }, limits: { memory: "384Mi" } },
    volumeMount: [
      { name: "rollouts", mountPath: FOLDER, readOnly: true },
      { name: "tmp", mountPath: "/tmp" },
    ],
  };
}
