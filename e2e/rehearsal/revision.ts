/** What another revision of this program synthesizes of a site for a rehearsal. */
import { cpSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { LAYERS } from "../../environments/derived/layers";
import { UserError } from "../../ground/errors";
import type { OtherRevision } from "../../cli/shared/revision/other-revision";
import { CHECKOUT, readLayers, type Stack } from "../../cli/shared/site/program";
import type { SynthesisProps } from "./synthesis";

const SYNTHESIS = join("e2e", "rehearsal", "synthesis.ts");

/**
 * Synthesizes a site by a revision's own code: how a rehearsal does that is put into its tree.
 *
 * @throws {UserError} with what that code says.
 */
export async function synthesizeBy(revision: OtherRevision, site: string, props: SynthesisProps): Promise<Stack[]> {
  const { folder, commit } = revision;
  mkdirSync(dirname(join(folder, SYNTHESIS)), { recursive: true });
  cpSync(join(CHECKOUT, SYNTHESIS), join(folder, SYNTHESIS));
  writeFileSync(
    join(folder, "rehearse.ts"),
    `import { synthesizeHere } from "./e2e/rehearsal/synthesis";\n` +
      `synthesizeHere(${JSON.stringify(site)}, ${JSON.stringify(props)});\n`,
  );
  const { code, stderr } = await revision.execute("rehearse.ts");
  if (code === 0) return readLayers(site, LAYERS, props.out);
  const line = stderr.split("\n").find((one) => /Error: /.test(one)) ?? stderr.trim();
  throw new UserError(
    `--from: ${site} of ${commit.slice(0, 8)} cannot be synthesized: ${line.replace(/^.*?Error: /, "")}`,
  );
}
