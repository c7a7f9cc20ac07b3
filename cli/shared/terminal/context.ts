import { UsageError, UserError } from "../../../ground/errors";
import type { Output } from "./output";
import type { Run } from "../process/process";

/** What every command works with; tests put fakes in its place. */
export interface Context {
  readonly output: Output;
  readonly run: Run;
  readonly env: NodeJS.ProcessEnv;
  /** Asks a question; undefined when there is no terminal to ask on. */
  readonly ask?: (question: string) => Promise<string>;
  /** Asks for what nobody may see: what is typed is not shown. Undefined when there is no terminal. */
  readonly askHidden?: (question: string) => Promise<string>;
}

/**
 * Asks for a yes.
 *
 * @throws {UserError} when there is no terminal.
 */
export async function confirmYes(context: Context, question: string, yes: boolean | undefined): Promise<boolean> {
  if (yes) return true;
  if (!context.ask) throw new UserError("there is no terminal to ask on: add --yes");
  return /^y(es)?$/i.test((await context.ask(`${question} [y/N] `)).trim());
}

const notConfirmed = (site: string, name: string): string =>
  `not confirmed: expected ${site}, got "${name.trim()}"; nothing was changed`;

/**
 * Refuses a name of a site that was given in advance and is another one, before anything is looked at.
 *
 * @throws {UsageError} with the name to write.
 */
export function checkConfirmation(site: string, given: string | undefined): void {
  if (given !== undefined && given.trim() !== site) throw new UsageError(notConfirmed(site, given));
}

/**
 * Asks for the name of a site that holds data that must not be lost; a yes is not enough there.
 *
 * @throws {UserError} when the name is another one, or when there is neither name nor terminal.
 */
export async function confirmName(
  context: Context,
  site: string,
  given: string | undefined,
  purpose = `destroy ${site}`,
): Promise<void> {
  checkConfirmation(site, given);
  if (given !== undefined) return;
  if (!context.ask) throw new UserError(`there is no terminal to ask on: add --confirm ${site} to ${purpose}`);
  const name = await context.ask(`Type the site's name (${site}) to ${purpose}: `);
  if (name.trim() !== site) throw new UserError(notConfirmed(site, name));
}
