/**
 * `npm run bench:love-redis`: a real Redis of this machine with the settings of the LOVE that has the most producers. It asks
 * for its password, the clean-up removes what nobody uses and nothing else, and under more than it can hold it keeps the
 * groups that live.
 */
import { join } from "node:path";
import { inTemporaryFolder } from "../../cli/shared/process/temporary-folder";
import { run } from "../../cli/shared/process/process";
import { printTally, runToolCommand, toolCommand } from "../../cli/shared/process/tool";
import { selectSites } from "../../cli/shared/site/sites";
import { SITES } from "../../environments";
import type { Environment } from "../../environments/schema";
import { loveOf } from "../../environments/systems/love/schema";
import { bytes } from "../../ground/units";
import { Checks } from "../data-path/check";
import { stopAll } from "../data-path/program";
import { type Deployed, PASSWORD, redisOf, RedisServer } from "./redis-server";

const MIB = 2 ** 20;
/** Keys as channels_redis 4.2 names them. */
const scripts = (index: number) => `asgi:group:event-Script-${index}-logMessage`;
const group = (csc: string) => `asgi:group:event-${csc}-0-summaryState`;
const inflight = (manager: string) => `asgispecific.${manager}!$inflight`;

/** Whose password is right, and what others see of it. */
function login(redis: RedisServer, checks: Checks): void {
  checks.same("with the password", redis.ask(["PING"]).stdout, "PONG");
  checks.says("with another", redis.ask(["PING"], "other").stderr, /NOAUTH/);
  checks.says("without one", redis.ask(["PING"], "").stderr, /NOAUTH/);
  checks.same("arguments of processes that show it", redis.arguments().includes(PASSWORD), false);
}

/** Every line of the file is what Redis runs with. */
function accepted(redis: RedisServer, settings: string, checks: Checks): void {
  for (const line of settings.trimEnd().split("\n")) {
    const [name = "", ...words] = line.split(" ");
    const wanted = words.join(" ").replaceAll('"', "");
    const [, got = ""] = redis.lines("CONFIG", "GET", name);
    checks.same(`${name} ${wanted}`, got === wanted || got.split(" slave ")[0] === wanted, true);
  }
}

/** Makes a key one that nothing has touched for so many seconds. */
const UNTOUCHED = "redis.call('RESTORE', ARGV[1], 0, redis.call('DUMP', ARGV[1]), 'REPLACE', 'IDLETIME', ARGV[2])";

/** Stale members and forgotten queues go, the rest stays as it is. */
function cleanUp(redis: RedisServer, { groupExpiry }: Deployed, checks: Checks): void {
  const now = Date.now() / 1000;
  const add = (key: string, ago: number, who: string) => redis.lines("ZADD", key, now - ago, `specific.${who}`);
  const [old, recent] = [groupExpiry + 60, groupExpiry - 60];
  redis.lines("FLUSHALL");
  add(scripts(1), old, "killed!a");
  add(scripts(1), recent, "alive!b");
  add(scripts(1), 0, "alive!c");
  add(scripts(2), old, "killed!a");
  add(scripts(3), 0, "alive!b");
  // Of other groups, senders remove the old members themselves.
  add(group("MTMount"), old, "killed!a");
  add(inflight("killed"), 0, "message");
  add(inflight("alive"), 0, "message");

  const members = (key: string) => redis.lines("ZRANGE", key, 0, -1).sort();
  checks.same("the clean-up", redis.cleanUp(), {
    code: 0,
    stdout:
      `groups of scripts: 3 seen, 2 members older than ${groupExpiry} s removed, 1 groups gone with them\n` +
      "queues of messages in work: 2 seen, 0 idle for more than 3600 s removed\n",
    stderr: "",
  });
  checks.same("members of a group with some", members(scripts(1)), ["specific.alive!b", "specific.alive!c"]);
  redis.each(UNTOUCHED, [[inflight("killed"), 3700]]);
  add(inflight("alive"), 0, "another message");
  checks.says("a second clean-up", redis.cleanUp().stdout, /^groups of scripts: 2 seen, 0 /);
  checks.same(
    "keys that stay",
    redis.lines("--scan").sort(),
    [scripts(1), scripts(3), group("MTMount"), inflight("alive")].sort(),
  );
}

/** Whatever keeps it from its work is one line, and a failure. */
function cleanUpFails(redis: RedisServer, checks: Checks): void {
  const other = redis.cleanUp({ REDISCLI_AUTH: "other" });
  checks.same(
    "a clean-up with another password",
    [other.code, other.stdout, other.stderr.split("\n").length],
    [1, "", 2],
  );
  checks.says("what it says", other.stderr, /did not do it: .*NOAUTH/);
  const away = redis.cleanUp({ REDIS_PORT: "1" });
  checks.same("a clean-up without Redis", [away.code, away.stdout, away.stderr.split("\n").length], [1, "", 2]);
  checks.says("what it says", away.stderr, /^Redis at 127\.0\.0\.1:1 did not do it: Could not connect/);
}

/** Groups of so many members, which joined at most $ago seconds ago: each expires so much earlier. */
const GROUPS = `
  local now = tonumber(redis.call('TIME')[1])
  for i = ARGV[2], ARGV[3] do
    local key, ago = string.format(ARGV[1], i), math.random(ARGV[5], ARGV[6])
    for j = 1, ARGV[4] do
      redis.call('ZADD', key, now - ago, string.format('specific.%032x!%032x', j, i * 1000 + j))
    end
    redis.call('EXPIRE', key, ARGV[7] - ago)
  end`;
/** Messages that wait for a manager at most (REDIS_CONFIG_CAPACITY). */
const CAPACITY = 500;
/** A message to each of so many managers, as channels_redis sends it; the first ones do not read, the others have a short one. */
const SEND = `
  local now, message = redis.call('TIME')[1], string.rep('x', ARGV[3])
  for manager = 1, ARGV[1] do
    local key = string.format('asgispecific.%032x!', manager)
    if manager > tonumber(ARGV[2]) then
      redis.call('UNLINK', key)
      redis.call('ZADD', key, now, ARGV[4])
    elseif redis.call('ZCOUNT', key, '-inf', '+inf') < ${CAPACITY} then
      redis.call('ZADD', key, now, ARGV[4] .. message)
    end
    redis.call('EXPIRE', key, 5)
  end`;

/** 50 frontends and 12 sets (the Summit's most), a third of which do not read. */
const MANAGERS = { all: 62, stuck: 20 };
/** Bytes: what a script queue sends of its scripts. */
const MESSAGE = 100_000;
const LIVING = 2000;
/** A queue that runs for months: each script that somebody looked at had a group, of which nothing took any away. */
const STALE = 20_000;
const MEMBERS = 50;

/** Fills Redis with groups, then with more messages than it can hold; which groups are there afterwards. */
function fill(redis: RedisServer, groupExpiry: number): { living: number; stale: number } {
  const chunks = (count: number) =>
    Array.from({ length: count / 500 }, (_, i) => [i * 500 + 1, (i + 1) * 500] as const);
  const groups = (name: string, count: number, least: number, most: number) =>
    redis.each(
      GROUPS,
      chunks(count).map(([first, last]) => [name, first, last, MEMBERS, least, most, groupExpiry]),
    );
  redis.lines("FLUSHALL");
  groups(group("CSC%d"), LIVING, 0, 300);
  groups(scripts(0).replace("0", "%d"), STALE, 301, groupExpiry - 600);
  redis.each(
    SEND,
    Array.from({ length: CAPACITY }, (_, message) => [MANAGERS.all, MANAGERS.stuck, MESSAGE, message]),
  );
  const keys = redis.lines("--scan");
  const count = (pattern: RegExp) => keys.filter((key) => pattern.test(key)).length;
  return { living: count(/event-CSC/), stale: count(/event-Script/) };
}

/** The site with the most producers of LOVE. */
function busiestSite(): Environment {
  const producers = (site: Environment) => loveOf(site)?.producers.length ?? 0;
  const [site] = selectSites(SITES).sort((a, b) => producers(b) - producers(a));
  if (!site) throw new Error("there is no site");
  return site;
}

async function main(): Promise<number> {
  for (const program of ["redis-server", "redis-cli"])
    if ((await run(program, ["--version"])).code !== 0) {
      console.error(`love-redis: NOT RUN, because ${program} is not on PATH`);
      return 3;
    }
  const checks = new Checks();
  try {
    await inTemporaryFolder("redis", async (folder) => {
      const deployed = redisOf(busiestSite(), join(folder, "out"));
      const { groupExpiry, settings } = deployed;
      const redis = await RedisServer.start(folder, deployed);
      console.log(
        `Redis ${
          redis
            .lines("INFO", "server")
            .join("\n")
            .match(/redis_version:(\S+)/)?.[1] ?? "?"
        }`,
      );
      login(redis, checks);
      accepted(redis, settings, checks);
      cleanUp(redis, deployed, checks);
      cleanUpFails(redis, checks);

      const { living, stale } = fill(redis, groupExpiry);
      const [used, most, evicted] = [redis.info("used_memory_peak"), redis.mostMemory(), redis.info("evicted_keys")];
      console.log(
        `with ${STALE} groups of scripts and ${MANAGERS.stuck} managers that do not read, ${evicted} keys went: ` +
          `${living} of ${LIVING} living groups and ${stale} of ${STALE} others are there, ` +
          `${Math.round(used / MIB)} MiB used at most, ${Math.round(most / MIB)} MiB of the process`,
      );
      checks.same("there was more than it can hold", evicted > 0, true);
      checks.same("living groups that are there", living, LIVING);
      // Redis makes room between commands, while others go on: a fiftieth more is what it needs for that.
      checks.same("it stays below its ceiling", used < redis.info("maxmemory") * 1.02, true);
      checks.same("its process stays below the pod's limit", most < bytes(deployed.memoryLimit), true);

      redis.lines("CONFIG", "SET", "maxmemory-policy", "allkeys-lru");
      const other = fill(redis, groupExpiry);
      console.log(`with allkeys-lru: ${other.living} of ${LIVING} living groups, ${other.stale} of ${STALE} others`);
      checks.same("another policy would lose living groups", other.living < LIVING, true);
    });
  } finally {
    await stopAll();
  }
  return printTally(checks.passed, checks.failed);
}

runToolCommand(
  toolCommand("bench:love-redis", "starts a real Redis with the settings of LOVE's, cleans it up and overfills it"),
  main,
);
