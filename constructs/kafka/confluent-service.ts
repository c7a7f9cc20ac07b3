import {
  DeploymentV1,
  type DeploymentV1SpecTemplateSpecContainerEnv,
} from "@cdktf/provider-kubernetes/lib/deployment-v1";
import { NetworkPolicyV1 } from "@cdktf/provider-kubernetes/lib/network-policy-v1";
import { PodDisruptionBudgetV1 } from "@cdktf/provider-kubernetes/lib/pod-disruption-budget-v1";
import { ServiceV1 } from "@cdktf/provider-kubernetes/lib/service-v1";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { NAMESPACE } from "../../ground/namespaces";
import { literal } from "../../synthesized/text";
import { LoginMiddleware } from "../ingress/login";
import { letIn, type Peer, podsIn } from "../kubernetes/network-policy";
import { metadataOf, RESTARTABLE, selectorLabels } from "../kubernetes/objects";
import type { Restart } from "../kubernetes/restarts";
import { Route } from "../kubernetes/route";
import { waitFor } from "../kubernetes/wait-for";
import type { Web } from "../kubernetes/web";
import {
  fromSecret,
  type PodResources,
  RESTRICTED_CONTAINER,
  restrictedTemplate,
  spreadOverNodes,
} from "../kubernetes/workload";
import type { SecretSpec } from "../secrets/secret-spec";
import type { Brokers } from "./kafka-cluster";
import { kafkaUser } from "./secrets";

/** A program of Confluent's that logs in to Kafka and answers over HTTP. */
export interface ConfluentServiceProps {
  /** Name of its objects and of its account in Kafka. */
  readonly name: string;
  readonly image: string;
  readonly port: number;
  readonly spec: { readonly replicas: number; readonly resources: PodResources };
  readonly kafka: Brokers;
  /** First word of the settings with which it logs in to Kafka. */
  readonly kafkaPrefix: string;
  /** Other settings, as the image's start script reads them from the environment. */
  readonly env: DeploymentV1SpecTemplateSpecContainerEnv[];
  /** Path that answers once it works. */
  readonly healthPath: string;
  /** Pods that may connect, besides traefik, which brings the route. */
  readonly clients: readonly Peer[];
  /** Login that the route asks for. */
  readonly login: SecretSpec;
  readonly web: Web;
  readonly dependsOn: ITerraformDependable[];
}

/** Settings with which such a program logs in to Kafka, but for the password. */
function kafkaLogin(prefix: string, account: string): DeploymentV1SpecTemplateSpecContainerEnv[] {
  return [
    { name: `${prefix}_SECURITY_PROTOCOL`, value: "SASL_PLAINTEXT" },
    { name: `${prefix}_SASL_MECHANISM`, value: "SCRAM-SHA-512" },
    fromSecret("KAFKA_PASSWORD", kafkaUser(account).name, "password"),
  ];
}

/** Starts the image with the password of its account, in the form that the image needs. */
const START = readFileSync(join(__dirname, "confluent-start.sh"), "utf8");

/** Where such a program listens, and by which address its replicas know one another. */
export function listener(prefix: string, port: number) {
  return [
    { name: `${prefix}_HOST_NAME`, valueFrom: { fieldRef: { fieldPath: "status.podIP" } } },
    { name: `${prefix}_LISTENERS`, value: `http://0.0.0.0:${port}` },
  ];
}

/** Deployment, Service, disruption budget, network policy, and a route that asks for a login. */
export abstract class ConfluentService extends Construct {
  /** The program and its Service. */
  readonly ready: ITerraformDependable;
  /** Host name outside the cluster. */
  readonly host: string;
  /** It reads its password when it starts. */
  readonly restart: Restart;

  constructor(scope: Construct, id: string, props: ConfluentServiceProps) {
    super(scope, id);
    const { name, port, spec, clients, login, web, dependsOn } = props;
    const namespace = NAMESPACE.kafka;
    const metadata = metadataOf(name, namespace);
    const pods = selectorLabels(name);
    const service = new ServiceV1(this, "service", {
      metadata,
      spec: { selector: pods, port: [{ name: "http", port, targetPort: "http" }] },
      dependsOn,
    });
    this.ready = new DeploymentV1(this, "deployment", {
      metadata,
      lifecycle: RESTARTABLE,
      // So a destroy removes the Service after the program and after its clients.
      dependsOn: [...dependsOn, service],
      timeouts: { create: "10m", update: "10m" },
      spec: {
        replicas: String(spec.replicas),
        selector: { matchLabels: pods },
        strategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: "0", maxSurge: "1" } },
        template: template(props),
      },
    });
    const secrets = [kafkaUser(name).name];
    this.restart = { namespace, resource: "deployments", name, secrets, ready: this.ready };
    if (spec.replicas > 1)
      new PodDisruptionBudgetV1(this, "budget", {
        metadata,
        spec: { maxUnavailable: "1", selector: { matchLabels: pods } },
        dependsOn,
      });
    new NetworkPolicyV1(this, "network-policy", {
      ...letIn({ metadata, pods, from: [podsIn(NAMESPACE.traefik), ...clients], port }),
      dependsOn,
    });
    const middleware = new LoginMiddleware(this, "login", {
      name: `${name}-login`,
      namespace,
      secret: login.name,
      dependsOn,
    });
    this.host = new Route(this, "route", {
      name,
      namespace,
      service: name,
      port,
      web,
      middleware: login.name,
      dependsOn: [middleware.ready],
    }).host;
  }
}

function template({ name, image, port, spec, kafka, kafkaPrefix, env, healthPath }: ConfluentServiceProps) {
  const probe = { httpGet: { path: healthPath, port: "http" }, periodSeconds: 10, timeoutSeconds: 5 };
  return restrictedTemplate({
    labels: metadataOf(name, NAMESPACE.kafka).labels,
    user: 1000,
    pod: {
      ...spreadOverNodes(selectorLabels(name)),
      // The image asks the brokers for 40 s (seen in its source), and ends.
      initContainer: [waitFor(image, [kafka.bootstrap])],
      container: [
        {
          name,
          image,
          command: ["bash", "-c", literal(START), "start", kafkaPrefix, name],
          env: [...env, ...kafkaLogin(kafkaPrefix, name)],
          port: [{ name: "http", containerPort: port }],
          startupProbe: { ...probe, failureThreshold: 30 },
          readinessProbe: probe,
          livenessProbe: { ...probe, failureThreshold: 6 },
          resources: spec.resources,
          // Its start script writes the configuration below /etc.
          securityContext: { ...RESTRICTED_CONTAINER, readOnlyRootFilesystem: false },
        },
      ],
    },
  });
}
