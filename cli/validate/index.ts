import { SITES } from "../../environments";
import type { Context } from "../shared/terminal/context";
import { errorLines, ProviderError, UserError } from "../../ground/errors";
import { redirectingTerraform, redirectionProblem } from "../shared/process/redirecting";
import { interruption } from "../shared/process/interruption";
import { secondsSince, table } from "../shared/terminal/output";
import { terraformProblem } from "../shared/checks/terraform";
import type { Stack } from "../shared/site/program";
import { synthesize } from "../shared/site/synthesis";
import { siteNotes } from "../shared/site/notes";
import { selectSites } from "../shared/site/sites";
import { Terraform, terraformVersion } from "../shared/terraform/terraform";

/** What Terraform says of a stack. */
type Verdict =
  { readonly result: "valid" } | { readonly result: "invalid" | "not validated"; readonly lines: readonly string[] };

async function verdictOn({ run, env }: Context, { folder }: Stack): Promise<Verdict> {
  const terraform = new Terraform({ folder, run, env });
  try {
    await terraform.init(false);
    const lines = await terraform.validate();
    return lines.length === 0 ? { result: "valid" } : { result: "invalid", lines };
  } catch (error) {
    const lines = errorLines(error);
    return error instanceof ProviderError
      ? { result: "not validated", lines: lines.map((line) => `not validated, because ${line}`) }
      : { result: "invalid", lines };
  }
}

/**
 * `npm run validate -- [site…]`: Terraform checks every stack against its providers. Needs no credentials. A stack
 * whose provider is not available here is named, and is no failure as long as any other stack is valid.
 */
export async function validate(context: Context, names: readonly string[]): Promise<number> {
  const { output } = context;
  const environments = selectSites(SITES, names);
  const problem = terraformProblem(await terraformVersion(context.run));
  if (problem) throw new UserError(problem);
  const redirected = redirectionProblem(redirectingTerraform(context.env));
  if (redirected !== undefined) throw new UserError(redirected);
  const stacks = synthesize(environments);
  for (const environment of environments)
    for (const line of siteNotes(environment, stacks)) output.note(`note: ${line}`);
  const results: { stack: string; result: Verdict["result"]; seconds: number; lines: readonly string[] }[] = [];
  for (const stack of stacks) {
    output.step(`validating ${stack.name}`);
    const start = Date.now();
    const verdict = await verdictOn(context, stack);
    // Terraform that was interrupted gives no verdict.
    interruption.throwIfAborted();
    results.push({ stack: stack.name, seconds: secondsSince(start), lines: [], ...verdict });
  }
  const { green, red, yellow } = output.colour;
  const paint = { valid: green, invalid: red, "not validated": yellow };
  output.print(
    table(
      ["stack", "result", "time"],
      results.map(({ stack, result, seconds }) => [stack, paint[result](result), `${seconds} s`]),
    ),
  );
  for (const line of causes(results)) output.print(line);
  output.result({ stacks: results });
  return validateExitCode(results.map(({ result }) => result));
}

const MISSING = /^not validated, because provider (\S+) is not available: /;

/** One line for each cause, with the stacks that it stops, and the providers: one registry that is away stops many. */
function causes(results: readonly { readonly stack: string; readonly lines: readonly string[] }[]): string[] {
  const found = new Map<string, { line: string; stacks: Set<string>; providers: Set<string> }>();
  for (const { stack, lines } of results)
    for (const line of lines) {
      const provider = MISSING.exec(line)?.[1];
      const key = provider === undefined ? line : line.replaceAll(provider, "…");
      const cause = found.get(key) ?? { line, stacks: new Set(), providers: new Set() };
      cause.stacks.add(stack);
      if (provider !== undefined) cause.providers.add(provider);
      found.set(key, cause);
    }
  return [...found].map(([key, { line, stacks, providers }]) => {
    const several = `not validated, because providers ${[...providers].join(", ")} are not available: `;
    const text = providers.size > 1 ? `${several}${key.replace(MISSING, "")}` : line;
    return `${[...stacks].join(", ")}: ${text}`;
  });
}

/** 1 when a stack is invalid, or when none could be checked. */
export function validateExitCode(results: readonly Verdict["result"][]): number {
  return results.includes("invalid") || !results.includes("valid") ? 1 : 0;
}
