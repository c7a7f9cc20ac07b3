import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { unlistedSites } from "../../../../cli/shared/site/unlisted";

const SITE = 'import { defineEnvironment } from "../schema";\nexport const site = defineEnvironment({ name: "x" });\n';
const FILES: Readonly<Record<string, string>> = {
  "environments/index.ts": `
    import { site as listed } from "./sites/listed";
    import { site as idle } from "./sites/idle";
    // import { site as gone } from "./sites/gone";
    export const SITES = [listed];`,
  "environments/sites/listed.ts": SITE,
  "environments/sites/idle.ts": SITE,
  "environments/sites/gone.ts": SITE,
  "environments/sites/forgotten.ts": SITE,
  "environments/sites/typed.ts": "export const typed: EnvironmentInput = {\n  ...other,\n  name: NAME,\n};\n",
  "environments/sites/shared.ts":
    "export const SHARED = { domain: 'example.org' } satisfies Partial<EnvironmentInput>;",
};

test("a site's file that is in no list is named; what files share is none", () => {
  const folder = mkdtempSync(join(tmpdir(), "efd-unlisted-"));
  mkdirSync(join(folder, "environments", "sites"), { recursive: true });
  for (const [name, text] of Object.entries(FILES)) writeFileSync(join(folder, name), text);
  expect(unlistedSites(folder)).toEqual(
    ["forgotten", "gone", "idle", "typed"].map(
      (file) => `environments/sites/${file}.ts: its site is not in SITES. Add it to environments/index.ts.`,
    ),
  );
  rmSync(folder, { recursive: true });
  expect(unlistedSites()).toEqual([]);
  expect(unlistedSites(folder)).toEqual([]);
});
