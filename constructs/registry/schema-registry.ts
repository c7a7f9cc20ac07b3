import type { ITerraformDependable } from "cdktf";
import type { Construct } from "constructs";
import type { RegistrySite } from "../../environments/systems/registry";
import { NAMESPACE } from "../../ground/namespaces";
import { image } from "../../ground/versions";
import { ConfluentService, listener } from "../kafka/confluent-service";
import type { Brokers } from "../kafka/kafka-cluster";
import { type Peer, podsWith } from "../kubernetes/network-policy";
import { selectorLabels } from "../kubernetes/objects";
import type { Web } from "../kubernetes/web";
import { REGISTRY, SCHEMAS_TOPIC } from "./access";
import { REGISTRY_ROUTE } from "./secrets";

const PORT = 8081;

/** URL of the schema registry inside the cluster. */
export const REGISTRY_URL = `http://${REGISTRY}.${NAMESPACE.kafka}:${PORT}`;

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
export class SchemaRegistry extends ConfluentService implements Registry {
  readonly url = REGISTRY_URL;

  constructor(scope: Construct, id: string, { spec, kafka, web, clients, dependsOn }: SchemaRegistryProps) {
    super(scope, id, {
      name: REGISTRY,
      image: image("schemaRegistry"),
      port: PORT,
      spec,
      kafka,
      kafkaPrefix: "SCHEMA_REGISTRY_KAFKASTORE",
      env: [
        ...listener("SCHEMA_REGISTRY", PORT),
        { name: "SCHEMA_REGISTRY_KAFKASTORE_BOOTSTRAP_SERVERS", value: kafka.bootstrap },
        { name: "SCHEMA_REGISTRY_KAFKASTORE_TOPIC", value: SCHEMAS_TOPIC.name },
        { name: "SCHEMA_REGISTRY_SCHEMA_REGISTRY_GROUP_ID", value: REGISTRY },
        // Sasquatch: a schema may change in any way, as SAL's interfaces do.
        { name: "SCHEMA_REGISTRY_SCHEMA_COMPATIBILITY_LEVEL", value: "none" },
        // Confluent's default allows it: whoever may write could set a registry to READONLY, and no new schema gets in.
        { name: "SCHEMA_REGISTRY_MODE_MUTABILITY", value: String(spec.modeIsMutable) },
      ],
      healthPath: "/subjects",
      // Replicas pass writes on to their leader.
      clients: [...clients, podsWith(selectorLabels(REGISTRY))],
      login: REGISTRY_ROUTE,
      web,
      dependsOn,
    });
  }
}
