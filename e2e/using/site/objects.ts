/** Objects of a site that commands look at. Pods are stubs: their programs run beside the cluster. */
import type { Environment } from "../../../environments/schema";
import { brokerServices, CLUSTER_LABEL, KAFKA_CLUSTER } from "../../../constructs/kafka/resources";
import { KAFKA_PORTS } from "../../../constructs/kafka/listeners";
import { NAMESPACE } from "../../../ground/namespaces";
import { inside, isObject, isOwnChart, type Json, type ObjectJson, unescaped } from "../../../synthesized/stack";
import type { Stack } from "../../../cli/shared/site/program";
import { chartName, STUBS } from "../../rehearsal/charts/stubs";

/** A port of a container; its name is what Services call it. */
interface ContainerPort {
  readonly name?: string;
  readonly containerPort: number;
}

/** Port of Connect's REST API, as Strimzi sets it. */
const CONNECT_PORT = 8083;

/** Name of the node. */
export const NODE = "using";

/** What the scheduler writes at a claim whose pod it has placed; here nobody mounts it, for pods are stubs. */
const ON_NODE = { "volume.kubernetes.io/selected-node": NODE };

const listOf = (value: unknown): Json[] => (Array.isArray(value) ? value : [value]).filter(isObject);

const container = (ports: readonly ContainerPort[], name = "stub") => ({
  name,
  image: "simulated/stub:none",
  ...(ports.length > 0 ? { ports } : {}),
});

function object(apiVersion: string, kind: string, namespace: string, name: string, rest: object = {}): ObjectJson {
  const { metadata = {}, ...others } = rest as { metadata?: object };
  return { apiVersion, kind, metadata: { name, namespace, ...metadata }, ...others };
}

/** A workload whose pods have these labels and ports. */
function workload(
  kind: "Deployment" | "StatefulSet",
  [namespace, name]: readonly [string, string],
  { labels, ports = [], replicas = 1 }: { labels: object; ports?: readonly ContainerPort[]; replicas?: number },
): ObjectJson {
  return object("apps/v1", kind, namespace, name, {
    metadata: { labels },
    spec: {
      replicas,
      selector: { matchLabels: labels },
      ...(kind === "StatefulSet" ? { serviceName: name } : {}),
      template: { metadata: { labels }, spec: { containers: [container(ports)] } },
    },
  });
}

/** What the charts of the site make that somebody asks for, as a rehearsal knows it. */
function ofCharts(stacks: readonly Stack[]): ObjectJson[] {
  const releases = stacks.flatMap((stack) => stack.releases()).filter(({ body }) => !isOwnChart(body));
  return releases.flatMap(({ name: release, namespace, body }) => {
    const chart = chartName(body);
    const both = `${release}-${chart}`;
    const called = ["chronograf", "kapacitor"].includes(chart) || !release.includes(chart) ? both : release;
    const named = (name: string) => (name.startsWith(`x-${chart}`) ? called + name.slice(2 + chart.length) : name);
    const stubs = STUBS[chart] ?? [];
    const ports = (app: string) =>
      stubs.filter(({ kind, name }) => kind === "Service" && named(name) === app).flatMap((one) => portsIn(one.ports));
    return stubs.flatMap(({ kind, name }) => {
      const app = named(name);
      const labels = { app };
      if (kind === "Secret") return [];
      if (kind !== "Service")
        return [workload(kind, [namespace, app], { labels, ports: ports(app).map(({ at }) => at) })];
      const spec = { selector: labels, ports: ports(app).map(({ of }) => of) };
      return [object("v1", "Service", namespace, app, { spec })];
    });
  });
}

/** Ports of a Service as the stubs write them, and of the containers behind it. */
function portsIn(text = ""): { of: Json; at: ContainerPort }[] {
  return text.split(",").map((one) => {
    const [name = "", port = "", target = ""] = one.split(/[:/]/);
    const number = Number(target) || Number(port);
    const label = Number(target) ? undefined : target;
    return {
      of: { ...(name ? { name } : {}), port: Number(port), targetPort: label ?? number },
      at: { containerPort: number, ...(label === undefined ? {} : { name: label }) },
    };
  });
}

/** What Terraform itself makes, as far as somebody looks at it. */
function ofTerraform(stacks: readonly Stack[]): ObjectJson[] {
  const all = (type: string) => stacks.flatMap((stack) => stack.resources(type)).map(({ body }) => body);
  const place = (body: Json) => {
    const metadata = body["metadata"] as { namespace: string; name: string; labels?: object };
    return [metadata.namespace, metadata.name, { labels: metadata.labels ?? {} }] as const;
  };
  const number = (value: unknown) => (/^\d+$/.test(String(value)) ? Number(value) : value);
  return [
    ...all("kubernetes_service_v1").map((body) => {
      const [namespace, name, metadata] = place(body);
      const ports = listOf(inside(body, "spec", "port")).map((one) => ({
        ...(one["name"] === undefined ? {} : { name: one["name"] }),
        port: Number(one["port"]),
        ...(one["target_port"] === undefined ? {} : { targetPort: number(one["target_port"]) }),
      }));
      const clusterIP = inside(body, "spec", "cluster_ip");
      return object("v1", "Service", namespace, name, {
        metadata,
        spec: { selector: inside(body, "spec", "selector"), ports, ...(clusterIP === "None" ? { clusterIP } : {}) },
      });
    }),
    ...all("kubernetes_deployment_v1").map((body) => {
      const [namespace, name] = place(body);
      const ports = listOf(inside(body, "spec", "template", "spec", "container")).flatMap((one) =>
        listOf(one["port"]).map((port) => ({
          ...(port["name"] === undefined ? {} : { name: String(port["name"]) }),
          containerPort: Number(port["container_port"]),
        })),
      );
      const labels = inside(body, "spec", "template", "metadata", "labels") as object;
      return workload("Deployment", [namespace, name], { labels, ports });
    }),
    ...all("kubernetes_config_map_v1").map((body) => {
      const [namespace, name, metadata] = place(body);
      const data = Object.entries((body["data"] ?? {}) as Record<string, string>).map(([file, text]) => [
        file,
        unescaped(text),
      ]);
      return object("v1", "ConfigMap", namespace, name, { metadata, data: Object.fromEntries(data) as object });
    }),
    ...all("kubernetes_cron_job_v1").map((body) => {
      const [namespace, name, metadata] = place(body);
      const template = { spec: { containers: [container([])], restartPolicy: "Never" } };
      const schedule = inside(body, "spec", "schedule");
      const suspend = String(inside(body, "spec", "suspend")) === "true";
      const spec = { schedule, suspend, jobTemplate: { metadata, spec: { template } } };
      return object("batch/v1", "CronJob", namespace, name, { metadata, spec });
    }),
    ...all("kubernetes_persistent_volume_claim_v1").map((body) => {
      const [namespace, name, metadata] = place(body);
      const { labels } = metadata;
      const resources = { requests: { storage: inside(body, "spec", "resources", "requests", "storage") } };
      const spec = { accessModes: ["ReadWriteOnce"], storageClassName: inside(body, "spec", "storage_class_name") };
      return object("v1", "PersistentVolumeClaim", namespace, name, {
        metadata: { labels, annotations: ON_NODE },
        spec: { ...spec, resources },
      });
    }),
  ];
}

/** A pod of Strimzi's, on its own: Strimzi makes them without a controller of Kubernetes. */
function strimziPod(pool: string, id: number, ports: readonly ContainerPort[]): ObjectJson {
  const labels = { ...CLUSTER_LABEL, "strimzi.io/pool-name": pool, "strimzi.io/kind": "Kafka" };
  const role = { [`strimzi.io/${pool === "broker" ? "broker" : "controller"}-role`]: "true" };
  return object("v1", "Pod", NAMESPACE.kafka, `${KAFKA_CLUSTER}-${pool}-${id}`, {
    metadata: { labels: { ...labels, ...role, "strimzi.io/name": `${KAFKA_CLUSTER}-kafka` } },
    spec: { containers: [container(ports, "kafka")] },
  });
}

/** What Strimzi makes of the site's custom resources. */
function ofStrimzi({ kafka, connect }: Environment): ObjectJson[] {
  const { kafka: namespace } = NAMESPACE;
  const ports = [
    { name: "tcp-plain", containerPort: KAFKA_PORTS.plain },
    { name: "tcp-tls", containerPort: KAFKA_PORTS.tls },
  ];
  const service = (name: string, selector: object, of: readonly ContainerPort[], rest: object = {}) =>
    object("v1", "Service", namespace, name, {
      spec: { selector, ports: of.map((one) => ({ name: one.name, port: one.containerPort })), ...rest },
    });
  const brokers = { ...CLUSTER_LABEL, "strimzi.io/broker-role": "true" };
  const operator = { ...CLUSTER_LABEL, "strimzi.io/name": `${KAFKA_CLUSTER}-entity-operator` };
  const claim = (name: string, storage: string) =>
    object("v1", "PersistentVolumeClaim", namespace, name, {
      metadata: { annotations: ON_NODE },
      spec: { accessModes: ["ReadWriteOnce"], storageClassName: "local-path", resources: { requests: { storage } } },
    });
  const made = [
    ...kafka.brokers.map(({ id }) => claim(`data-0-${KAFKA_CLUSTER}-broker-${id}`, kafka.brokerDisk)),
    ...kafka.brokers.map(({ id }) => strimziPod("broker", id, ports)),
    ...kafka.controllerIds.map((id) => strimziPod("controller", id, [])),
    service(brokerServices().bootstrap, brokers, ports),
    service(brokerServices().brokers, brokers, ports, { clusterIP: "None", publishNotReadyAddresses: true }),
    workload("Deployment", [namespace, `${KAFKA_CLUSTER}-entity-operator`], { labels: operator }),
  ];
  if (!connect) return made;
  const labels = {
    ...CLUSTER_LABEL,
    "strimzi.io/kind": "KafkaConnect",
    "strimzi.io/name": `${KAFKA_CLUSTER}-connect`,
  };
  const rest = [{ name: "rest-api", containerPort: CONNECT_PORT }];
  const pod = object("v1", "Pod", namespace, `${KAFKA_CLUSTER}-connect-0`, {
    metadata: { labels },
    spec: { containers: [container(rest)] },
  });
  return [...made, pod, service(`${KAFKA_CLUSTER}-connect-api`, labels, rest)];
}

/** Namespaces of these objects. */
function namespacesOf(objects: readonly ObjectJson[]): ObjectJson[] {
  const names = new Set(objects.flatMap(({ metadata }) => metadata.namespace ?? []));
  return [...names].map((name) => ({ apiVersion: "v1", kind: "Namespace", metadata: { name } }));
}

/** Objects of a site, namespaces first. Its CRDs are there. */
export function objectsOf(environment: Environment, stacks: readonly Stack[]): ObjectJson[] {
  const objects = [
    ...ofTerraform(stacks),
    ...ofCharts(stacks),
    ...ofStrimzi(environment),
    ...stacks.flatMap((stack) => stack.customResources()),
  ];
  return [...namespacesOf(objects), ...objects];
}
