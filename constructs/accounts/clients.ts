import type { KafkaSite } from "../../environments/systems/kafka/schema";
import { MAY_DESCRIBE_CLUSTER, mayJoin, mayRead, mayUse } from "../kafka/rights";
import type { Account, SystemAccess } from "./account";

/** Accounts of programs outside this deployment. */
export function clientsAccess({ kafka }: KafkaSite): SystemAccess {
  return { accounts: kafka.clients.map(clientAccount) };
}

function clientAccount({ name, prefixes, access, consumes, cluster }: KafkaSite["kafka"]["clients"][number]): Account {
  const acls = [
    ...(access === "all" ? mayUse(...prefixes) : mayRead(...prefixes)),
    ...(consumes ? [mayJoin("*")] : []),
    ...(cluster ? [MAY_DESCRIBE_CLUSTER] : []),
  ];
  return { name, kafka: { acls } };
}
