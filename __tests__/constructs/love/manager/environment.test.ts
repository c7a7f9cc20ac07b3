/** What managers read from their environment: names and values of phalanx 2026-08 (love.md §2.3, §2.4). */
import { at } from "../../support";
import {
  deployments,
  FRONTEND,
  HOST,
  keysOf,
  LOVE_SITES,
  managers,
  managersOf,
  named,
  setsOfView,
  specOf,
  valuesOf,
} from "./support";

const viewOf = (site: string, changes?: Parameters<typeof managers>[1]) =>
  changes ? managers(site, changes) : managersOf(site);
const frontend = (...args: Parameters<typeof viewOf>) => named(viewOf(...args), "kubernetes_deployment_v1", FRONTEND);
const set = (...args: Parameters<typeof viewOf>) => {
  const [first] = setsOfView(viewOf(...args));
  if (!first) throw new Error("no set");
  return first[1];
};

/** What every set has at the sites. */
const SET = [
  ...["LOVE_SITE", "SERVER_URL", "OLE_API_HOSTNAME", "URL_SUBPATH", "REMOTE_STORAGE", "COMMANDER_HOSTNAME"],
  ...["AUTH_LDAP_1_SERVER_URI", "AUTH_LDAP_2_SERVER_URI", "AUTH_LDAP_3_SERVER_URI", "COMMANDER_PORT", "DB_HOST"],
  ...["DB_ENGINE", "DB_NAME", "DB_PORT", "DB_USER", "HEARTBEAT_QUERY_COMMANDER", "JIRA_API_HOSTNAME"],
  ...["JIRA_PROJECT_ID", "REDIS_CONFIG_CAPACITY", "REDIS_CONFIG_EXPIRY", "REDIS_HOST"],
];
/** What we add: the life of groups, and what answers TSTN-046. */
const OURS = [
  ...["HOME", "XDG_CONFIG_HOME", "REDIS_CONFIG_GROUP_EXPIRY", "SHOW_TRACE_TIMESTAMPS"],
  ...["REDIS_PORT", "UVICORN_WS_PER_MESSAGE_DEFLATE", "UVICORN_TIMEOUT_GRACEFUL_SHUTDOWN", "UVICORN_LOG_LEVEL"],
];
const SECRET = {
  SECRET_KEY: "manager-secret-key",
  PROCESS_CONNECTION_PASS: "process-connection-pass",
  ADMIN_USER_PASS: "admin-user-pass",
  USER_USER_PASS: "user-user-pass",
  CMD_USER_PASS: "cmd-user-pass",
  AUTH_LDAP_BIND_PASSWORD: "auth-ldap-bind-password",
  DB_PASS: "db-pass",
  REDIS_PASS: "redis-pass",
};

describe.each(LOVE_SITES)("%s", (site) => {
  test("a set has the 21 variables and 8 passwords of phalanx, and ours", () => {
    expect(SET).toHaveLength(21);
    expect(Object.keys(valuesOf(set(site))).sort()).toEqual([...SET, ...OURS].sort());
    expect(keysOf(set(site))).toEqual(SECRET);
  });

  test("a frontend has tickets and mail besides", () => {
    const names = Object.keys(valuesOf(frontend(site)));
    expect(names.filter((name) => !SET.includes(name) && !OURS.includes(name))).toEqual([
      "SMTP_USER",
      "NIGHTREPORT_MAIL_ADDRESS",
    ]);
    expect(SET.filter((name) => !names.includes(name))).toEqual(["HEARTBEAT_QUERY_COMMANDER"]);
    expect(keysOf(frontend(site))).toMatchObject({
      ...SECRET,
      JIRA_API_TOKEN: "jira-api-token",
      SMTP_PASSWORD: "smtp-email-password",
    });
  });

  test("LOVE-C30: sets never ask the commander for its heartbeat; frontends do", () => {
    const view = managersOf(site);
    const asks = Object.entries(deployments(view)).map(([name, body]) => [
      name.startsWith("love-manager-producer-"),
      valuesOf(body)["HEARTBEAT_QUERY_COMMANDER"],
    ]);
    expect(asks.filter(([isSet]) => isSet).map(([, value]) => value)).toEqual(setsOfView(view).map(() => "false"));
    expect(asks.filter(([isSet]) => !isSet)).toEqual([[false, undefined]]);
  });

  test("LOVE-C31: all managers keep messages 5 s and 500 of them, and groups equally long, beyond the browsers' renewal", () => {
    for (const body of Object.values(deployments(managersOf(site)))) {
      const { REDIS_CONFIG_EXPIRY, REDIS_CONFIG_CAPACITY, REDIS_CONFIG_GROUP_EXPIRY } = valuesOf(body);
      expect([REDIS_CONFIG_EXPIRY, REDIS_CONFIG_CAPACITY]).toEqual(["5", "500"]);
      expect(REDIS_CONFIG_GROUP_EXPIRY).toBe("1800");
    }
  });

  test("LOVE-C32: nobody stamps messages or compresses them", () => {
    for (const body of Object.values(deployments(managersOf(site))))
      expect(valuesOf(body)).toMatchObject({
        SHOW_TRACE_TIMESTAMPS: "false",
        UVICORN_WS_PER_MESSAGE_DEFLATE: "false",
      });
  });

  test("LOVE-C34: no password, token or key is written down", () => {
    for (const body of Object.values(deployments(managersOf(site))))
      expect(Object.keys(valuesOf(body)).filter((name) => /PASS|SECRET|TOKEN|KEY/.test(name))).toEqual([]);
  });

  test("LOVE-C61: Redis and commander by the names of their Services", () => {
    for (const body of Object.values(deployments(managersOf(site))))
      expect(valuesOf(body)).toMatchObject({
        REDIS_HOST: "love-manager-redis-service",
        COMMANDER_HOSTNAME: "love-commander-service",
        COMMANDER_PORT: "5000",
      });
  });

  test("an answer of Redis may take longer than the 5 s for which a manager waits for a message", () => {
    for (const body of Object.values(deployments(managersOf(site)))) {
      const { REDIS_HOST = "", REDIS_PORT = "" } = valuesOf(body);
      // LOVE-manager 7.5.14, settings.py.
      const url = new URL(`redis://:password@${REDIS_HOST}:${REDIS_PORT}/0`);
      expect([url.host, url.pathname, url.searchParams.get("socket_timeout")]).toEqual([
        "love-manager-redis-service:6379",
        "/0",
        "30",
      ]);
    }
  });
});

test("LOVE-C33: the Summit's frontend has the passwords of three control rooms; nobody else has", () => {
  const rooms = (body: ReturnType<typeof frontend>) =>
    Object.entries(keysOf(body)).filter(([name]) => name.startsWith("REMOTE_"));
  expect(rooms(frontend("summit")).sort()).toEqual([
    ["REMOTE_BASE_USER_PASS", "remote-base-user-pass"],
    ["REMOTE_SLAC_USER_PASS", "remote-slac-user-pass"],
    ["REMOTE_TUCSON_USER_PASS", "remote-tucson-user-pass"],
  ]);
  expect(rooms(frontend("tucson"))).toEqual([]);
  for (const site of LOVE_SITES) expect(rooms(set(site))).toEqual([]);
});

test.each([
  ["summit", "postgresdb01.cp.lsst.org"],
  ["tucson", "postgresdb01.tu.lsst.org"],
])("LOVE-C35: %s has its database at %s", (site, host) => {
  for (const body of Object.values(deployments(managersOf(site))))
    expect(valuesOf(body)).toMatchObject({
      ...{ DB_ENGINE: "postgresql", DB_HOST: host, DB_PORT: "5432", DB_NAME: "love", DB_USER: "love" },
    });
});

test.each([
  ["summit", "summit"],
  ["tucson", "tucson"],
])("LOVE-C25: %s is %s to SAL and to LOVE", (site, name) => {
  expect(specOf(site).salSite).toBe(name);
  expect(valuesOf(frontend(site))).toMatchObject({ LOVE_SITE: name, SERVER_URL: HOST, URL_SUBPATH: "/love" });
});

test("a site without LDAP, tickets, mail and science platform has no variable of theirs, nor a password", () => {
  const bare = { ldap: [], jira: undefined, mail: undefined, sciencePlatform: undefined, remoteAccounts: [] };
  const body = frontend("summit", bare);
  expect(Object.keys(valuesOf(body)).filter((name) => /LDAP|JIRA|SMTP|MAIL|OLE/.test(name))).toEqual([]);
  expect(Object.keys(keysOf(body)).sort()).toEqual(
    Object.keys(SECRET)
      .filter((name) => name !== "AUTH_LDAP_BIND_PASSWORD")
      .sort(),
  );
});

test("a PostgreSQL of LOVE's own is found by its Service", () => {
  const database = { kind: "inside" as const, disk: "1Gi", resources: specOf("summit").managerResources };
  expect(valuesOf(frontend("summit", { database }))).toMatchObject({
    DB_HOST: "love-manager-database-service",
    DB_PORT: "5432",
    DB_NAME: "love",
    DB_USER: "love",
  });
});

test("who stamps or compresses says so", () => {
  expect(valuesOf(frontend("summit", { trace: true, compress: true }))).toMatchObject({
    SHOW_TRACE_TIMESTAMPS: "true",
    UVICORN_WS_PER_MESSAGE_DEFLATE: "true",
  });
});

test("uvicorn logs no address: it would log the token of each browser, and the producers' password", () => {
  for (const site of LOVE_SITES)
    for (const body of Object.values(deployments(managersOf(site))))
      expect(valuesOf(body)["UVICORN_LOG_LEVEL"]).toBe("warning");
});

test("the night report's address is an input where the site names none", () => {
  const mail = { user: "loveapplication" };
  const view = managers("summit", { mail });
  expect(valuesOf(named(view, "kubernetes_deployment_v1", FRONTEND))["NIGHTREPORT_MAIL_ADDRESS"]).toBe(
    "${var.night_report}",
  );
  expect(at(view.json, "variable.night_report.description")).toBe("address to which LOVE mails the night report");
});
