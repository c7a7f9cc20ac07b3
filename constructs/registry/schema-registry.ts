import { DeploymentV1 } from "@cdktf/provider-kubernetes/lib/deployment-v1";
import { NetworkPolicyV1 } from "@cdktf/provider-kubernetes/lib/network-policy-v1";
import { PodDisruptionBudgetV1 } from "@cdktf/provider-kubernetes/lib/pod-disruption-budget-v1";
import { ServiceV1 } from "@cdktf/provider-kubernetes/lib/service-v1";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import type { HostNames } from "../kubernetes/hosts";
import { image } from "../../ground/versions";
import { CustomResources } from "../kubernetes/custom-resources";
import type { DnsTarget } from "../kubernetes/dns";
import { fromNamespaces, labels, RESTARTABLE, selectorLabels } from "../kubernetes/objects";
import { Route } from "../kubernetes/route";
import { RESTRICTED_CONTAINER, restrictedPod } from "../kubernetes/workload";
import type { CertificateSource } from "../certificates/certificates";
import type { Middleware } from "../certificates/resources";
import type { Rollout } from "../kubernetes/restarts";
import { type SecretTarget, secretValue } from "../secrets/secret-source";
import { kafkaUser, REGISTRY_ROUTE } from "../secrets/secret-spec";
import { type KafkaAccount, type KafkaTopicSpec, mayJoin } from "../kafka/kafka-accounts";
import { internalBootstrap, type PodResources } from "../kafka/kafka-cluster";

const NAME = "schema-registry";
const PORT = 8081;
/** Topic in which schemas are kept, at every site. */
export const SCHEMAS_TOPIC = "_schemas";

/** The Kafka account of the registry. */
export const REGISTRY_ACCOUNT: KafkaAccount = {
  name: NAME,
  acls: [
    {
      resource: { type: "topic", name: SCHEMAS_TOPIC, patternType: "literal" },
      operations: ["Read", "Write", "Describe", "DescribeConfigs"],
    },
    { resource: { type: "topic", name: "__consumer_offsets", patternType: "literal" }, operations: ["Describe"] },
    mayJoin(NAME),
  ],
};

/** The topic of the registry: the last schema of each key is kept for ever. */
export const REGISTRY_TOPIC: KafkaTopicSpec = {
  name: SCHEMAS_TOPIC,
  partitions: 1,
  config: { "cleanup.policy": "compact" },
};

/** Where programs inside the cluster find the registry. */
export function registryUrl(namespace: string): string {
  return `http://${NAME}.${namespace}:${PORT}`;
}

/** Secret with the login of the route. */
export function registryRouteSecret(namespace: string): SecretTarget {
  return {
    name: REGISTRY_ROUTE.name,
    namespace,
    type: "kubernetes.io/basic-auth",
    values: { username: secretValue(REGISTRY_ROUTE, "username"), password: secretValue(REGISTRY_ROUTE, "password") },
  };
}

/** A schema registry. */
export interface SchemaRegistryProps {
  readonly namespace: string;
  readonly replicas: number;
  readonly resources: PodResources;
  /** Whether its mode may be changed while it runs. */
  readonly modeIsMutable: boolean;
  /** Namespaces whose pods may ask it; the route comes through traefik's. */
  readonly clients: readonly string[];
  /** Labels of pods of its own namespace that may ask it. @default - none may */
  readonly neighbours?: Readonly<Record<string, string>>;
  readonly hosts: HostNames;
  readonly dns: DnsTarget;
  readonly certificate: CertificateSource;
  readonly dependsOn: ITerraformDependable[];
}

/**
 * Confluent's schema registry. Telegraf loses what it reads while no registry answers: hence more than one
 * replica and a disruption budget. Outside it asks for a login; inside only the clients may connect.
 */
export class SchemaRegistry extends Construct {
  /** What needs schemas depends on it. */
  readonly ready: ITerraformDependable;
  /** It reads its password when it starts. */
  readonly rollout: Rollout;

  constructor(scope: Construct, id: string, props: SchemaRegistryProps) {
    super(scope, id);
    const { namespace, replicas, resources, dependsOn } = props;
    const metadata = { name: NAME, namespace, labels: labels(NAME) };
    const matchLabels = selectorLabels(NAME);
    const probe = { httpGet: { path: "/subjects", port: "http" }, periodSeconds: 10, timeoutSeconds: 5 };
    const service = new ServiceV1(this, "service", {
      metadata,
      spec: { selector: matchLabels, port: [{ name: "http", port: PORT, targetPort: "http" }] },
      dependsOn,
    });
    const deployment = new DeploymentV1(this, "deployment", {
      metadata,
      lifecycle: RESTARTABLE,
      // Who waits for the registry also waits for its Service, and keeps it until it has gone itself.
      dependsOn: [...dependsOn, service],
      timeouts: { create: "10m", update: "10m" },
      spec: {
        replicas: String(replicas),
        selector: { matchLabels },
        strategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: "0", maxSurge: "1" } },
        template: {
          metadata: { labels: labels(NAME) },
          spec: {
            automountServiceAccountToken: false,
            // The image takes SCHEMA_REGISTRY_PORT, which Kubernetes would set, for a setting of its own.
            enableServiceLinks: false,
            securityContext: restrictedPod(1000),
            topologySpreadConstraint: [
              {
                maxSkew: 1,
                topologyKey: "kubernetes.io/hostname",
                whenUnsatisfiable: "ScheduleAnyway",
                labelSelector: [{ matchLabels }],
              },
            ],
            container: [
              {
                name: NAME,
                image: image("schemaRegistry"),
                env: [
                  { name: "SCHEMA_REGISTRY_HOST_NAME", valueFrom: { fieldRef: { fieldPath: "status.podIP" } } },
                  { name: "SCHEMA_REGISTRY_LISTENERS", value: `http://0.0.0.0:${PORT}` },
                  { name: "SCHEMA_REGISTRY_KAFKASTORE_BOOTSTRAP_SERVERS", value: internalBootstrap(namespace) },
                  { name: "SCHEMA_REGISTRY_KAFKASTORE_SECURITY_PROTOCOL", value: "SASL_PLAINTEXT" },
                  { name: "SCHEMA_REGISTRY_KAFKASTORE_SASL_MECHANISM", value: "SCRAM-SHA-512" },
                  {
                    name: "KAFKA_PASSWORD",
                    valueFrom: { secretKeyRef: { name: kafkaUser(NAME).name, key: "password" } },
                  },
                  {
                    name: "SCHEMA_REGISTRY_KAFKASTORE_SASL_JAAS_CONFIG",
                    value: `org.apache.kafka.common.security.scram.ScramLoginModule required username="${NAME}" password="$(KAFKA_PASSWORD)";`,
                  },
                  { name: "SCHEMA_REGISTRY_KAFKASTORE_TOPIC", value: SCHEMAS_TOPIC },
                  { name: "SCHEMA_REGISTRY_SCHEMA_REGISTRY_GROUP_ID", value: NAME },
                  // Sasquatch: a schema may change in any way, as SAL's interfaces do.
                  { name: "SCHEMA_REGISTRY_SCHEMA_COMPATIBILITY_LEVEL", value: "none" },
                  ...(props.modeIsMutable ? [{ name: "SCHEMA_REGISTRY_MODE_MUTABILITY", value: "true" }] : []),
                ],
                port: [{ name: "http", containerPort: PORT }],
                startupProbe: { ...probe, failureThreshold: 30 },
                readinessProbe: probe,
                livenessProbe: { ...probe, failureThreshold: 6 },
                resources,
                // Its start script writes the configuration below /etc.
                securityContext: { ...RESTRICTED_CONTAINER, readOnlyRootFilesystem: false },
              },
            ],
          },
        },
      },
    });
    this.ready = deployment;
    const secrets = [kafkaUser(NAME).name];
    this.rollout = { namespace, resource: "deployments", name: NAME, secrets, workload: deployment };

    if (replicas > 1)
      new PodDisruptionBudgetV1(this, "budget", {
        metadata,
        spec: { maxUnavailable: "1", selector: { matchLabels } },
        dependsOn,
      });
    new NetworkPolicyV1(this, "network-policy", {
      metadata,
      spec: {
        podSelector: { matchLabels },
        policyTypes: ["Ingress"],
        ingress: [
          {
            from: [
              ...fromNamespaces(["traefik", ...props.clients]),
              ...(props.neighbours ? [{ podSelector: { matchLabels: props.neighbours } }] : []),
              // Replicas pass writes on to their leader.
              { podSelector: { matchLabels } },
            ],
            ports: [{ port: String(PORT), protocol: "TCP" }],
          },
        ],
      },
      dependsOn,
    });

    const login: Middleware = {
      apiVersion: "traefik.io/v1alpha1",
      kind: "Middleware",
      metadata: { name: REGISTRY_ROUTE.name },
      spec: { basicAuth: { secret: REGISTRY_ROUTE.name, removeHeader: true } },
    };
    const middleware = new CustomResources(this, "login", {
      name: "schema-registry-login",
      namespace,
      resources: [login],
      dependsOn,
    });
    new Route(this, "route", {
      name: NAME,
      namespace,
      host: props.hosts.of(NAME),
      service: NAME,
      port: PORT,
      dns: props.dns,
      certificate: props.certificate,
      middleware: REGISTRY_ROUTE.name,
      dependsOn: [middleware.ready],
    });
  }
}
