import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { accessOf } from "../../../../cli/shared/site/addresses";
import { synthesize } from "../../../../cli/shared/site/synthesis";
import { shipped } from "../../../../e2e/nodes/site/local-site";
import { ADDRESSES } from "../../../../e2e/nodes/site/reader";
import { parseEnvironment } from "../../../../environments/parse";

const folder = mkdtempSync(join(tmpdir(), "efd-reader-"));
afterAll(() => rmSync(folder, { recursive: true }));

test("the site has every address that scenarios ask for, once", () => {
  const site = parseEnvironment(shipped());
  const names = accessOf(site, synthesize([site], folder), "", {}).addresses.map(({ name }) => name);
  for (const one of ADDRESSES) expect(names.filter((name) => name.startsWith(one))).toHaveLength(1);
});
