import { ConfigMapV1 } from "@cdktf/provider-kubernetes/lib/config-map-v1";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import type { ChronografSite } from "../../environments/systems/chronograf";
import type { LoginSite } from "../../environments/general/login";
import { NAMESPACE } from "../../ground/namespaces";
import { IMAGES } from "../../ground/versions";
import { literals } from "../../synthesized/text";
import type { Database } from "../influxdb/influxdb";
import { INFLUXDB_READER, READER } from "../influxdb/secrets";
import { ChartRelease, type ChartSource } from "../kubernetes/chart";
import { withoutTokens } from "../kubernetes/default-account";
import { metadataOf } from "../kubernetes/objects";
import { pvc, type Volumes } from "../kubernetes/pvc";
import type { Restart } from "../kubernetes/restarts";
import { Route } from "../kubernetes/route";
import type { Web } from "../kubernetes/web";
import type { PodResources } from "../kubernetes/workload";
import { type SecretTarget, secretValue } from "../secrets/secret-source";
import type { Sink } from "./dashboards/topics";
import { chronografFiles } from "./resources";
import { CHRONOGRAF_OAUTH } from "./secrets";

const NAME = "chronograf";
/** The chart puts its own name behind the release's. */
const RELEASE = "efd";
/** ConfigMap of its files. */
const FILES = `${NAME}-files`;
/**
 * Database of alerts. Kapacitor writes into it what the rules that people build in Chronograf find, and Chronograf's first
 * page lists it. Chronograf fixes the name (1.11.4). Kapacitor makes the database with the first alert only, and until
 * then the page tells of an error.
 */
export const ALERTS_DATABASE = "chronograf";
/** Where its files are. */
const FOLDER = "/etc/efd-chronograf";

/** The keys that we set of chronograf's values. */
interface ChronografValues {
  readonly image: { readonly repository: string; readonly tag: string };
  readonly persistence: { readonly enabled: false };
  readonly updateStrategy: { readonly type: "Recreate" };
  readonly resources: PodResources;
  readonly env: Readonly<Record<string, string>>;
  readonly envFromSecret: string;
  readonly volumes: readonly (
    | { readonly name: string; readonly persistentVolumeClaim: { readonly claimName: string } }
    | { readonly name: string; readonly configMap: { readonly name: string } }
  )[];
  readonly mountPoints: readonly { readonly name: string; readonly mountPath: string; readonly readOnly?: true }[];
}

/** Secret with Chronograf's environment. */
export function chronografSecret(login: LoginSite["login"]): SecretTarget {
  return {
    name: NAME,
    namespace: NAMESPACE.chronograf,
    values: {
      INFLUXDB_PASSWORD: secretValue(INFLUXDB_READER, "password"),
      ...(login === "github" && {
        TOKEN_SECRET: secretValue(CHRONOGRAF_OAUTH, "token_secret"),
        GH_CLIENT_ID: secretValue(CHRONOGRAF_OAUTH, "gh_client_id"),
        GH_CLIENT_SECRET: secretValue(CHRONOGRAF_OAUTH, "gh_client_secret"),
        GH_ORGS: secretValue(CHRONOGRAF_OAUTH, "gh_orgs"),
      }),
    },
  };
}

/** Chronograf. */
export interface ChronografProps {
  /** Its volume holds what people make in it: dashboards, sources, logins. */
  readonly spec: ChronografSite["chronograf"];
  readonly influxdb: Database;
  readonly kapacitor: { readonly url: string };
  /** What writes topics into InfluxDB: it has dashboards of them. */
  readonly sinks: readonly Sink[];
  readonly volumes: Volumes;
  readonly source: ChartSource;
  readonly web: Web;
  readonly dependsOn: ITerraformDependable[];
}

/** Chronograf, which reads InfluxDB as the reader and sets tasks of Kapacitor. */
export class Chronograf extends Construct {
  /** The release. */
  readonly ready: ITerraformDependable;
  /** Host name outside the cluster. */
  readonly host: string;
  /** It reads its Secret when it starts. */
  readonly restart: Restart;

  constructor(scope: Construct, id: string, props: ChronografProps) {
    super(scope, id);
    const { spec, volumes } = props;
    const namespace = NAMESPACE.chronograf;
    const volume = pvc(this, { name: NAME, namespace, storageClass: volumes.className, size: spec.disk });
    const files = chronografFiles(props.sinks, props.kapacitor);
    // Chronograf reads them again each time: when they change, nothing restarts.
    const configMap = new ConfigMapV1(this, "files", {
      metadata: metadataOf(FILES, namespace),
      data: literals(files),
    });
    const values: ChronografValues = {
      image: IMAGES.chronograf,
      // The chart takes no PVC that exists: ours is mounted beside its empty folder.
      persistence: { enabled: false },
      volumes: [
        { name: "database", persistentVolumeClaim: { claimName: NAME } },
        { name: "files", configMap: { name: FILES } },
      ],
      mountPoints: [
        { name: "database", mountPath: "/var/lib/chronograf-database" },
        { name: "files", mountPath: FOLDER, readOnly: true },
      ],
      updateStrategy: { type: "Recreate" },
      resources: spec.resources,
      env: {
        BOLT_PATH: "/var/lib/chronograf-database/chronograf-v1.db",
        HOST_PAGE_DISABLED: "true",
        INFLUXDB_URL: props.influxdb.url,
        INFLUXDB_USERNAME: READER,
        REPORTING_DISABLED: "true",
        RESOURCES_PATH: FOLDER,
        ...(volumes.belongToRoot ? { CHRONOGRAF_AS_ROOT: "true" } : {}),
      },
      envFromSecret: NAME,
    };
    const service = `${RELEASE}-${NAME}`;
    const { ready } = new ChartRelease(this, "chart", {
      chart: "chronograf",
      name: RELEASE,
      namespace,
      values,
      source: props.source,
      pvcs: [volume],
      dependsOn: [configMap, withoutTokens(this, namespace), ...props.dependsOn],
    });
    this.ready = ready;
    this.restart = { namespace, resource: "deployments", name: service, secrets: [NAME], ready };
    this.host = new Route(this, "route", {
      name: NAME,
      namespace,
      service,
      port: 80,
      web: props.web,
      dependsOn: [ready],
    }).host;
  }
}
