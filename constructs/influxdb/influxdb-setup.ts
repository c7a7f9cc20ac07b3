import { ConfigMapV1 } from "@cdktf/provider-kubernetes/lib/config-map-v1";
import { CronJobV1 } from "@cdktf/provider-kubernetes/lib/cron-job-v1";
import { JobV1 } from "@cdktf/provider-kubernetes/lib/job-v1";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { literal, shortHash } from "../../synthesized/text";
import { image } from "../../ground/versions";
import { labels, selectorLabels } from "../kubernetes/objects";
import { RESTRICTED_CONTAINER, restrictedPod } from "../kubernetes/workload";
import { ADMIN_VARIABLES, type Database, type InfluxdbUser, setupScript } from "./setup-script";

const NAME = "influxdb-setup";
/** Labels of its pods. */
export const SETUP_PODS = selectorLabels(NAME);

/** A user and where its password is. */
export interface SetupUser extends Omit<InfluxdbUser, "passwordVariable"> {
  /** Secret of the namespace and its key. */
  readonly password: { readonly secret: string; readonly key: string };
}

/** Databases, retention policies and users of InfluxDB. */
export interface InfluxdbSetupProps {
  readonly namespace: string;
  /** Service of InfluxDB in the namespace. */
  readonly host: string;
  readonly port: number;
  /** Secret with the keys `influxdb-user` and `influxdb-password`. */
  readonly adminSecret: string;
  /** Secret with the key `password`: that of the setup's own account. */
  readonly ownSecret: string;
  readonly databases: readonly Database[];
  readonly users: readonly SetupUser[];
  readonly dependsOn: ITerraformDependable[];
}

/**
 * An idempotent Job: it runs again when its inputs change, and every quarter of an hour, so that a password
 * that changed at its source arrives.
 */
export class InfluxdbSetup extends Construct {
  /** What needs databases or users depends on it. */
  readonly ready: ITerraformDependable;

  constructor(scope: Construct, id: string, props: InfluxdbSetupProps) {
    super(scope, id);
    const { namespace, dependsOn } = props;
    const metadata = { name: NAME, namespace, labels: labels(NAME) };
    const users = props.users.map((user) => ({
      ...user,
      passwordVariable: `PASSWORD_${user.name.replace(/[^A-Za-z0-9]/g, (mark) => `_${mark.charCodeAt(0)}_`).toUpperCase()}`,
    }));
    const script = setupScript(props.databases, users);
    const config = new ConfigMapV1(this, "script", { metadata, data: { "setup.sh": literal(script) }, dependsOn });
    const fromSecret = (name: string, secret: string, key: string) => ({
      name,
      valueFrom: { secretKeyRef: { name: secret, key } },
    });
    const pod = {
      restartPolicy: "Never",
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      securityContext: restrictedPod(1500),
      container: [
        {
          name: "setup",
          image: image("influxdb"),
          command: ["sh", "/scripts/setup.sh"],
          env: [
            { name: "HOME", value: "/tmp" },
            { name: "INFLUXDB_HOST", value: props.host },
            { name: "INFLUXDB_PORT", value: String(props.port) },
            fromSecret(ADMIN_VARIABLES.name, props.adminSecret, "influxdb-user"),
            fromSecret(ADMIN_VARIABLES.password, props.adminSecret, "influxdb-password"),
            fromSecret(ADMIN_VARIABLES.own, props.ownSecret, "password"),
            ...users.map(({ passwordVariable, password }) =>
              fromSecret(passwordVariable, password.secret, password.key),
            ),
          ],
          resources: { requests: { cpu: "10m", memory: "32Mi" }, limits: { memory: "128Mi" } },
          securityContext: RESTRICTED_CONTAINER,
          volumeMount: [
            { name: "scripts", mountPath: "/scripts", readOnly: true },
            { name: "tmp", mountPath: "/tmp" },
          ],
        },
      ],
      volume: [
        { name: "scripts", configMap: { name: config.metadata.name } },
        { name: "tmp", emptyDir: {} },
      ],
    };
    const template = { metadata: { labels: metadata.labels }, spec: pod };
    this.ready = new JobV1(this, "job", {
      metadata: { ...metadata, name: `${NAME}-${shortHash(script)}` },
      waitForCompletion: true,
      timeouts: { create: "10m", update: "10m" },
      dependsOn,
      spec: { backoffLimit: 4, activeDeadlineSeconds: 540, template },
    });
    new CronJobV1(this, "schedule", {
      metadata,
      dependsOn: [this.ready],
      spec: {
        schedule: "*/15 * * * *",
        concurrencyPolicy: "Forbid",
        successfulJobsHistoryLimit: 1,
        failedJobsHistoryLimit: 1,
        jobTemplate: {
          metadata: { labels: metadata.labels },
          spec: { backoffLimit: 1, activeDeadlineSeconds: 540, template },
        },
      },
    });
  }
}
