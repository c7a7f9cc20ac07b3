import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join, relative } from "node:path";
import { pathToFileURL } from "node:url";
import { literalSecrets } from "../support/secrets";
import { allStacks, CHECKOUT, sharedFolder } from "../support/sites";

/** Every file below a folder with its content. */
function files(folder: string): Map<string, string> {
  const found = new Map<string, string>();
  const walk = (at: string) => {
    for (const name of readdirSync(at).sort()) {
      const path = join(at, name);
      if (statSync(path).isDirectory()) walk(path);
      else found.set(relative(folder, path), readFileSync(path, "latin1"));
    }
  };
  walk(folder);
  return found;
}

/** Runs main.ts as a user does, from this folder. */
function run(cwd: string, outdir: string): Map<string, string> {
  const tsx = pathToFileURL(require.resolve("tsx")).href;
  execFileSync(process.execPath, ["--import", tsx, join(CHECKOUT, "main.ts")], {
    cwd,
    env: { ...process.env, CDKTF_OUTDIR: outdir, NODE_OPTIONS: "", TZ: "Pacific/Chatham", LC_ALL: "C" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  return files(outdir);
}

describe("EFD-65: two runs give the same bytes", () => {
  const folder = mkdtempSync(join(tmpdir(), "efd-determinism-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  let here: Map<string, string>;

  beforeAll(() => {
    allStacks();
    here = files(sharedFolder("sites"));
  });

  test("every stack is there", () => {
    const names = allStacks().map(({ name }) => `stacks/${name}/cdk.tf.json`);
    expect([...here.keys()]).toEqual(expect.arrayContaining(names));
  });

  test("from another folder, in another time zone", () => {
    const there = run(folder, join(folder, "there"));
    expect([...there.keys()]).toEqual([...here.keys()]);
    for (const [path, text] of there) expect([path, text === here.get(path)]).toEqual([path, true]);
  });
});

describe.each(allStacks().map((stack) => [stack.name, stack] as const))("%s holds", (_name, stack) => {
  const matches = (pattern: RegExp) => [...stack.text.matchAll(pattern)].map(([found]) => found);

  test("no path of this machine", () => {
    const own = [CHECKOUT, sharedFolder(""), tmpdir() + "/efd-", homedir() + "/"];
    // Where a path begins: /proc/1/root/etc is none of a machine whose home is /root.
    const begins = (path: string) =>
      stack.text
        .split(path)
        .slice(0, -1)
        .some((before) => !/[\w.}-]$/.test(before));
    expect(own.filter(begins)).toEqual([]);
    expect(matches(/"\/(home|Users)\/[^"]*"/g)).toEqual([]);
  });

  test("no moving tag", () => {
    expect(matches(/:latest\b|"(tag|version|image)": "latest"|\btag: latest\b/g)).toEqual([]);
  });

  test("no key, certificate or hash of a commit", () => {
    expect(matches(/-----BEGIN [A-Z ]+-----/g)).toEqual([]);
    expect(matches(/(?<![0-9a-f])[0-9a-f]{40}(?![0-9a-f])/g)).toEqual([]);
  });

  test("no secret in plain text", () => {
    expect(literalSecrets(stack)).toEqual([]);
  });
});
