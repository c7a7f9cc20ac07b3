import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { schemasIn } from "../../../cli/subsystem/avro";
import { checkCsc, readRequest } from "../../../cli/subsystem/request";
import { cscOf, topicsGiven } from "../../../cli/subsystem/topics";
import { UsageError, UserError } from "../../../ground/errors";

test("requests that make sense", () => {
  expect(readRequest("list", undefined, {})).toEqual({ action: "list" });
  expect(readRequest("show", "Test", {})).toEqual({ action: "show", csc: "Test" });
  expect(readRequest("init", "Test", { topics: "a", yes: true })).toEqual({ action: "init", csc: "Test" });
});

test.each([
  ["lst", undefined, {}, "unknown action lst: allowed are list, show <CSC> and init <CSC>"],
  ["list", "Test", {}, "list takes no CSC, got Test"],
  ["show", undefined, {}, "show takes the name of a CSC"],
  ["show", "Test", { dryRun: true }, "--dry-run: only init takes it"],
  ["init", "lsst.sal.Test", {}, 'CSC: got "lsst.sal.Test". Allowed: letters and digits'],
])("%s %s %j", (action, csc, options, message) => {
  expect(() => readRequest(action, csc, options)).toThrow(UsageError);
  expect(() => readRequest(action, csc, options)).toThrow(message);
});

test("an unknown CSC: the nearest names; one that Kafka has is known", () => {
  expect(() => checkCsc("MTM1M2", [])).toThrow(/unknown CSC MTM1M2: nearest are MTM1M3/);
  expect(() => checkCsc("Brandnew", ["Brandnew"])).not.toThrow();
});

test("names of topics", () => {
  expect(topicsGiven("Test", "scalars, lsst.sal.Test.logevent_heartbeat,scalars")).toEqual([
    "lsst.sal.Test.logevent_heartbeat",
    "lsst.sal.Test.scalars",
  ]);
  expect(() => topicsGiven("Test", "lsst.sal.Other.a")).toThrow("--topics: got");
  expect(() => topicsGiven("Test", "a,,b")).toThrow('--topics: got ""');
  expect(cscOf("lsst.sal.MTM1M3TS.a")).toBe("MTM1M3TS");
  expect(cscOf("lsst.sal.MTM1M3TS")).toBeUndefined();
  expect(cscOf("lsst.s3.raw.latiss")).toBeUndefined();
});

describe("Avro files", () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "avro-"))));
  afterEach(() => rmSync(folder, { recursive: true }));
  const write = (name: string, content: unknown) =>
    writeFileSync(join(folder, name), typeof content === "string" ? content : JSON.stringify(content));

  test("topics by the name of the file or of the record", () => {
    write("lsst.sal.Test.b.avsc", { type: "record", name: "b", fields: [] });
    write("anything.avsc", { type: "record", name: "a", namespace: "lsst.sal.Test", fields: [] });
    write("README.md", "not read");
    expect(schemasIn(folder, "Test").map(({ topic }) => topic)).toEqual(["lsst.sal.Test.a", "lsst.sal.Test.b"]);
  });

  test("every file that is wrong has its line", () => {
    write("a.avsc", "{");
    write("b.avsc", { type: "enum", name: "b" });
    write("c.avsc", { type: "record", name: "c", namespace: "lsst.sal.Other" });
    write("d.avsc", { type: "record", name: "lsst.sal.Test.d" });
    write("lsst.sal.Test.d.avsc", { type: "record", name: "x" });
    let message = "";
    try {
      schemasIn(folder, "Test");
    } catch (error) {
      expect(error).toBeInstanceOf(UserError);
      message = (error as Error).message;
    }
    expect(message.split("\n").map((line) => line.replace(`${folder}/`, ""))).toEqual([
      expect.stringMatching(/^a\.avsc: it is no JSON/),
      expect.stringMatching(/^b\.avsc: it is no schema of a record/),
      expect.stringMatching(/^c\.avsc: neither its name nor its record's \(lsst\.sal\.Other\.c\) is a topic of Test/),
      expect.stringMatching(/lsst\.sal\.Test\.d\.avsc: its topic lsst\.sal\.Test\.d is that of .*d\.avsc too/),
    ]);
  });

  test("no folder, and no file in it", () => {
    expect(() => schemasIn(join(folder, "none"), "Test")).toThrow(UsageError);
    expect(() => schemasIn(folder, "Test")).toThrow("has no file that ends with .avsc");
  });
});
