import { SITES } from "../../environments";
import type { Context } from "../lib/context";
import { table } from "../lib/output";
import { selectSites } from "../lib/sites";
import { resourcesOf } from "../lib/stack-file";
import { shownPath, synthesize } from "../lib/synthesis";

/** `npm run synth -- [site…]`: writes the Terraform JSON of every layer. */
export function synth({ output }: Context, names: readonly string[]): number {
  const stacks = synthesize(selectSites(SITES, names)).map(({ name, folder, file }) => ({
    stack: name,
    resources: resourcesOf(file).length,
    folder: shownPath(folder),
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
