import { DeploymentV1 } from "@cdktf/provider-kubernetes/lib/deployment-v1";
import { NetworkPolicyV1 } from "@cdktf/provider-kubernetes/lib/network-policy-v1";
import { PodDisruptionBudgetV1 } from "@cdktf/provider-kubernetes/lib/pod-disruption-budget-v1";
import { ServiceV1 } from "@cdktf/provider-kubernetes/lib/service-v1";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import type { RestProxySite } from "../../environments/systems/rest-proxy";
import { NAMESPACE } from "../../ground/namespaces";
import { image } from "../../ground/versions";
import { LoginMiddleware } from "../ingress/login";
import type { Brokers } from "../kafka/kafka-cluster";
import { kafkaUser } from "../kafka/secrets";
import { letIn, podsIn } from "../kubernetes/network-policy";
import { metadataOf, RESTARTABLE, selectorLabels } from "../kubernetes/objects";
import type { Restart } from "../kubernetes/restarts";
import { Route } from "../kubernetes/route";
import type { Web } from "../kubernetes/web";
import { fromSecret, RESTRICTED_CONTAINER, restrictedTemplate } from "../kubernetes/workload";
import type { Registry } from "../registry/schema-registry";
import { REST_PROXY } from "./access";
import { REST_PROXY_ROUTE } from "./secrets";

const PORT = 8082;
const METADATA = metadataOf(REST_PROXY, NAMESPACE.kafka);
const PODS = selectorLabels(REST_PROXY);

type Spec = NonNullable<RestProxySite["restProxy"]>;

/** A REST proxy. */
export interface RestProxyProps {
  readonly spec: Spec;
  readonly kafka: Brokers;
  readonly registry: Registry;
  readonly web: Web;
  readonly dependsOn: ITerraformDependable[];
}

/**
 * Confluent's REST proxy. It has no login of its own: outside the cluster its route asks for one, and inside only the
 * route may connect. It keeps nothing.
 */
export class RestProxy extends Construct {
  /** The proxy and its Service. */
  readonly ready: ITerraformDependable;
  /** Host name outside the cluster. */
  readonly host: string;
  /** It reads its password when it starts. */
  readonly restart: Restart;

  constructor(scope: Construct, id: string, { spec, kafka, registry, web, dependsOn }: RestProxyProps) {
    super(scope, id);
    const service = new ServiceV1(this, "service", {
      metadata: METADATA,
      spec: { selector: PODS, port: [{ name: "http", port: PORT, targetPort: "http" }] },
      dependsOn,
    });
    this.ready = new DeploymentV1(this, "deployment", {
      metadata: METADATA,
      lifecycle: RESTARTABLE,
      dependsOn: [...dependsOn, service],
      timeouts: { create: "10m", update: "10m" },
      spec: {
        replicas: String(spec.replicas),
        selector: { matchLabels: PODS },
        strategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: "0", maxSurge: "1" } },
        template: template(spec, kafka, registry),
      },
    });
    const secrets = [kafkaUser(REST_PROXY).name];
    this.restart = {
      namespace: NAMESPACE.kafka,
      resource: "deployments",
      name: REST_PROXY,
      secrets,
      ready: this.ready,
    };
    if (spec.replicas > 1)
      new PodDisruptionBudgetV1(this, "budget", {
        metadata: METADATA,
        spec: { maxUnavailable: "1", selector: { matchLabels: PODS } },
        dependsOn,
      });
    new NetworkPolicyV1(this, "network-policy", {
      ...letIn({ metadata: METADATA, pods: PODS, from: [podsIn(NAMESPACE.traefik)], port: PORT }),
      dependsOn,
    });
    const login = new LoginMiddleware(this, "login", {
      name: `${REST_PROXY}-login`,
      namespace: NAMESPACE.kafka,
      secret: REST_PROXY_ROUTE.name,
      dependsOn,
    });
    this.host = new Route(this, "route", {
      name: REST_PROXY,
      namespace: NAMESPACE.kafka,
      service: REST_PROXY,
      port: PORT,
      web,
      middleware: REST_PROXY_ROUTE.name,
      dependsOn: [login.ready],
    }).host;
  }
}

function template({ resources }: Spec, { bootstrap }: Brokers, registry: Registry) {
  // The root lists what the proxy can do and asks no broker: a broker that is down restarts no proxy.
  const probe = { httpGet: { path: "/", port: "http" }, periodSeconds: 10, timeoutSeconds: 5 };
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
          name: REST_PROXY,
          image: image("kafkaRest"),
          env: [
            { name: "KAFKA_REST_HOST_NAME", valueFrom: { fieldRef: { fieldPath: "status.podIP" } } },
            { name: "KAFKA_REST_LISTENERS", value: `http://0.0.0.0:${PORT}` },
            { name: "KAFKA_REST_BOOTSTRAP_SERVERS", value: `SASL_PLAINTEXT://${bootstrap}` },
            { name: "KAFKA_REST_SCHEMA_REGISTRY_URL", value: registry.url },
            { name: "KAFKA_REST_CLIENT_SECURITY_PROTOCOL", value: "SASL_PLAINTEXT" },
            { name: "KAFKA_REST_CLIENT_SASL_MECHANISM", value: "SCRAM-SHA-512" },
            fromSecret("KAFKA_PASSWORD", kafkaUser(REST_PROXY).name, "password"),
            {
              name: "KAFKA_REST_CLIENT_SASL_JAAS_CONFIG",
              value: `org.apache.kafka.common.security.scram.ScramLoginModule required username="${REST_PROXY}" password="$(KAFKA_PASSWORD)";`,
            },
            // The start script's own variable. KAFKA_REST_HEAP_OPTS of phalanx is a setting that the proxy does not
            // know, and leaves the script's default, 256 MiB.
            { name: "KAFKAREST_HEAP_OPTS", value: "-XX:InitialRAMPercentage=50 -XX:MaxRAMPercentage=50" },
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
