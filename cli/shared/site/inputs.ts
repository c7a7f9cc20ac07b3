/** Inputs that operators give through the environment (`TF_VAR_…`), and which are missing. */
import { expectationOf, INPUTS, type InputSpec } from "../../../constructs/core/inputs";
import { STATE_DATABASE } from "../../../stacks/base/backend";
import type { StackView } from "../../../synthesized/stack";

/** Variables of the environment. */
export type Variables = Readonly<Record<string, string | undefined>>;

/** Value of an input; undefined where it is not given. */
export function givenInput(name: string, env: Variables): string | undefined {
  return env[`TF_VAR_${name}`] || undefined;
}

/** A text of a stack with references replaced by inputs; undefined where an input is missing. */
export function resolveInputs(text: string, env: Variables): string | undefined {
  let missing = false;
  const filled = text.replace(/\$\{var\.([a-z_]+)\}/g, (_all, name: string) => {
    const value = givenInput(name, env);
    missing ||= value === undefined;
    return value ?? "";
  });
  return missing ? undefined : filled;
}

/** The specification of an input: its form, whether it is secret. */
export function inputSpecOf(name: string): InputSpec | undefined {
  return Object.values<InputSpec>(INPUTS).find((one) => one.name === name);
}

/** What is wrong with an input: missing or in another form; undefined when nothing is. */
export function inputProblem(input: { name: string; description: string }, env: Variables): string | undefined {
  const { name, description } = input;
  const value = givenInput(name, env);
  if (value === undefined) return `input ${name} is missing (${description}): export TF_VAR_${name}=…`;
  const { form, secret } = inputSpecOf(name) ?? {};
  if (!form || form.pattern.test(value)) return undefined;
  return `input ${name}: got ${secret ? "another text" : JSON.stringify(value)}, ${expectationOf(form)}`;
}

/** What is missing to find the state of a stack; undefined when nothing is. */
export function stateProblem({ json }: Pick<StackView, "json">, env: Variables): string | undefined {
  const { name } = INPUTS.stateBucket;
  const bucket = json.variable?.[name];
  if (bucket) return inputProblem({ name, description: String(bucket["description"]) }, env);
  const database = json.terraform?.backend?.["pg"] !== undefined && !env[STATE_DATABASE];
  return database
    ? `${STATE_DATABASE} is missing (address, account and password of the PostgreSQL with this site's states): export ${STATE_DATABASE}=postgres://…`
    : undefined;
}
