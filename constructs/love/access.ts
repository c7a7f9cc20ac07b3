import { loveOf, type LoveSite } from "../../environments/systems/love/schema";
import { NAMESPACE } from "../../ground/namespaces";
import type { SystemAccess } from "../accounts/account";
import { podsOf } from "../kubernetes/network-policy";
import type { SecretSpec } from "../secrets/secret-spec";
import { LOVE_PODS } from "./labels";
import { loveSecret } from "./secrets";

/**
 * What LOVE asks of the EFD. Its account in Kafka is SAL's, which the site's clients have; who commands and who brings
 * telemetry asks the registry, and nginx asks the REST proxy which brokers there are.
 */
export function loveAccess(site: LoveSite): SystemAccess {
  if (!loveOf(site)) return { accounts: [] };
  const { commander, producers, nginx } = LOVE_PODS;
  return {
    accounts: [],
    registryClients: [commander, producers].map((labels) => podsOf(NAMESPACE.love, labels)),
    restProxyClients: [podsOf(NAMESPACE.love, nginx)],
  };
}

/** A user of LOVE's own. */
export interface LoveUser {
  readonly name: string;
  /** The Secret with the password, described as this user's. */
  readonly secret: SecretSpec;
  readonly key: string;
}

/** LOVE's own users, with whom people log in where no LDAP knows them; `cmd_user` exists only where somebody made it. */
export function loveUsers(site: LoveSite): LoveUser[] {
  const spec = loveOf(site);
  if (!spec) return [];
  const secret = loveSecret(spec);
  const users = { admin: "admin-user-pass", user: "user-user-pass", cmd_user: "cmd-user-pass" };
  const rooms = spec.remoteAccounts.map((room) => [`${room}_control_room`, `remote-${room}-user-pass`] as const);
  return [...Object.entries(users), ...rooms].map(([name, key]) => ({
    name,
    key,
    secret: { ...secret, description: secret.keys[key]?.description ?? secret.description },
  }));
}
