import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createTarGzip } from "nanotar";
import { readChart } from "../../../cli/charts/chart";
import { UserError } from "../../../ground/errors";
import { ENTRY, writePackage } from "./support";

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "efd-charts-test-"))));
afterEach(() => rmSync(folder, { recursive: true }));
const file = () => join(folder, "made-up-1.2.3.tgz");

test("a package tells values, schema and whether it renders", async () => {
  await writePackage(file(), undefined, { "values.yaml": "a: 1\n", "values.schema.json": '{"type":"object"}' });
  expect(readChart(folder, ENTRY)).toMatchObject({
    values: "a: 1\n",
    schema: { type: "object" },
    renders: false,
  });
  await writePackage(file());
  expect(readChart(folder, ENTRY)).toMatchObject({ renders: true });
});

test("so does a folder", () => {
  mkdirSync(join(folder, "made-up-1.2.3"));
  writeFileSync(join(folder, "made-up-1.2.3", "Chart.yaml"), "name: made-up\nversion: 1.2.3\nappVersion: 4.5.6\n");
  writeFileSync(join(folder, "made-up-1.2.3", "values.yaml"), "b: 2\n");
  expect(readChart(folder, ENTRY)).toMatchObject({ values: "b: 2\n", renders: false });
});

test("another version inside than outside is said, each difference", async () => {
  await writePackage(file(), { name: "made-up", version: "1.2.4", appVersion: "4.5.7" });
  expect(() => readChart(folder, ENTRY)).toThrow(
    `${file()}: Chart.yaml says version 1.2.4, the catalogue 1.2.3: pull the chart again, or put the catalogue right\n` +
      `${file()}: Chart.yaml says appVersion 4.5.7, the catalogue 4.5.6: pull the chart again, or put the catalogue right`,
  );
});

test("a damaged package, another chart's and a missing one each say what to do", async () => {
  expect(() => readChart(folder, ENTRY)).toThrow(`${file()} is missing: npm run charts -- pull ${folder}`);
  writeFileSync(join(folder, "made-up-1.2.2.tgz"), "");
  expect(() => readChart(folder, ENTRY)).toThrow(/is missing \(there is made-up-1\.2\.2\.tgz\)/);
  writeFileSync(file(), "no package");
  expect(() => readChart(folder, ENTRY)).toThrow(/is no chart package \(.+\): remove it and pull again$/);
  writeFileSync(file(), await createTarGzip([{ name: "made-up/Chart.yaml", data: "name: [" }]));
  expect(() => readChart(folder, ENTRY)).toThrow(
    new UserError(`${file()}: Chart.yaml: unexpected end of the stream within a flow collection at line 1, column 8`),
  );
  await writePackage(file(), { name: "another", version: "1.2.3", appVersion: "4.5.6" });
  expect(() => readChart(folder, ENTRY)).toThrow(/says name another, the catalogue made-up/);
});
