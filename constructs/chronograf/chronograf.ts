import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import type { HostNames } from "../kubernetes/hosts";
import { IMAGES } from "../../ground/versions";
import { ChartRelease, type ChartSource } from "../kubernetes/chart";
import type { ChronografValues } from "../influxdb/values";
import type { PodResources } from "../kafka/kafka-cluster";
import { claim } from "../kubernetes/pvc";
import type { DnsTarget } from "../kubernetes/dns";
import { Route } from "../kubernetes/route";
import type { CertificateSource } from "../certificates/certificates";
import type { Rollout } from "../kubernetes/restarts";
import { type SecretTarget, type SecretValue, secretValue } from "../secrets/secret-source";
import { CHRONOGRAF_OAUTH, INFLUXDB_READER } from "../secrets/secret-spec";

const NAME = "chronograf";
/** The chart puts its own name behind the release's. */
const RELEASE = "efd";

/** How people log in. */
export type Login = "none" | "github";

/** Secret with Chronograf's environment. */
export function chronografSecrets(namespace: string, login: Login): SecretTarget[] {
  const github: Record<string, SecretValue> = {
    TOKEN_SECRET: secretValue(CHRONOGRAF_OAUTH, "token_secret"),
    GH_CLIENT_ID: secretValue(CHRONOGRAF_OAUTH, "gh_client_id"),
    GH_CLIENT_SECRET: secretValue(CHRONOGRAF_OAUTH, "gh_client_secret"),
    GH_ORGS: secretValue(CHRONOGRAF_OAUTH, "gh_orgs"),
  };
  return [
    {
      name: NAME,
      namespace,
      values: {
        INFLUXDB_PASSWORD: secretValue(INFLUXDB_READER, "password"),
        ...(login === "github" ? github : {}),
      },
    },
  ];
}

/** Chronograf. */
export interface ChronografProps {
  readonly namespace: string;
  readonly storageClass: string;
  /** Size of the volume with dashboards and rules. */
  readonly disk: string;
  readonly resources: PodResources;
  readonly source: ChartSource;
  readonly influxdb: string;
  /** Account of InfluxDB with which Chronograf reads. */
  readonly influxdbUser: string;
  readonly kapacitor: string;
  /**
   * Whether a new volume belongs to root: the image gives root up, and the chart cannot change the owner.
   *
   * @default false
   */
  readonly volumesBelongToRoot?: boolean;
  readonly hosts: HostNames;
  readonly dns: DnsTarget;
  readonly certificate: CertificateSource;
  readonly dependsOn: ITerraformDependable[];
}

/** Chronograf with InfluxDB and Kapacitor as its sources. */
export class Chronograf extends Construct {
  /** It reads its Secret when it starts. */
  readonly rollout: Rollout;

  constructor(scope: Construct, id: string, props: ChronografProps) {
    super(scope, id);
    const { namespace } = props;
    const volume = claim(this, { name: NAME, namespace, storageClass: props.storageClass, size: props.disk });
    const values: ChronografValues = {
      image: IMAGES.chronograf,
      // The chart takes no claim that exists: ours is mounted beside its empty folder.
      persistence: { enabled: false },
      volumes: [{ name: "database", persistentVolumeClaim: { claimName: NAME } }],
      mountPoints: [{ name: "database", mountPath: "/var/lib/chronograf-database" }],
      updateStrategy: { type: "Recreate" },
      resources: props.resources,
      env: {
        BOLT_PATH: "/var/lib/chronograf-database/chronograf-v1.db",
        HOST_PAGE_DISABLED: "true",
        INFLUXDB_URL: props.influxdb,
        INFLUXDB_USERNAME: props.influxdbUser,
        KAPACITOR_URL: props.kapacitor,
        REPORTING_DISABLED: "true",
        ...(props.volumesBelongToRoot ? { CHRONOGRAF_AS_ROOT: "true" } : {}),
      },
      envFromSecret: NAME,
    };
    const { ready } = new ChartRelease(this, "chart", {
      chart: "chronograf",
      name: RELEASE,
      namespace,
      values,
      source: props.source,
      claims: [volume],
      dependsOn: props.dependsOn,
    });
    this.rollout = {
      namespace,
      resource: "deployments",
      name: `${RELEASE}-${NAME}`,
      secrets: [NAME],
      workload: ready,
    };
    new Route(this, "route", {
      name: NAME,
      namespace,
      host: props.hosts.of(NAME),
      service: `${RELEASE}-${NAME}`,
      port: 80,
      dns: props.dns,
      certificate: props.certificate,
      dependsOn: [ready],
    });
  }
}
