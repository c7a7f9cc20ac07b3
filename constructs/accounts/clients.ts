import type { KafkaSite } from "../../environments/systems/kafka/schema";
import type { Acl } from "../kafka/resources";
import { MAY_DESCRIBE_CLUSTER, mayDo, mayJoin } from "../kafka/rights";
import type { Account, SystemAccess } from "./account";

type Client = KafkaSite["kafka"]["clients"][number];

const OPERATIONS: Readonly<Record<Client["access"], Acl["operations"]>> = {
  all: ["All"],
  mirror: ["Read", "Describe", "DescribeConfigs"],
  read: ["Read", "Describe"],
  "read-write": ["Read", "Write", "Describe"],
};

/** Accounts of programs outside this deployment. */
export function clientsAccess({ kafka }: KafkaSite): SystemAccess {
  return { accounts: kafka.clients.map(clientAccount) };
}

function clientAccount({ name, prefixes, topics, access, login, consumes, cluster }: Client): Account {
  const acls = [
    ...mayDo(OPERATIONS[access], { prefixes, topics }),
    ...(consumes ? [mayJoin("*")] : []),
    ...(cluster ? [MAY_DESCRIBE_CLUSTER] : []),
  ];
  return { name, kafka: { acls, login } };
}
