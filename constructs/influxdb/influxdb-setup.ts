import { ConfigMapV1 } from "@cdktf/provider-kubernetes/lib/config-map-v1";
import { JobV1 } from "@cdktf/provider-kubernetes/lib/job-v1";
import { ServiceAccountV1 } from "@cdktf/provider-kubernetes/lib/service-account-v1";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { NAMESPACE } from "../../ground/namespaces";
import { image } from "../../ground/versions";
import { literal, shortHash } from "../../synthesized/text";
import { cronJob } from "../kubernetes/cron-job";
import { metadataOf, selectorLabels } from "../kubernetes/objects";
import { rights } from "../kubernetes/rights";
import { API_VARIABLES, fromSecret, restrictedTemplate } from "../kubernetes/workload";
import type { SecretSpec } from "../secrets/secret-spec";
import { INFLUXDB_ADMIN, INFLUXDB_SETUP } from "./secrets";
import { ADMIN_VARIABLES, type DatabaseSpec, type InfluxdbUser, MARKER, setupScript } from "./setup-script";

const NAME = "influxdb-setup";
/** Labels of its pods. */
export const SETUP_PODS = selectorLabels(NAME);

/** A user and the Secret with its password, key `password`. */
export interface SetupUser extends Omit<InfluxdbUser, "passwordVariable"> {
  readonly secret: SecretSpec;
}

/** Databases, retention policies and users of InfluxDB. */
export interface InfluxdbSetupProps {
  readonly influxdb: { readonly service: { readonly host: string; readonly port: number } };
  readonly databases: readonly DatabaseSpec[];
  readonly users: readonly SetupUser[];
  /** Whether the site has backups, which a restore brings back. @default false */
  readonly isRestored?: boolean;
  readonly dependsOn: ITerraformDependable[];
}

/**
 * An idempotent Job. It runs again when its inputs change, and every quarter of an hour, so that InfluxDB gets
 * passwords that changed at their source.
 */
export class InfluxdbSetup extends Construct {
  /** Databases and users. */
  readonly ready: ITerraformDependable;
  /** The script and its variables for whoever runs it without the cluster: then it does not ask whether InfluxDB was set up before. */
  readonly script: {
    readonly config: string;
    readonly env: readonly { readonly name: string; readonly value?: string }[];
  };

  constructor(scope: Construct, id: string, props: InfluxdbSetupProps) {
    super(scope, id);
    const { databases, dependsOn } = props;
    const metadata = metadataOf(NAME, NAMESPACE.influxdb);
    const users = props.users.map((user) => ({
      ...user,
      passwordVariable: `PASSWORD_${user.name.replace(/[^A-Za-z0-9]/g, (mark) => `_${mark.charCodeAt(0)}_`).toUpperCase()}`,
    }));
    const script = setupScript(databases, users, props.isRestored);
    const config = new ConfigMapV1(this, "script", { metadata, data: { "setup.sh": literal(script) }, dependsOn });
    const { host, port } = props.influxdb.service;
    const { account, binding } = this.addAccount(dependsOn);
    const address = [
      { name: "INFLUXDB_HOST", value: host },
      { name: "INFLUXDB_PORT", value: String(port) },
    ];
    const passwords = [
      fromSecret(ADMIN_VARIABLES.name, INFLUXDB_ADMIN.name, "influxdb-user"),
      fromSecret(ADMIN_VARIABLES.password, INFLUXDB_ADMIN.name, "influxdb-password"),
      fromSecret(ADMIN_VARIABLES.own, INFLUXDB_SETUP.name, "password"),
      ...users.map(({ passwordVariable, secret }) => fromSecret(passwordVariable, secret.name, "password")),
    ];
    this.script = { config: config.metadata.name, env: [...address, ...passwords] };
    const template = restrictedTemplate({
      labels: metadata.labels,
      user: 1500,
      pod: {
        restartPolicy: "Never",
        serviceAccountName: account.metadata.name,
        container: [
          {
            name: "setup",
            image: image("influxdb"),
            command: ["sh", "/scripts/setup.sh"],
            env: [{ name: "HOME", value: "/tmp" }, ...address, ...API_VARIABLES, ...passwords],
            resources: { requests: { cpu: "10m", memory: "32Mi" }, limits: { memory: "128Mi" } },
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
      },
    });
    this.ready = new JobV1(this, "job", {
      metadata: { ...metadata, name: `${NAME}-${shortHash(script)}` },
      waitForCompletion: true,
      timeouts: { create: "10m", update: "10m" },
      dependsOn: [...dependsOn, binding],
      spec: { backoffLimit: 4, activeDeadlineSeconds: 540, template },
    });
    cronJob(this, "schedule", {
      metadata,
      schedule: "*/15 * * * *",
      job: { backoffLimit: 1, activeDeadlineSeconds: 540, template },
      dependsOn: [this.ready],
    });
  }

  /** The script's account: it may make the cluster's memory of a set-up InfluxDB, and look at it. */
  private addAccount(dependsOn: ITerraformDependable[]): { account: ServiceAccountV1; binding: ITerraformDependable } {
    const metadata = metadataOf(NAME, NAMESPACE.influxdb);
    const account = new ServiceAccountV1(this, "account", { metadata, automountServiceAccountToken: false, dependsOn });
    const binding = rights(this, {
      metadata,
      account,
      rule: [
        { apiGroups: [""], resources: ["configmaps"], resourceNames: [MARKER], verbs: ["get"] },
        // Kubernetes knows no names of what does not exist yet.
        { apiGroups: [""], resources: ["configmaps"], verbs: ["create"] },
      ],
      dependsOn,
    });
    return { account, binding };
  }
}
