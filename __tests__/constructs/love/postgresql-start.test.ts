/** The script that starts PostgreSQL, with programs that only say how they were called. */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const START = join(__dirname, "..", "..", "..", "constructs", "love", "postgresql", "start.sh");

let folder: string;
const path = (name: string) => join(folder, name);
const program = (name: string, text: string) => writeFileSync(path(name), `#!/bin/sh\n${text}\n`, { mode: 0o755 });
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "efd-postgresql-"));
  mkdirSync(path("data"));
  for (const name of ["pg_ctl", "docker-entrypoint.sh"]) program(name, `echo "${name} $*" >> ${path("calls")}`);
  program("psql", `echo "psql $*" >> ${path("calls")}; cat > ${path("statements")}`);
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const calls = () => readFileSync(path("calls"), "utf8").trimEnd().split("\n");
const start = () =>
  spawnSync("sh", [START], {
    encoding: "utf8",
    env: {
      PATH: `${folder}:${process.env["PATH"] ?? ""}`,
      PGDATA: path("data"),
      POSTGRES_USER: "love",
      POSTGRES_DB: "love",
      POSTGRES_PASSWORD: "some'password",
    },
  }).status;

test("a new database gets its password from the image", () => {
  expect(start()).toBe(0);
  expect(calls()).toEqual(["docker-entrypoint.sh postgres"]);
});

describe("an old database", () => {
  beforeEach(() => writeFileSync(path("data/PG_VERSION"), "17\n"));

  test("gets the Secret's password before anybody can connect, and no argument shows it", () => {
    expect(start()).toBe(0);
    const [up = "", psql = "", down = "", server] = calls();
    expect([up.split(" ").at(-1), down.split(" ").at(-1)]).toEqual(["start", "stop"]);
    expect(up).toContain("listen_addresses=''");
    expect(psql).toContain("ON_ERROR_STOP=1");
    expect(server).toBe("docker-entrypoint.sh postgres");
    expect(calls().join()).not.toContain("some'password");
    expect(readFileSync(path("statements"), "utf8")).toBe(
      "\\getenv user POSTGRES_USER\n\\getenv password POSTGRES_PASSWORD\nALTER ROLE :\"user\" PASSWORD :'password';\n",
    );
  });

  test("does not start with the old password when it does not take the new one", () => {
    program("psql", "exit 3");
    expect(start()).toBe(3);
    expect(calls().some((line) => line.startsWith("docker-entrypoint.sh"))).toBe(false);
  });
});
