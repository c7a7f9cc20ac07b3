import { notesOn } from "../../../environments/derived/notes";
import { parseEnvironment } from "../../../environments/parse";
import { backupTime } from "../../../environments/systems/backups";
import { mistakesOf, siteWith } from "../../support/environment";

const volume = { kind: "volume", disk: "60Gi" };
const bucket = { kind: "s3", disk: "15Gi", bucket: "efd-backups", region: "us-east-1" };
const withBackups = (backups: unknown, changes = {}) => siteWith({ "influxdb.disk": "15Gi", backups, ...changes });
const mistakes = (backups: unknown, changes = {}) => mistakesOf(withBackups(backups, changes));

test.each([volume, bucket])("a target %o is enough", (target) => {
  expect(parseEnvironment(withBackups({ target }, needsAccount(target))).backups).toMatchObject({ target, keep: 3 });
});

test("without a target there is nothing to back up to", () => {
  expect(mistakes({})).toEqual([
    expect.stringContaining("backups.target: got nothing. Allowed: { kind: volume, disk } or { kind: s3, disk"),
  ]);
});

test.each([
  ["s3://efd-backups", "leave out s3://"],
  ["efd_backups", "3–63 lower-case letters"],
  ["${USER}", "3–63 lower-case letters"],
])("no bucket is called %s", (name, words) => {
  const [line = ""] = mistakes({ target: { ...bucket, bucket: name } });
  expect(line).toContain("backups.target.bucket: got ");
  expect(line.toLowerCase()).toContain(words.toLowerCase());
});

test.each(["/efd", "efd/", "a//b", "${USER}", "a b"])("no folder of a bucket is called %s", (prefix) => {
  expect(mistakes({ target: { ...bucket, prefix } })[0]).toContain("backups.target.prefix: got ");
});

describe("a volume holds what is kept and one in the making, each as large as InfluxDB's", () => {
  test.each([
    ["volume", "59Gi", 3, "at least 60Gi"],
    ["volume", "29Gi", 1, "at least 30Gi"],
    ["s3", "14Gi", 3, "at least 15Gi"],
  ])("%s of %s with %i kept", (kind, disk, keep, words) => {
    const target = kind === "s3" ? { ...bucket, disk } : { ...volume, disk };
    expect(mistakes({ target, keep }, needsAccount(target))).toEqual([
      expect.stringMatching(new RegExp(`backups.target.disk: got "${disk}". Allowed: ${words}`)),
    ]);
  });
});

test("a class that does not exist", () => {
  expect(mistakes({ target: { ...volume, className: "fast" } })[0]).toContain("backups.target.className");
});

test("a bucket needs an account, which cannot be generated", () => {
  expect(mistakes({ target: bucket })[0]).toContain("backups.target s3 needs an account of S3");
});

test("backups are made when the site has stopped observing, where it does not say when", () => {
  const observing = [{ from: "17:30", to: "08:00", timeZone: "America/Santiago" }];
  const time = (changes = {}) =>
    backupTime(parseEnvironment(withBackups({ target: volume, ...changes }, { observing })));
  expect(time()).toEqual({ time: "08:00", timeZone: "America/Santiago" });
  expect(time({ at: { time: "12:30", timeZone: "UTC" } })).toEqual({ time: "12:30", timeZone: "UTC" });
  expect(backupTime(parseEnvironment(withBackups({ target: volume })))).toEqual({ time: "03:00", timeZone: "UTC" });
});

describe("one line says", () => {
  const lines = (backups: unknown, changes = {}) =>
    notesOn(parseEnvironment(withBackups(backups, changes))).filter((line) => line.includes(".backups"));
  test("that there are none, unless the data may go", () => {
    expect(lines(undefined, { allowDestroys: [] })).toEqual([expect.stringContaining("stays lost. Name a target.")]);
    expect(lines(undefined, { allowDestroys: ["toy-efd"] })).toEqual([]);
  });
  test("that they lie on the disk of the data", () => {
    expect(lines({ target: volume })).toEqual([expect.stringContaining("one disk that fails takes both")]);
    const classes = { "storage.classes": [{ name: "other", hostPath: "/backups" }] };
    expect(lines({ target: { ...volume, className: "other" } }, classes)).toEqual([]);
  });
});

/** A site whose secrets are not generated, where the target needs an account. */
function needsAccount({ kind }: { kind: string }) {
  return kind === "s3"
    ? { secrets: { kind: "vault", server: "https://vault.example.org", mount: "secret", path: "toy" } }
    : {};
}
