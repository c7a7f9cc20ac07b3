import { SITES } from "../../environments";
import { unjudged } from "../../environments/rules";
import type { Context } from "../lib/context";
import { Interrupted, UserError } from "../lib/errors";
import { secondsSince, table } from "../lib/output";
import { terraformProblem } from "../lib/preflight";
import { type Stack, synthesize } from "../lib/program";
import { selectSites } from "../lib/sites";
import { Terraform, terraformVersion } from "../lib/terraform";

async function errorsOf({ run, env }: Context, { folder }: Stack): Promise<string[]> {
  const terraform = new Terraform({ folder, run, env });
  try {
    await terraform.init(false);
    return await terraform.validate();
  } catch (error) {
    if (!(error instanceof UserError) || error instanceof Interrupted) throw error;
    return error.message.split("\n");
  }
}

/** `npm run validate -- [site…]`: Terraform checks every stack against its providers. Needs no credentials. */
export async function validate(context: Context, names: readonly string[]): Promise<number> {
  const { output } = context;
  const environments = selectSites(SITES, names);
  const problem = terraformProblem(await terraformVersion(context.run));
  if (problem) throw new UserError(problem);
  const stacks = synthesize(environments);
  for (const line of environments.flatMap(unjudged)) output.note(`note: ${line}`);
  const results = [];
  for (const stack of stacks) {
    output.step(`validating ${stack.name}`);
    const start = Date.now();
    const errors = await errorsOf(context, stack);
    results.push({ stack: stack.name, valid: errors.length === 0, seconds: secondsSince(start), errors });
  }
  const { colour } = output;
  output.print(
    table(
      ["stack", "result", "time"],
      results.map(({ stack, valid, seconds }) => [
        stack,
        valid ? colour.green("valid") : colour.red("invalid"),
        `${seconds} s`,
      ]),
    ),
  );
  for (const { stack, errors } of results) for (const line of errors) output.print(`${stack}: ${line}`);
  output.result({ stacks: results });
  return results.every(({ valid }) => valid) ? 0 : 1;
}
