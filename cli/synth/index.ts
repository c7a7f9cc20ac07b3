import { SITES } from "../../environments";
import type { Context } from "../shared/terminal/context";
import { shownPath, table } from "../shared/terminal/output";
import { synthesize } from "../shared/site/synthesis";
import { selectSites } from "../shared/site/sites";

/** `npm run synth -- [site…]`: writes the Terraform JSON of every layer. */
export function synth({ output }: Context, names: readonly string[]): number {
  const stacks = synthesize(selectSites(SITES, names)).map((stack) => ({
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
