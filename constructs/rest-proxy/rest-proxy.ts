import type { ITerraformDependable } from "cdktf";
import type { Construct } from "constructs";
import type { RestProxySite } from "../../environments/systems/rest-proxy";
import { NAMESPACE } from "../../ground/namespaces";
import { image } from "../../ground/versions";
import { ConfluentService, listener } from "../kafka/confluent-service";
import type { Brokers } from "../kafka/kafka-cluster";
import type { Peer } from "../kubernetes/network-policy";
import type { Web } from "../kubernetes/web";
import type { Registry } from "../registry/schema-registry";
import { REST_PROXY } from "./access";
import { REST_PROXY_ROUTE } from "./secrets";

/** Port of its Service. */
export const REST_PROXY_PORT = 8082;

/** URL of the REST proxy inside the cluster. */
export const REST_PROXY_URL = `http://${REST_PROXY}.${NAMESPACE.kafka}:${REST_PROXY_PORT}`;

/** A REST proxy. */
export interface RestProxyProps {
  readonly spec: NonNullable<RestProxySite["restProxy"]>;
  readonly kafka: Brokers;
  readonly registry: Registry;
  /** Pods that may ask it, besides traefik, which brings the route. */
  readonly clients: readonly Peer[];
  readonly web: Web;
  readonly dependsOn: ITerraformDependable[];
}

/**
 * Confluent's REST proxy. It has no login of its own: outside the cluster its route asks for one, and inside only the
 * route and its clients may connect. It keeps nothing.
 */
export class RestProxy extends ConfluentService {
  constructor(scope: Construct, id: string, { spec, kafka, registry, clients, web, dependsOn }: RestProxyProps) {
    super(scope, id, {
      name: REST_PROXY,
      image: image("kafkaRest"),
      port: REST_PROXY_PORT,
      spec,
      kafka,
      kafkaPrefix: "KAFKA_REST_CLIENT",
      env: [
        ...listener("KAFKA_REST", REST_PROXY_PORT),
        { name: "KAFKA_REST_BOOTSTRAP_SERVERS", value: `SASL_PLAINTEXT://${kafka.bootstrap}` },
        { name: "KAFKA_REST_SCHEMA_REGISTRY_URL", value: registry.url },
        // The start script's own variable. KAFKA_REST_HEAP_OPTS of phalanx is a setting that the proxy does not
        // know, and leaves the script's default, 256 MiB.
        { name: "KAFKAREST_HEAP_OPTS", value: "-XX:InitialRAMPercentage=50 -XX:MaxRAMPercentage=50" },
      ],
      // The root lists what the proxy can do and asks no broker: a broker that is down restarts no proxy.
      healthPath: "/",
      clients,
      login: REST_PROXY_ROUTE,
      web,
      dependsOn,
    });
  }
}
