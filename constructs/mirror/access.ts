import type { MirrorSite } from "../../environments/systems/mirror";
import { NAMESPACE } from "../../ground/namespaces";
import type { SystemAccess } from "../accounts/account";
import type { Acl } from "../kafka/resources";
import { mayJoin, mayUse } from "../kafka/rights";
import { wholeSecret } from "../secrets/secret-source";
import { MIRROR_SOURCE } from "./secrets";

/** Kafka account of the mirror on this side. */
export const MIRROR = "mirror";
/** Prefix of its group and topics. */
export const MIRROR_PREFIX = "mirror-";

/** What the mirror asks of Kafka, and the password of its account on the other side. */
export function mirrorAccess({ mirror }: MirrorSite): SystemAccess {
  if (!mirror) return { accounts: [] };
  const data = new Map(mirror.topics.map(mayFill).map((acl) => [JSON.stringify(acl), acl]));
  const acls = [mayJoin(MIRROR_PREFIX), ...mayUse(MIRROR_PREFIX, "mm2-offset-syncs."), ...data.values()];
  return { accounts: [{ name: MIRROR, kafka: { acls } }], secrets: [wholeSecret(MIRROR_SOURCE, NAMESPACE.kafka)] };
}

/** Rights to create and write the topics that begin with the text before the first `*` of a pattern. */
function mayFill(pattern: string): Acl {
  const [name = "", ...rest] = pattern.split("*");
  return {
    resource: { type: "topic", name, patternType: rest.length > 0 ? "prefix" : "literal" },
    operations: ["Create", "Write", "Describe", "DescribeConfigs", "Alter"],
  };
}
