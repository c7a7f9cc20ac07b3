import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { makeCheckout, readChanges, writeChanges } from "../../../../e2e/nodes/site/checkout";
import { CHECKOUT } from "../../../../cli/shared/site/program";

const folder = mkdtempSync(join(tmpdir(), "efd-checkout-test-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const inGit = (() => {
  try {
    execFileSync("git", ["rev-parse", "HEAD"], { cwd: CHECKOUT, stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
})();

(inGit ? test : test.skip)(
  "a checkout of a run has what git would take, and a site's file that can be changed",
  async () => {
    const made = join(folder, "checkout");
    await makeCheckout(made, process.env);
    expect(readFileSync(join(made, "package.json"), "utf8")).toBe(readFileSync(join(CHECKOUT, "package.json"), "utf8"));
    for (const written of ["cdktf.out", ".state", ".access", ".logs", ".git"])
      expect([written, existsSync(join(made, written))]).toEqual([written, false]);
    expect(existsSync(join(made, "node_modules", "cdktf"))).toBe(true);
    expect(readChanges(made)).toEqual({});
    writeChanges(made, { domain: "example.org" });
    const print = 'import { local } from "./environments/sites/local";\nconsole.log(local.name, local.domain);\n';
    writeFileSync(join(made, "print.ts"), print);
    const said = execFileSync(process.execPath, ["--import", "tsx", "print.ts"], { cwd: made });
    expect(String(said).trim()).toBe("local example.org");
    expect(readdirSync(CHECKOUT)).not.toContain("local-changes.json");
  },
);
