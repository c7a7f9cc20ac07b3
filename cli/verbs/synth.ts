import { SITES } from "../../environments";
import type { Context } from "../lib/context";
import { shownPath, table } from "../lib/output";
import { synthesize } from "../lib/synthesis";
import { selectSites } from "../lib/sites";

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
