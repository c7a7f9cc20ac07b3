import { SITES } from "../../environments";
import type { Context } from "../shared/terminal/context";
import { shownPath, table } from "../shared/terminal/output";
import { siteNotes } from "../shared/site/notes";
import { synthesize } from "../shared/site/synthesis";
import { selectSites } from "../shared/site/sites";

/** `npm run synth -- [site…]`: writes the Terraform JSON of every layer. */
export function synth({ output }: Context, names: readonly string[]): number {
  const environments = selectSites(SITES, names);
  const written = synthesize(environments);
  for (const environment of environments)
    for (const line of siteNotes(environment, written)) output.note(`note: ${line}`);
  const stacks = written.map((stack) => ({
    stack: stack.name,
    resources: stack.resources().length,
    folder: shownPath(stack.folder),
  }));
  output.print(
    table(
      ["stack", "resources", "folder"],
      stacks.map(({ stack, resources, folder }) => [stack, resources, folder]),
    ),
  );
  output.result({ stacks });
  return 0;
}
