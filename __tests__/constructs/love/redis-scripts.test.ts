/** The scripts with a Redis that only answers; `npm run bench:love-redis` runs them with a real one. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const SCRIPTS = join(__dirname, "..", "..", "..", "constructs", "love", "redis");

let folder: string;
const path = (name: string) => join(folder, name);
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "efd-redis-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** Puts a program of this text before those of the machine. */
const program = (name: string, text: string) => writeFileSync(path(name), `#!/bin/sh\n${text}\n`, { mode: 0o755 });
function run(script: string, args: readonly string[], env: Record<string, string>) {
  const { status, stdout, stderr } = spawnSync("sh", [join(SCRIPTS, script), ...args], {
    encoding: "utf8",
    env: { PATH: `${folder}:${process.env["PATH"] ?? ""}`, ...env },
  });
  return { status, stdout, stderr };
}

describe("the start", () => {
  const start = (REDIS_PASS: string) => {
    program("redis-server", `echo "$@" > ${path("arguments")}; cat > ${path("input")}`);
    return run("start.sh", ["/data/redis.conf"], { REDIS_PASS });
  };

  test("brings the password to Redis, and shows it nowhere", () => {
    expect(start("aZ0._~-")).toEqual({ status: 0, stdout: "", stderr: "" });
    expect(readFileSync(path("arguments"), "utf8")).toBe("/data/redis.conf -\n");
    expect(readFileSync(path("input"), "utf8")).toBe('requirepass "aZ0._~-"\n');
  });

  test.each(["", "with space", "a/b", "a?b", "a#b", "a%41", "a@b", 'a"b', "a\nb", "naïve"])(
    "%j is refused: managers would never connect, or everybody could",
    (password) => {
      const { status, stdout, stderr } = start(password);
      expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
      expect(stderr).toBe(
        "key redis-pass of Secret love: got none, or one with other characters. Allowed: letters, digits and . _ ~ -. Choose another password.\n",
      );
      expect(existsSync(path("arguments"))).toBe(false);
    },
  );
});

describe("the clean-up", () => {
  const redis = { REDIS_HOST: "redis", REDIS_PORT: "6379" };
  const env = { ...redis, GROUP_EXPIRY: "1800", IDLE: "3600", BATCH: "500", PATIENCE: "0", PAUSE: "0" };

  test("goes on where Redis says, until it is through, and adds up", () => {
    program(
      "redis-cli",
      `case "$*" in
        *event-Script*\\ 0\\ 0\\ 500\\ 1800) printf '17\\n3\\n4\\n1\\n' ;;
        *event-Script*\\ 0\\ 17\\ 500\\ 1800) printf '0\\n2\\n1\\n0\\n' ;;
        *inflight*\\ 0\\ 0\\ 500\\ 3600) printf '0\\n5\\n2\\n0\\n' ;;
        *) exit 9 ;;
      esac`,
    );
    expect(run("cleanup.sh", [], env)).toEqual({
      status: 0,
      stdout:
        "groups of scripts: 5 seen, 5 members older than 1800 s removed, 1 groups gone with them\n" +
        "queues of messages in work: 5 seen, 2 idle for more than 3600 s removed\n",
      stderr: "",
    });
  });

  test("says in one line what Redis did not do, and fails", () => {
    program("redis-cli", `echo "Could not connect"; echo "twice" >&2; exit 1`);
    expect(run("cleanup.sh", [], env)).toEqual({
      status: 1,
      stdout: "",
      stderr: "Redis at redis:6379 did not do it: Could not connect twice\n",
    });
  });

  test.each(["Could not connect to Redis at redis:6379", "LOADING Redis is loading the dataset in memory"])(
    "asks again while it says %j, as it may be starting",
    (answer) => {
      program(
        "redis-cli",
        `echo "$*" >> ${path("asked")}
        if [ "$(grep -c . ${path("asked")})" -le 2 ]; then echo "${answer}"; exit 1; fi
        case $* in *PING) echo PONG ;; *) printf '0\\n0\\n0\\n0\\n' ;; esac`,
      );
      expect(run("cleanup.sh", [], { ...env, PATIENCE: "600" })).toMatchObject({ status: 0, stderr: "" });
      expect(readFileSync(path("asked"), "utf8").match(/PING/g)).toHaveLength(3);
    },
  );

  test("does not ask again where Redis refuses the password", () => {
    program("redis-cli", `echo "$*" >> ${path("asked")}; echo "NOAUTH Authentication required."; exit 1`);
    expect(run("cleanup.sh", [], { ...env, PATIENCE: "600" })).toMatchObject({ status: 1 });
    expect(readFileSync(path("asked"), "utf8").match(/PING/g)).toHaveLength(1);
  });

  test("never asks for all keys at once", () => {
    expect(readFileSync(join(SCRIPTS, "cleanup.sh"), "utf8")).not.toMatch(/call\(\s*['"]keys/i);
  });
});
