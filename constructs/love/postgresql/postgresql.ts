import { ConfigMapV1 } from "@cdktf/provider-kubernetes/lib/config-map-v1";
import { DeploymentV1 } from "@cdktf/provider-kubernetes/lib/deployment-v1";
import { ServiceV1 } from "@cdktf/provider-kubernetes/lib/service-v1";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { LoveSpec } from "../../../environments/systems/love/schema";
import { NAMESPACE } from "../../../ground/namespaces";
import { image } from "../../../ground/versions";
import { literal } from "../../../synthesized/text";
import { RESTARTABLE } from "../../kubernetes/objects";
import { pvc, type Volumes } from "../../kubernetes/pvc";
import { restrictedTemplate } from "../../kubernetes/workload";
import { databaseOf } from "../database";
import { fromLove } from "../secrets";
import { metadataFor, POSTGRESQL } from "../services";
import type { LovePart } from "../surroundings";

/** User and group of the image. */
const USER = 999;
const DATA = "/var/lib/postgresql/data";
const SCRIPTS = "/scripts";
const START = readFileSync(join(__dirname, "start.sh"), "utf8");

/** A PostgreSQL of LOVE's own. */
export interface PostgreSqlProps extends Pick<LovePart, "spec" | "dependsOn"> {
  readonly database: Extract<LoveSpec["database"], { kind: "inside" }>;
  readonly volumes: Volumes;
}

/** PostgreSQL with LOVE's database, on a PVC of its own. A new password of the Secret reaches it when it restarts. */
export class PostgreSql extends Construct {
  /** The pod and its Service. */
  readonly ready: ITerraformDependable;

  constructor(scope: Construct, id: string, { spec, database, volumes, dependsOn }: PostgreSqlProps) {
    super(scope, id);
    const { workload, name, port, pods } = POSTGRESQL;
    const metadata = metadataFor(POSTGRESQL);
    const volume = pvc(this, {
      name: workload,
      namespace: NAMESPACE.love,
      storageClass: volumes.className,
      size: database.disk,
    });
    const scripts = new ConfigMapV1(this, "scripts", { metadata, data: { "start.sh": literal(START) }, dependsOn });
    const service = new ServiceV1(this, "service", {
      metadata: metadataFor(POSTGRESQL, name),
      spec: { selector: { ...pods }, port: [{ name: "postgresql", port, targetPort: "postgresql" }] },
      dependsOn,
    });
    const { name: databaseName, user } = databaseOf(spec);
    // By an address: while a database is made, or gets its password, the server has none.
    const ready = {
      exec: { command: ["pg_isready", "-h", "127.0.0.1", "-U", user, "-d", databaseName] },
      periodSeconds: 10,
      timeoutSeconds: 5,
    };
    this.ready = new DeploymentV1(this, "deployment", {
      metadata,
      lifecycle: RESTARTABLE,
      dependsOn: [...dependsOn, service, volume],
      spec: {
        replicas: "1",
        // Two servers would write into one folder.
        strategy: { type: "Recreate" },
        selector: { matchLabels: { ...pods } },
        template: restrictedTemplate({
          labels: metadata.labels,
          user: USER,
          config: START,
          pod: {
            terminationGracePeriodSeconds: 60,
            container: [
              {
                name: workload,
                image: image("postgresql"),
                command: ["sh", `${SCRIPTS}/start.sh`],
                env: [
                  { name: "POSTGRES_USER", value: user },
                  { name: "POSTGRES_DB", value: databaseName },
                  fromLove("POSTGRES_PASSWORD", "db-pass"),
                  // A folder that it makes itself: it wants one that only it may open, and the volume is not that.
                  { name: "PGDATA", value: `${DATA}/pgdata` },
                ],
                port: [{ name: "postgresql", containerPort: port }],
                startupProbe: { ...ready, periodSeconds: 5, failureThreshold: 120 },
                readinessProbe: ready,
                livenessProbe: { ...ready, failureThreshold: 6 },
                resources: database.resources,
                volumeMount: [
                  { name: "data", mountPath: DATA },
                  { name: "scripts", mountPath: SCRIPTS, readOnly: true },
                  { name: "run", mountPath: "/var/run/postgresql" },
                  { name: "tmp", mountPath: "/tmp" },
                ],
              },
            ],
            volume: [
              { name: "data", persistentVolumeClaim: { claimName: workload } },
              { name: "scripts", configMap: { name: scripts.metadata.name } },
              { name: "run", emptyDir: {} },
              { name: "tmp", emptyDir: {} },
            ],
          },
        }),
      },
    });
  }
}
