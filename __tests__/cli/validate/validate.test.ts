import { validateExitCode, validate } from "../../../cli/validate";
import { layersOf, stackName } from "../../../environments/derived/layers";
import { Interrupted } from "../../../ground/errors";
import { catchSignals } from "../../../cli/shared/process/interruption";
import type { Run } from "../../../cli/shared/process/process";
import { environmentOf, SITE_NAMES } from "../../support/sites";
import { context } from "../support";

const MISSING = "Error: Failed to query available provider packages\n\nfor provider a/b: no such host\n";

/** A Terraform that cannot get the providers of some stacks. */
function terraform(lacks: (folder: string) => boolean, diagnostics: object[] = []): Run {
  return (_command, [verb = ""], options) => {
    const answers: Record<string, string> = {
      version: JSON.stringify({ terraform_version: "1.11.4" }),
      validate: JSON.stringify({ diagnostics }),
    };
    const missing = verb === "init" && lacks(options?.cwd ?? "");
    return Promise.resolve({ code: missing ? 1 : 0, stdout: answers[verb] ?? "", stderr: missing ? MISSING : "" });
  };
}

const site = SITE_NAMES[0] ?? "";

test("a stack whose provider cannot be had is named, and no failure", async () => {
  const { out, ...rest } = context({ run: terraform((folder) => folder.endsWith("-cluster")) });
  expect(await validate({ ...rest }, [site])).toBe(0);
  expect(out.text).toMatch(new RegExp(`${site}-cluster +not validated`));
  expect(out.text).toContain(
    `${site}-cluster: not validated, because provider a/b is not available: no such host; let`,
  );
  expect(out.text).toMatch(new RegExp(`${site}-efd +valid`));
});

test("one cause is one line, however many layers and providers it stops", async () => {
  const block = (name: string) =>
    `Error: Failed to query available provider packages\n\nfor provider ${name}: no such host\n`;
  const all = terraform(() => true);
  const run: Run = async (command, args, options) => {
    const result = await all(command, args, options);
    return result.code === 0 ? result : { ...result, stderr: block("a/b") + block("c/d") };
  };
  const { out, ...rest } = context({ run });
  await validate({ ...rest }, SITE_NAMES.slice(0, 2));
  const lines = out.text.split("\n").filter((line) => line.includes("because"));
  expect(lines).toHaveLength(1);
  expect(lines[0]).toMatch(/-efd: not validated, because providers a\/b, c\/d are not available: no such host; let/);
});

test("where no provider can be had, nothing was judged: a failure", async () => {
  expect(await validate(context({ run: terraform(() => true) }), [site])).toBe(1);
});

test("a stack that is wrong is a failure, whatever else cannot be judged", async () => {
  const run = terraform((folder) => folder.endsWith("-cluster"), [{ severity: "error", summary: "Odd" }]);
  const { out, ...rest } = context({ run });
  expect(await validate({ ...rest }, [site])).toBe(1);
  const judged = layersOf(environmentOf(site)).filter((layer) => layer !== "cluster");
  expect(out.text.split("\n")).toContain(`${judged.map((layer) => stackName(site, layer)).join(", ")}: Odd`);
});

test.each([
  [["valid", "valid"], 0],
  [["valid", "not validated"], 0],
  [["not validated"], 1],
  [["valid", "not validated", "invalid"], 1],
] as const)("%j is exit code %d", (results, code) => {
  expect(validateExitCode(results)).toBe(code);
});

describe("Ctrl-C", () => {
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  afterEach(() => signals.forEach((signal) => process.removeAllListeners(signal)));

  // The last test of this file: whatever was interrupted once stays so.
  test("in the last stack is no verdict on it", async () => {
    catchSignals(() => undefined);
    const judge = terraform(() => false, [{ severity: "error", summary: "signal: interrupt" }]);
    const run: Run = (command, args, options) => {
      if (args[0] === "validate" && options?.cwd?.endsWith("-efd")) process.emit("SIGINT");
      return judge(command, args, options);
    };
    const { out, ...rest } = context({ run });
    await expect(validate({ ...rest }, [site])).rejects.toThrow(Interrupted);
    expect(out.text).toBe("");
  });
});
