import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { writeChanges } from "../../../../e2e/nodes/site/checkout";
import { LocalSite } from "../../../../e2e/nodes/site/local-site";
import { checkoutFolder } from "../../../../e2e/nodes/site/run-folder";
import { Authority } from "../../../../e2e/using/site/authority";

const folder = mkdtempSync(join(tmpdir(), "efd-local-site-test-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function site(): LocalSite {
  mkdirSync(join(checkoutFolder(folder), "environments", "sites"), { recursive: true });
  writeChanges(checkoutFolder(folder), { certificates: { kind: "given" } });
  const bench = { dir: folder, dockerHost: "", namespace: "", address: "", registry: "", data: "" };
  return new LocalSite({ folder, bench, images: [], env: { PATH: process.env["PATH"] } });
}

test("who signed what is given is trusted until something else is given", async () => {
  const own = join(folder, "authority");
  mkdirSync(own);
  const authority = await Authority.make(own, "test");
  const { key, certificate } = await authority.certify({ file: "one", commonName: "localhost", names: ["localhost"] });
  const server = createServer({ key, cert: certificate }, (_, response) => response.end("here"));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const local = site();
  const ask = () =>
    local.clients.outside(`https://localhost:${(server.address() as AddressInfo).port}`).ask({ path: "/" });
  const trusted = () => local.logged(["printenv", "NODE_EXTRA_CA_CERTS"]).then(({ stdout }) => stdout.trim());
  try {
    await expect(ask()).rejects.toThrow("unable to verify the first certificate");
    local.give({}, authority.file);
    expect(await ask()).toMatchObject({ status: 200, text: "here" });
    expect(await trusted()).toBe(authority.file);
    local.give({});
    await expect(ask()).rejects.toThrow("unable to verify the first certificate");
    expect(await trusted()).toBe("");
  } finally {
    local.forget();
    await new Promise((resolve) => server.close(resolve));
  }
});
