/** What managers read from their environment. Frontends and sets run the same program; these values make the difference. */
import type { Construct } from "constructs";
import { INPUTS, input } from "../../core/inputs";
import { databaseOf } from "../database";
import { LOVE_PATH } from "../nginx/paths";
import { fromLove } from "../secrets";
import { COMMANDER, REDIS } from "../services";
import type { LovePart } from "../surroundings";

/** What a manager does: it serves browsers, or it takes what producers bring. */
export type ManagerRole = "frontend" | "set";

/** Seconds for which uvicorn waits for its connections when it stops; clients come back within four. */
export const GRACEFUL_SHUTDOWN = 25;

/**
 * Redis' port, and how long an answer may take. channels_redis 4.2 waits 5 s for a message, and redis-py from 8 on gives up
 * after as much: each view and each producer would be lost after 5 s of silence (redis-py #4091, channels_redis #422).
 * LOVE-manager pins no redis-py, and has no variable for that time, but writes this one into a URL: behind the port come
 * its database and 30 s, and what LOVE-manager adds to it is hidden behind the last mark.
 */
const redisPort = `${REDIS.port}/0?socket_timeout=30#`;

/** A variable of a container. */
export type Variable = { readonly name: string; readonly value: string } | ReturnType<typeof fromLove>;

const variable = (name: string, value: string | number | boolean): Variable => ({ name, value: String(value) });

/** Variables with LDAP's servers. The program skips a server that has none. */
function ldap({ spec }: LovePart): Variable[] {
  return [
    ...spec.ldap.map((uri, i) => variable(`AUTH_LDAP_${i + 1}_SERVER_URI`, uri)),
    ...(spec.ldap.length > 0 ? [fromLove("AUTH_LDAP_BIND_PASSWORD", "auth-ldap-bind-password")] : []),
  ];
}

/** Variables with the database. */
export function databaseVariables({ spec }: Pick<LovePart, "spec">): Variable[] {
  const { host, port, name, user } = databaseOf(spec);
  return [
    variable("DB_ENGINE", "postgresql"),
    variable("DB_HOST", host),
    variable("DB_PORT", port),
    variable("DB_NAME", name),
    variable("DB_USER", user),
    fromLove("DB_PASS", "db-pass"),
  ];
}

/** Variables with passwords of LOVE's own users. */
export function userVariables({ spec }: Pick<LovePart, "spec">, role: ManagerRole): Variable[] {
  return [
    fromLove("ADMIN_USER_PASS", "admin-user-pass"),
    fromLove("USER_USER_PASS", "user-user-pass"),
    fromLove("CMD_USER_PASS", "cmd-user-pass"),
    ...(role === "frontend"
      ? spec.remoteAccounts.map((one) => fromLove(`REMOTE_${one.toUpperCase()}_USER_PASS`, `remote-${one}-user-pass`))
      : []),
  ];
}

/** Variables that say which site it is. */
export function siteVariables({ spec, host }: Pick<LovePart, "spec" | "host">): Variable[] {
  return [
    variable("LOVE_SITE", spec.salSite),
    // The host that Django accepts in requests, and the name under which commands are sent.
    variable("SERVER_URL", host),
    variable("URL_SUBPATH", LOVE_PATH),
    // Uploads go through the commander into the object store: what a pod keeps, no other pod has.
    variable("REMOTE_STORAGE", true),
    fromLove("SECRET_KEY", "manager-secret-key"),
  ];
}

/** What only frontends have: tickets and mail are theirs. */
function frontendVariables(scope: Construct, { jira, mail }: LovePart["spec"]): Variable[] {
  return [
    ...(jira ? [fromLove("JIRA_API_TOKEN", "jira-api-token")] : []),
    ...(mail
      ? [
          variable("SMTP_USER", mail.user),
          fromLove("SMTP_PASSWORD", "smtp-email-password"),
          variable("NIGHTREPORT_MAIL_ADDRESS", mail.nightReport ?? input(scope, INPUTS.nightReport)),
        ]
      : []),
  ];
}

/** Environment of a manager; an input is declared in the stack of `scope`. */
export function managerEnvironment(scope: Construct, part: LovePart, role: ManagerRole): Variable[] {
  const { spec } = part;
  return [
    ...siteVariables(part),
    ...(spec.sciencePlatform ? [variable("OLE_API_HOSTNAME", spec.sciencePlatform)] : []),
    ...ldap(part),
    ...(spec.jira
      ? [variable("JIRA_API_HOSTNAME", spec.jira.host), variable("JIRA_PROJECT_ID", spec.jira.project)]
      : []),
    variable("COMMANDER_HOSTNAME", COMMANDER.name),
    variable("COMMANDER_PORT", COMMANDER.port),
    ...databaseVariables(part),
    variable("REDIS_HOST", REDIS.name),
    variable("REDIS_PORT", redisPort),
    fromLove("REDIS_PASS", "redis-pass"),
    // phalanx 2026-08: messages live 5 s, and 500 may wait for one manager.
    variable("REDIS_CONFIG_EXPIRY", 5),
    variable("REDIS_CONFIG_CAPACITY", 500),
    // The same everywhere: who sends to a group forgets the members that are older.
    variable("REDIS_CONFIG_GROUP_EXPIRY", spec.redis.groupExpiry),
    fromLove("PROCESS_CONNECTION_PASS", "process-connection-pass"),
    ...userVariables(part, role),
    // Each set would ask the commander, which serves browsers.
    ...(role === "set" ? [variable("HEARTBEAT_QUERY_COMMANDER", false)] : []),
    ...(role === "frontend" ? frontendVariables(scope, spec) : []),
    variable("SHOW_TRACE_TIMESTAMPS", spec.trace),
    // uvicorn takes each of its options from a variable.
    variable("UVICORN_WS_PER_MESSAGE_DEFLATE", spec.compress),
    variable("UVICORN_TIMEOUT_GRACEFUL_SHUTDOWN", GRACEFUL_SHUTDOWN),
    // Below it logs the address of each WebSocket, with the token or the password in it.
    variable("UVICORN_LOG_LEVEL", "warning"),
  ];
}
