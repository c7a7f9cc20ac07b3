/** What people are told of a site that is right: by its file, and by what comes of it. */
import { notesOn } from "../../../environments/derived/notes";
import type { Environment } from "../../../environments/schema";
import { thingsOf } from "../../../review/things";
import type { StackView } from "../../../synthesized/stack";

/** Lines on a site, in the order of its file. */
export function siteNotes(environment: Environment, stacks: readonly StackView[]): string[] {
  const own = stacks.filter(({ site }) => site === environment.name);
  return [...allowances(environment, own), ...notesOn(environment)];
}

/** Entries of `allowDestroys` that name nothing of the site: a name that is mistyped protects what should go. */
function allowances({ name, allowDestroys }: Environment, stacks: readonly StackView[]): string[] {
  return allowDestroys.flatMap((entry, i) => {
    const stack = stacks.find((one) => entry === one.name || entry.startsWith(`${one.name}/`));
    if (stack && (entry === stack.name || thingsOf(stack).has(entry.slice(stack.name.length + 1)))) return [];
    const what = stack ? `nothing in ${stack.name} has that name` : "this site has no such layer";
    return [
      `${name}.allowDestroys[${i}]: ${JSON.stringify(entry)} allows nothing, for ${what}. Take the name from a finding of the review, or remove the entry once the thing has gone.`,
    ];
  });
}
