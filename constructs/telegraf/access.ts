import type { TelegrafSite } from "../../environments/systems/telegraf";
import { NAMESPACE } from "../../ground/namespaces";
import type { SystemAccess } from "../accounts/account";
import { MAY_READ_ALL, mayJoin } from "../kafka/rights";
import { INFLUXDB_READER } from "../influxdb/secrets";
import { podsIn } from "../kubernetes/network-policy";
import { wholeSecret } from "../secrets/secret-source";
import { INFLUXDB_TELEGRAF } from "./secrets";

/** Account of Telegraf, in Kafka and in InfluxDB. */
export const TELEGRAF = "telegraf";
/** Database of what Telegraf says of itself and of nodes. */
export const OWN_DATABASE = "telegraf";

/** Consumer group of a consumer. Kafka keeps the offsets under this name. */
export function consumerGroup(name: string): string {
  return `telegraf-kafka-consumer-${name}`;
}

/**
 * What Telegraf asks of Kafka, the registry and InfluxDB. Every site has its InfluxDB account, even without consumers.
 */
export function telegrafAccess({ telegraf }: TelegrafSite): SystemAccess {
  const { consumers, measuresNodes } = telegraf;
  const databases = [...new Set(consumers.map(({ database }) => database))].sort();
  const consumes = consumers.length > 0;
  return {
    accounts: [
      {
        name: TELEGRAF,
        ...(consumes && {
          kafka: { acls: [MAY_READ_ALL, mayJoin(consumerGroup(""))], readIn: [NAMESPACE.telegraf] },
        }),
        influxdb: {
          secret: INFLUXDB_TELEGRAF,
          grants: [
            { database: OWN_DATABASE, privilege: "ALL" },
            ...databases.map((database) => ({ database, privilege: "WRITE" as const })),
          ],
          readIn: [...(consumes ? [NAMESPACE.telegraf] : []), ...(measuresNodes ? [NAMESPACE.telegrafDs] : [])],
        },
      },
    ],
    // Telegraf itself may not read what it has written.
    secrets: consumes ? [wholeSecret(INFLUXDB_READER, NAMESPACE.telegraf)] : [],
    registryClients: consumes ? [podsIn(NAMESPACE.telegraf)] : [],
  };
}
