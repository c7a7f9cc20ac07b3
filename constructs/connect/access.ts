import type { ConnectSite } from "../../environments/systems/connect/schema";
import { NAMESPACE } from "../../ground/namespaces";
import type { SystemAccess } from "../accounts/account";
import { KAFKA_CLUSTER } from "../kafka/resources";
import { MAY_READ_ALL, mayJoin, mayUse } from "../kafka/rights";
import { podsWith } from "../kubernetes/network-policy";
import { wholeSecret } from "../secrets/secret-source";
import { INFLUXDB_CONNECT, S3_ACCOUNT } from "./secrets";

/** Account of Kafka Connect, in Kafka and in InfluxDB. */
export const CONNECT = "connect";
/** Prefix of the workers' group and topics. Kafka Connect begins the consumer group of every sink with it too. */
export const CONNECT_PREFIX = "connect-";

/** What Connect and its connectors ask of Kafka, the registry and InfluxDB. */
export function connectAccess({ connect }: ConnectSite): SystemAccess {
  if (!connect) return { accounts: [] };
  const databases = [...new Set(connect.sinks.map(({ database }) => database))].sort();
  return {
    accounts: [
      {
        name: CONNECT,
        kafka: { acls: [MAY_READ_ALL, mayJoin(CONNECT_PREFIX), ...mayUse(CONNECT_PREFIX)] },
        ...(databases.length > 0 && {
          influxdb: {
            secret: INFLUXDB_CONNECT,
            grants: databases.map((database) => ({ database, privilege: "WRITE" as const })),
            readIn: [NAMESPACE.kafka, NAMESPACE.influxdb],
          },
        }),
      },
    ],
    secrets: connect.s3 ? [wholeSecret(S3_ACCOUNT, NAMESPACE.kafka)] : [],
    registryClients: [podsWith({ "strimzi.io/kind": "KafkaConnect", "strimzi.io/cluster": KAFKA_CLUSTER })],
  };
}

/** Records of a partition that the sink into a bucket collects for a file; a file may be smaller, never larger. */
export const S3_FILE_RECORDS = 1000;
