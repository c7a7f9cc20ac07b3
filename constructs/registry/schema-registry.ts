import { DeploymentV1 } from "@cdktf/provider-kubernetes/lib/deployment-v1";
import { NetworkPolicyV1 } from "@cdktf/provider-kubernetes/lib/network-policy-v1";
import { PodDisruptionBudgetV1 } from "@cdktf/provider-kubernetes/lib/pod-disruption-budget-v1";
import { ServiceV1 } from "@cdktf/provider-kubernetes/lib/service-v1";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import type { RegistrySite } from "../../environments/systems/registry";
import { NAMESPACE } from "../../ground/namespaces";
import { image } from "../../ground/versions";
import { LoginMiddleware } from "../ingress/login";
import type { Brokers } from "../kafka/kafka-cluster";
import { kafkaUser } from "../kafka/secrets";
import { letIn, type Peer, podsIn, podsWith } from "../kubernetes/network-policy";
import { metadataOf, RESTARTABLE, selectorLabels } from "../kubernetes/objects";
import type { Restart } from "../kubernetes/restarts";
import { Route } from "../kubernetes/route";
import type { Web } from "../kubernetes/web";
import { fromSecret, RESTRICTED_CONTAINER, restrictedTemplate } from "../kubernetes/workload";
import { REGISTRY, SCHEMAS_TOPIC } from "./access";
import { REGISTRY_ROUTE } from "./secrets";

const PORT = 8081;
const METADATA = metadataOf(REGISTRY, NAMESPACE.kafka);
const PODS = selectorLabels(REGISTRY);

/** A schema registry. */
export interface SchemaRegistryProps {
  readonly spec: RegistrySite["registry"];
  readonly kafka: Brokers;
  readonly web: Web;
  /** Pods that may ask it, besides traefik, which brings the route. */
  readonly clients: readonly Peer[];
  readonly dependsOn: ITerraformDependable[];
}

/** Where programs find the schema registry. */
export interface Registry {
  /** URL inside the cluster. */
  readonly url: string;
}

/**
 * Confluent's schema registry. Telegraf loses what it reads while no registry answers: hence more than one replica and
 * a disruption budget. Outside the cluster it asks for a login; inside, only its clients may connect.
 */
export class SchemaRegistry extends Construct implements Registry {
  /** The registry and its Service. */
  readonly ready: ITerraformDependable;
  readonly url = `http://${REGISTRY}.${NAMESPACE.kafka}:${PORT}`;
  /** Host name outside the cluster. */
  readonly host: string;
  /** It reads its password when it starts. */
  readonly restart: Restart;

  constructor(scope: Construct, id: string, props: SchemaRegistryProps) {
    super(scope, id);
    const { spec, dependsOn } = props;
    const service = new ServiceV1(this, "service", {
      metadata: METADATA,
      spec: { selector: PODS, port: [{ name: "http", port: PORT, targetPort: "http" }] },
      dependsOn,
    });
    this.ready = new DeploymentV1(this, "deployment", {
      metadata: METADATA,
      lifecycle: RESTARTABLE,
      // So a destroy removes the Service after the registry and after its clients.
      dependsOn: [...dependsOn, service],
      timeouts: { create: "10m", update: "10m" },
      spec: {
        replicas: String(spec.replicas),
        selector: { matchLabels: PODS },
        strategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: "0", maxSurge: "1" } },
        template: template(spec, props.kafka),
      },
    });
    const secrets = [kafkaUser(REGISTRY).name];
    this.restart = { namespace: NAMESPACE.kafka, resource: "deployments", name: REGISTRY, secrets, ready: this.ready };
    if (spec.replicas > 1)
      new PodDisruptionBudgetV1(this, "budget", {
        metadata: METADATA,
        spec: { maxUnavailable: "1", selector: { matchLabels: PODS } },
        dependsOn,
      });
    new NetworkPolicyV1(this, "network-policy", {
      ...letIn({
        metadata: METADATA,
        pods: PODS,
        // Replicas pass writes on to their leader.
        from: [podsIn(NAMESPACE.traefik), ...props.clients, podsWith(PODS)],
        port: PORT,
      }),
      dependsOn,
    });
    const login = new LoginMiddleware(this, "login", {
      name: `${REGISTRY}-login`,
      namespace: NAMESPACE.kafka,
      secret: REGISTRY_ROUTE.name,
      dependsOn,
    });
    this.host = new Route(this, "route", {
      name: REGISTRY,
      namespace: NAMESPACE.kafka,
      service: REGISTRY,
      port: PORT,
      web: props.web,
      middleware: REGISTRY_ROUTE.name,
      dependsOn: [login.ready],
    }).host;
  }
}

function template({ resources, modeIsMutable }: RegistrySite["registry"], { bootstrap }: Brokers) {
  const probe = { httpGet: { path: "/subjects", port: "http" }, periodSeconds: 10, timeoutSeconds: 5 };
  return restrictedTemplate({
    labels: METADATA.labels,
    user: 1000,
    pod: {
      topologySpreadConstraint: [
        {
          maxSkew: 1,
          topologyKey: "kubernetes.io/hostname",
          whenUnsatisfiable: "ScheduleAnyway",
          labelSelector: [{ matchLabels: PODS }],
        },
      ],
      container: [
        {
          name: REGISTRY,
          image: image("schemaRegistry"),
          env: [
            { name: "SCHEMA_REGISTRY_HOST_NAME", valueFrom: { fieldRef: { fieldPath: "status.podIP" } } },
            { name: "SCHEMA_REGISTRY_LISTENERS", value: `http://0.0.0.0:${PORT}` },
            { name: "SCHEMA_REGISTRY_KAFKASTORE_BOOTSTRAP_SERVERS", value: bootstrap },
            { name: "SCHEMA_REGISTRY_KAFKASTORE_SECURITY_PROTOCOL", value: "SASL_PLAINTEXT" },
            { name: "SCHEMA_REGISTRY_KAFKASTORE_SASL_MECHANISM", value: "SCRAM-SHA-512" },
            fromSecret("KAFKA_PASSWORD", kafkaUser(REGISTRY).name, "password"),
            {
              name: "SCHEMA_REGISTRY_KAFKASTORE_SASL_JAAS_CONFIG",
              value: `org.apache.kafka.common.security.scram.ScramLoginModule required username="${REGISTRY}" password="$(KAFKA_PASSWORD)";`,
            },
            { name: "SCHEMA_REGISTRY_KAFKASTORE_TOPIC", value: SCHEMAS_TOPIC.name },
            { name: "SCHEMA_REGISTRY_SCHEMA_REGISTRY_GROUP_ID", value: REGISTRY },
            // Sasquatch: a schema may change in any way, as SAL's interfaces do.
            { name: "SCHEMA_REGISTRY_SCHEMA_COMPATIBILITY_LEVEL", value: "none" },
            ...(modeIsMutable ? [{ name: "SCHEMA_REGISTRY_MODE_MUTABILITY", value: "true" }] : []),
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
  });
}
