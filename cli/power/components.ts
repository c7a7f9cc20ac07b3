/** The programs of a site that can be stopped, in the order in which they need one another. */
import { REGISTRY } from "../../constructs/registry/access";
import { REST_PROXY } from "../../constructs/rest-proxy/access";
import type { Environment } from "../../environments/schema";
import { NAMESPACE } from "../../ground/namespaces";
import { hours } from "../../ground/units";
import type { PowerApi } from "../shared/power/memory";
import { type Group, kafkaGroups, loveGroups, strimziGroups, workloadsIn } from "./groups";

/** A program, or programs of one kind. */
export interface Component {
  readonly name: string;
  /** What it is, for people. */
  readonly title: string;
  /** Components without which it does not work, or loses data: it stops before them and starts after them. */
  readonly needs: readonly string[];
  /** Namespace of the CronJobs that act on it: they pause while it is stopped. */
  readonly jobsIn: string;
  /** Seconds that a group may take until it is ready. */
  readonly startSeconds: number;
  /** Its parts as they are; of the groups, the first starts first and stops last. */
  readonly look: (api: PowerApi) => Promise<Group[]>;
}

const MINUTE = 60;
/** As long as `kubectl rollout status` waits for a Deployment of ours, whose progress deadline is this. */
const ROLLOUT = 10 * MINUTE;
/** A broker reads its logs again after it was killed; the runbook gave Kafka as long. */
const KAFKA = 30 * MINUTE;

/** The components of a site, what others need first. */
export function componentsOf(site: Environment): Component[] {
  return [...stores(site), ...aroundKafka(site), ...aroundInfluxdb(site)];
}

function stores({ influxdb }: Environment): Component[] {
  return [
    {
      name: "influxdb",
      title: "InfluxDB",
      needs: [],
      jobsIn: NAMESPACE.influxdb,
      startSeconds: hours(influxdb.startup) * 60 * MINUTE,
      look: (api) => workloadsIn(api, "statefulsets", NAMESPACE.influxdb),
    },
    {
      name: "kafka",
      title: "Kafka: entity operator, brokers, controllers",
      needs: [],
      jobsIn: NAMESPACE.kafka,
      startSeconds: KAFKA,
      look: kafkaGroups,
    },
  ];
}

function aroundKafka({ restProxy, mirror, connect }: Environment): Component[] {
  const sinksIntoInfluxdb = (connect?.sinks ?? []).length > 0;
  return [
    {
      name: "registry",
      title: "schema registry",
      needs: ["kafka"],
      jobsIn: NAMESPACE.kafka,
      startSeconds: ROLLOUT,
      look: (api) => workloadsIn(api, "deployments", NAMESPACE.kafka, { "app.kubernetes.io/name": REGISTRY }),
    },
    ...when(restProxy, {
      name: "rest-proxy",
      title: "REST proxy of Kafka",
      needs: ["kafka", "registry"],
      jobsIn: NAMESPACE.kafka,
      startSeconds: ROLLOUT,
      look: (api) => workloadsIn(api, "deployments", NAMESPACE.kafka, { "app.kubernetes.io/name": REST_PROXY }),
    }),
    ...when(mirror, {
      name: "mirror",
      title: "mirror of another site's topics",
      needs: ["kafka"],
      jobsIn: NAMESPACE.kafka,
      startSeconds: KAFKA,
      look: (api) => strimziGroups(api, "KafkaMirrorMaker2", "mirrormaker2"),
    }),
    ...when(connect, {
      name: "connect",
      title: "Kafka Connect",
      // Its sink into InfluxDB drops what it cannot write for three minutes; one into a bucket does not care.
      needs: ["kafka", "registry", ...(sinksIntoInfluxdb ? ["influxdb"] : [])],
      jobsIn: NAMESPACE.kafka,
      startSeconds: KAFKA,
      look: (api) => strimziGroups(api, "KafkaConnect", "connect"),
    }),
  ];
}

function aroundInfluxdb({ telegraf, love }: Environment): Component[] {
  return [
    ...when(telegraf.consumers.length > 0, {
      name: "sinks",
      title: "Telegraf's consumers, which write into InfluxDB",
      needs: ["kafka", "registry", "influxdb"],
      jobsIn: NAMESPACE.telegraf,
      startSeconds: ROLLOUT,
      look: (api) => workloadsIn(api, "deployments", NAMESPACE.telegraf),
    }),
    {
      name: "kapacitor",
      title: "Kapacitor",
      needs: ["influxdb"],
      jobsIn: NAMESPACE.kapacitor,
      startSeconds: ROLLOUT,
      look: (api) => workloadsIn(api, "deployments", NAMESPACE.kapacitor),
    },
    {
      name: "chronograf",
      title: "Chronograf",
      needs: ["influxdb"],
      jobsIn: NAMESPACE.chronograf,
      startSeconds: ROLLOUT,
      look: (api) => workloadsIn(api, "deployments", NAMESPACE.chronograf),
    },
    ...when(love, {
      name: "love",
      title: "LOVE: everything in its namespace",
      needs: ["kafka", "registry"],
      jobsIn: NAMESPACE.love,
      startSeconds: ROLLOUT,
      look: loveGroups,
    }),
  ];
}

const when = (has: unknown, component: Component): Component[] => (has ? [component] : []);
