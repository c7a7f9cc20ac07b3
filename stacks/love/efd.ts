import type { EfdReference } from "../../constructs/love/surroundings";
import { influxdbHost } from "../../constructs/influxdb/influxdb";
import { brokersOf } from "../../constructs/kafka/kafka-cluster";
import type { Web } from "../../constructs/kubernetes/web";
import { REGISTRY_URL } from "../../constructs/registry/schema-registry";
import { REST_PROXY_URL } from "../../constructs/rest-proxy/rest-proxy";
import type { Environment } from "../../environments/schema";

/** The site's EFD as LOVE uses it, by the same functions that make the EFD itself: layers share no values. */
export function efdReference({ kafka, restProxy }: Environment, web: Web): EfdReference {
  return {
    brokers: brokersOf(kafka),
    brokerIds: kafka.brokers.map(({ id }) => id),
    replication: kafka.replication,
    registry: { url: REGISTRY_URL },
    ...(restProxy ? { restProxy: REST_PROXY_URL } : {}),
    influxdbHost: influxdbHost(web),
  };
}
