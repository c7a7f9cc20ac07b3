import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const SOURCE = join(__dirname, "..", "..", "..", "constructs", "backups");

let folder: string;
const path = (...names: string[]) => join(folder, ...names);
const data = () => path("data", "kapacitor.db");

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "efd-backups-"));
  for (const name of ["scripts", "backups", "data", "fakes"]) mkdirSync(path(name));
  for (const name of ["backups.sh", "backup.sh", "restore-file.sh"])
    copyFileSync(join(SOURCE, name), path("scripts", name));
  copyFileSync(join(SOURCE, "..", "kubernetes", "patience.sh"), path("scripts", "patience.sh"));
  copyFileSync(join(SOURCE, "copy-file.sh"), path("scripts", "copy.sh"));
  writeFileSync(data(), "tasks\n");
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

function run(script: string, env: Record<string, string> = {}) {
  const { status, stdout, stderr } = spawnSync("sh", [path("scripts", script)], {
    encoding: "utf8",
    env: {
      PATH: `${path("fakes")}:${process.env["PATH"] ?? ""}`,
      BACKUPS: path("backups"),
      DATA: data(),
      KEEP: "2",
      BACKUP: "latest",
      PATIENCE: "0",
      PAUSE: "0.1",
      ...env,
    },
  });
  return { status, stdout, stderr };
}
const finished = () => readdirSync(path("backups")).sort();
const program = (name: string, text: string) =>
  writeFileSync(path("fakes", name), `#!/bin/sh\n${text}\n`, { mode: 0o755 });
/** Backups are named after seconds: a clock that goes on by itself. */
const clock = () =>
  program(
    "date",
    `[ "$1" = -u ] || exec /bin/date "$@"; echo "x" >> ${path("ticks")}; printf '20261129T0000%02dZ\\n' "$(wc -l < ${path("ticks")})"`,
  );

test("a backup is the file, below its time", () => {
  clock();
  expect(run("backup.sh")).toMatchObject({ status: 0 });
  expect(finished()).toEqual(["20261129T000001Z"]);
  expect(readFileSync(path("backups", "20261129T000001Z", "kapacitor.db"), "utf8")).toBe("tasks\n");
});

test("the newest stay; what has another name is left alone", () => {
  clock();
  mkdirSync(path("backups", "lost+found"));
  for (let i = 0; i < 4; i++) expect(run("backup.sh").status).toBe(0);
  expect(finished()).toEqual(["20261129T000003Z", "20261129T000004Z", "lost+found"]);
});

test("a file that changes while it is copied is copied again", () => {
  program("sleep", "exit 0");
  program(
    "cp",
    `[ -e ${path("again")} ] || { touch ${path("again")}; /bin/cp "$@"; echo changed > ${data()}; exit 0; }; exec /bin/cp "$@"`,
  );
  expect(run("backup.sh").status).toBe(0);
  const [name = ""] = finished();
  expect(readFileSync(path("backups", name, "kapacitor.db"), "utf8")).toBe("changed\n");
});

test.each([
  ["that changes all the time", () => program("cp", `/bin/cp "$@"; date +%s%N >> ${data()}`), "changes all the time"],
  ["that is not there", () => rmSync(data()), "has the program ever run?"],
  ["that is empty", () => writeFileSync(data(), ""), "has the program ever run?"],
])("a file %s leaves no backup, and the old ones stay", (_, spoil, words) => {
  expect(run("backup.sh").status).toBe(0);
  const before = finished();
  program("sleep", "exit 0");
  spoil();
  const { status, stderr } = run("backup.sh", { KEEP: "1" });
  expect(status).toBe(1);
  expect(stderr).toContain(words);
  expect(finished().filter((name) => name !== "unfinished")).toEqual(before);
});

test("a backup during which a restore begins is none", () => {
  program("cp", `/bin/cp "$@"; echo before > ${path("backups", "restoring")}`);
  const { status, stderr } = run("backup.sh");
  expect([status, stderr]).toEqual([1, expect.stringContaining("a restore is under way")]);
  expect(finished()).toEqual(["restoring", "unfinished"]);
});

describe("a restore by a bucket", () => {
  const [OLD, NEW, NEWEST] = ["20261101T000000Z", "20261102T000000Z", "20261103T000000Z"] as const;
  /** A bucket that has these, and a volume that has those. */
  const given = (bucket: readonly string[], volume: readonly string[]) => {
    copyFileSync(join(SOURCE, "download.sh"), path("scripts", "download.sh"));
    const list = bucket.map((name) => `echo ${name}/finished`).join("; ");
    program("rclone", `case $1 in lsf) ${list};; copy) mkdir "$3"; touch "$3/finished";; esac`);
    for (const name of volume) mkdirSync(path("backups", name));
  };
  const download = () => run("download.sh", { BUCKET: "s3:b" });

  test("brings the latest of the bucket, in place of what is here", () => {
    given([OLD, NEW], [OLD, NEWEST]);
    expect(download().status).toBe(0);
    expect(finished()).toEqual([NEW]);
  });

  test("asks again where the bucket does not answer at first", () => {
    given([OLD], []);
    const answers = readFileSync(path("fakes", "rclone"), "utf8").split("\n")[1] ?? "";
    program(
      "rclone",
      `echo "$1" >> ${path("asked")}; [ "$(grep -c "$1" ${path("asked")})" -gt 2 ] || exit 3; ${answers}`,
    );
    const { status, stderr } = run("download.sh", { BUCKET: "s3:b", PATIENCE: "600" });
    expect(status).toBe(0);
    expect(stderr).toMatch(/^rclone lsf failed: asks again for \d+ s, as it may be starting\nrclone copy failed: /);
    expect(finished()).toEqual([OLD]);
  });

  test("stops where the bucket does not answer", () => {
    given([OLD], []);
    program("rclone", "exit 3");
    expect(download()).toMatchObject({ status: 1, stderr: "the bucket does not tell its backups\n" });
  });
});

describe("InfluxDB", () => {
  /** An InfluxDB whose backup has a shard of each of these databases, as influxd writes it. */
  const has = (...databases: string[]) => {
    const files = databases.map((database, i) => ({ database, policy: "autogen", fileName: `t.s${i}.tar.gz` }));
    const manifest = JSON.stringify({ meta: { fileName: "t.meta" }, limited: false, files }, undefined, 2);
    writeFileSync(path("manifest"), manifest);
    const shards = files.map(({ fileName }) => `echo x > "$to/${fileName}"`);
    program("influxd", [`for to; do :; done`, `cp ${path("manifest")} "$to/t.manifest"`, ...shards].join("\n"));
  };
  const backUp = () => run("backup.sh", { INFLUXDB_HOST: "influxdb", INFLUXDB_BACKUP_PORT: "8088" });

  beforeEach(() => {
    clock();
    copyFileSync(join(SOURCE, "copy-influxdb.sh"), path("scripts", "copy.sh"));
  });

  test("says what a backup has, without InfluxDB's own statistics", () => {
    has("_internal", "efd", "efd", "lsst.ATCamera");
    expect(backUp()).toMatchObject({ status: 0, stdout: expect.stringContaining("shards: efd 2;lsst.ATCamera 1;\n") });
  });

  test.each([[[]], [["_internal"]]])(
    "an empty one, with shards of %j, pushes out no backup with points",
    (databases) => {
      has("_internal", "efd");
      backUp();
      const before = finished();
      has(...databases);
      const { status, stderr } = backUp();
      expect([status, stderr]).toEqual([1, expect.stringContaining("InfluxDB has no points, and had some at")]);
      expect(finished().filter((name) => name !== "unfinished")).toEqual(before);
    },
  );

  test("one that is away at its hour is asked again, and nothing of a try stays", () => {
    has("efd");
    const gives = readFileSync(path("fakes", "influxd"), "utf8").replace("#!/bin/sh\n", "");
    program(
      "influxd",
      `echo x >> ${path("tries")}\nif [ "$(wc -l < ${path("tries")})" -lt 3 ]; then for to; do :; done; echo half > "$to/half"; exit 1; fi\n${gives}`,
    );
    const { status, stdout } = run("backup.sh", {
      INFLUXDB_HOST: "influxdb",
      INFLUXDB_BACKUP_PORT: "8088",
      PATIENCE: "600",
    });
    expect(status).toBe(0);
    expect(stdout.match(/asks again/g)).toHaveLength(1);
    expect(stdout).toMatch(/^InfluxDB gives no backup at influxdb:8088: asks again for \d+ s, as it may be starting\n/);
    const [name = ""] = finished();
    expect(readdirSync(path("backups", name)).sort()).toEqual(["t.manifest", "t.s0.tar.gz"]);
  });

  test("one that stays away leaves no backup, and the old ones stay", () => {
    has("efd");
    backUp();
    const before = finished();
    program("influxd", "exit 1");
    expect(backUp()).toMatchObject({ status: 1, stderr: "InfluxDB gave no backup\n" });
    expect(finished().filter((name) => name !== "unfinished")).toEqual(before);
  });

  test("a new one has backups without points", () => {
    has("_internal");
    expect([backUp().status, backUp().status]).toEqual([0, 0]);
  });
});

describe("restore", () => {
  test("puts the newest back, and keeps what is there beside it", () => {
    run("backup.sh");
    writeFileSync(data(), "broken\n");
    expect(run("restore-file.sh")).toMatchObject({ status: 0, stdout: expect.stringContaining("restart the program") });
    expect(readFileSync(data(), "utf8")).toBe("tasks\n");
    expect(readFileSync(`${data()}.before-restore`, "utf8")).toBe("broken\n");
  });

  test("puts one back by its name, also where there is no file", () => {
    clock();
    run("backup.sh");
    writeFileSync(data(), "newer\n");
    run("backup.sh");
    rmSync(data());
    expect(run("restore-file.sh", { BACKUP: "20261129T000001Z" }).status).toBe(0);
    expect(readFileSync(data(), "utf8")).toBe("tasks\n");
  });

  test("names those that there are", () => {
    expect(run("restore-file.sh")).toMatchObject({ status: 1, stderr: "there is no backup yet\n" });
    clock();
    run("backup.sh");
    const { status, stderr } = run("restore-file.sh", { BACKUP: "yesterday" });
    expect([status, stderr]).toEqual([1, "there is no backup yesterday. There are: 20261129T000001Z \n"]);
  });
});
