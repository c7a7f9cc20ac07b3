import type { Environment } from "../../environments/schema";
import { MAY_DESCRIBE_CLUSTER, mayJoin, mayRead, mayUse } from "../kafka/rights";
import type { Account, SystemAccess } from "./account";

/** Accounts of programs outside this deployment. */
export function clientsAccess({ kafka }: Pick<Environment, "kafka">): SystemAccess {
  return { accounts: kafka.clients.map(clientAccount) };
}

function clientAccount({
  name,
  prefixes,
  access,
  consumes,
  cluster,
}: Environment["kafka"]["clients"][number]): Account {
  const acls = [
    ...(access === "all" ? mayUse(...prefixes) : mayRead(...prefixes)),
    ...(consumes ? [mayJoin("*")] : []),
    ...(cluster ? [MAY_DESCRIBE_CLUSTER] : []),
  ];
  return { name, kafka: { acls } };
}
