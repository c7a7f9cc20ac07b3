/** Rules of room: what is asked of hosts and disks, against what they have. */
import type { Environment } from "../schema";
import { bytes, cores, hours } from "../units";
import { type Rule, type Violation } from "./violation";

/** A limit below the request is refused by Kubernetes. */
export const limitsAreNotBelowRequests: Rule = (site) => {
  const places: [path: (string | number)[], value: Environment["influxdb"]["resources"]][] = [
    [["kafka", "controllerResources"], site.kafka.controllerResources],
    [["kafka", "brokerResources"], site.kafka.brokerResources],
    [["kafka", "entityOperatorResources"], site.kafka.entityOperatorResources],
    [["registry", "resources"], site.registry.resources],
    [["influxdb", "resources"], site.influxdb.resources],
    [["chronograf", "resources"], site.chronograf.resources],
    [["kapacitor", "resources"], site.kapacitor.resources],
    ...site.telegraf.consumers.map(({ resources }, i): [(string | number)[], Environment["influxdb"]["resources"]] => [
      ["telegraf", "consumers", i, "resources"],
      resources,
    ]),
  ];
  return places.flatMap(([path, { requests, limits }]) => [
    ...(cores(limits.cpu) < cores(requests.cpu)
      ? [{ path: [...path, "limits", "cpu"], message: `allowed at least the request ${requests.cpu}, raise the limit` }]
      : []),
    ...(bytes(limits.memory) < bytes(requests.memory)
      ? [
          {
            path: [...path, "limits", "memory"],
            message: `allowed at least the request ${requests.memory}, raise the limit`,
          },
        ]
      : []),
  ]);
};

/** What each pod of the EFD asks for and may take; operators and what measures nodes come besides. */
export function podsOf(site: Environment): Environment["influxdb"]["resources"][] {
  return [
    ...site.kafka.controllerIds.map(() => site.kafka.controllerResources),
    ...site.kafka.brokers.map(() => site.kafka.brokerResources),
    ...Array.from({ length: Math.min(site.registry.replicas, 100) }, () => site.registry.resources),
    ...site.telegraf.consumers.map(({ resources }) => resources),
    site.kafka.entityOperatorResources,
    site.kafka.entityOperatorResources,
    site.influxdb.resources,
    site.chronograf.resources,
    site.kapacitor.resources,
  ];
}

/** Hosts of which we know the capacity must hold what is requested of them. */
export const requestsFitHost: Rule = (site) => {
  const { capacity } = site.cluster;
  const pods = podsOf(site);
  const found: Violation[] = [];
  const cpu = pods.reduce((sum, pod) => sum + cores(pod.requests.cpu), 0);
  if (capacity?.cpu && cpu > cores(capacity.cpu))
    found.push({
      path: ["cluster", "capacity", "cpu"],
      message: `allowed at least ${Math.ceil(cpu * 10) / 10}, which the EFD's pods request, lower requests or take a larger host`,
    });
  const memory = pods.reduce((sum, pod) => sum + bytes(pod.requests.memory), 0);
  if (capacity?.memory && memory > bytes(capacity.memory))
    found.push({
      path: ["cluster", "capacity", "memory"],
      message: `allowed at least ${Math.ceil(memory / 2 ** 30)}Gi, which the EFD's pods request, lower requests or take a larger host`,
    });
  return found;
};

/** Folders of one file system do not keep to their size: it must hold all of them. */
export const volumesFitHost: Rule = ({ cluster, kafka, influxdb, chronograf, kapacitor }) => {
  const { disk } = cluster.capacity ?? {};
  const sum =
    kafka.brokers.length * bytes(kafka.brokerDisk) +
    kafka.controllerIds.length * bytes(kafka.controllerDisk) +
    bytes(influxdb.disk) +
    bytes(chronograf.disk) +
    bytes(kapacitor.disk);
  return disk !== undefined && sum > bytes(disk)
    ? [
        {
          path: ["cluster", "capacity", "disk"],
          message: `allowed at least ${Math.ceil(sum / 2 ** 30)}Gi, the sum of all volumes, take a larger disk or smaller volumes`,
        },
      ]
    : [];
};

/** What stays in Kafka for the retention must fit the brokers' volumes. */
export const ingestFitsDisks: Rule = (site) => {
  const { ingestBytesPerSecond: ingest, kafka } = site;
  if (ingest === undefined) return [];
  const needed = (ingest * 3600 * hours(kafka.retention) * kafka.replication) / kafka.brokers.length;
  return needed > bytes(kafka.brokerDisk)
    ? [
        {
          path: ["kafka", "brokerDisk"],
          message: `allowed at least ${Math.ceil(needed / 2 ** 30)}Gi for ${ingest} bytes/s kept ${kafka.retention} in ${kafka.replication} copies, take a larger volume or a shorter retention`,
        },
      ]
    : [];
};

/** What no rule can judge, since nobody documented the host: a line for people, or none. */
export function unjudged({ name, cluster }: Environment): string[] {
  // Volumes of GKE are disks of their own.
  const keys = cluster.kind === "gke" ? (["cpu", "memory"] as const) : (["cpu", "memory", "disk"] as const);
  const unknown = keys.filter((key) => cluster.capacity?.[key] === undefined);
  return unknown.length > 0
    ? [`${name}.cluster.capacity: ${unknown.join(", ")} left out, so nothing checks whether the site fits its host`]
    : [];
}
