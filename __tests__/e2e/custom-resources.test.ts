import { faultsByFile, judge, placed } from "../../e2e/custom-resources/judge";
import { StackView } from "../../synthesized/stack";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Run } from "../../cli/shared/process/process";

const NAMES = ["a", "b", "c"];
const values = [
  `resources: [${NAMES.map((name) => `{apiVersion: v1, kind: X, metadata: {name: ${name}}}`).join(",")}]`,
];
const stack = new StackView(
  "s",
  "efd",
  JSON.stringify({
    resource: {
      helm_release: {
        own: { name: "own", namespace: "n", chart: "./assets/resources", values },
        other: { name: "other", namespace: "n", chart: "influxdb", values },
      },
    },
  }),
  [],
);
const STDERR = `Error from server (BadRequest): error when creating "/tmp/x/2.json": X in version "v1" cannot be handled as a X: strict decoding error: unknown field "spec.a"
error: resource mapping not found for name: "a" namespace: "n" from "/tmp/x/0.json": no matches for kind "X" in version "v1"
ensure CRDs are installed first
`;

test("takes the objects of our own chart, with the namespace of the release", () => {
  expect(placed([stack]).map(({ where }) => where)).toEqual(NAMES.map((name) => `s-efd X n/${name}`));
});

test("finds each fault by its file", () => {
  expect([...faultsByFile(STDERR)]).toEqual([
    [2, 'X in version "v1" cannot be handled as a X: strict decoding error: unknown field "spec.a"'],
    [0, 'no matches for kind "X" in version "v1" ensure CRDs are installed first'],
  ]);
});

describe("judging", () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "efd-judge-"))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));
  const fake =
    (stdout: string, stderr: string): Run =>
    (_command, args) =>
      Promise.resolve(args.includes("namespace") ? { code: 0, stdout: "", stderr: "" } : { code: 1, stdout, stderr });
  const verdict = (stdout: string, stderr: string) =>
    judge(placed([stack]), { kubectl: "kubectl", kubeconfig: "k", folder, run: fake(stdout, stderr) });

  test("what is not refused passed", async () => {
    const judged = await verdict("x/b", STDERR);
    expect(judged.filter(({ fault }) => fault === undefined).map(({ object }) => object.metadata.name)).toEqual(["b"]);
  });

  test("an object that is neither taken nor refused is an error", async () => {
    await expect(verdict("", "connection refused")).rejects.toThrow(
      "0 of 3 were taken and 0 refused: connection refused",
    );
  });
});
