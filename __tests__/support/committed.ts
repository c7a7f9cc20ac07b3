/** Files that are committed beside the tests and compared with what is synthesized now. */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** Whether files are written instead of compared: `npm run snapshots`, or `npm test -- -u`. */
export function updating(): boolean {
  const { snapshotState } = expect.getState() as { snapshotState?: { _updateSnapshot?: string } };
  return process.env["UPDATE_SNAPSHOTS"] === "1" || snapshotState?._updateSnapshot === "all";
}

/** Compares a text with its file; a missing file is a failure too. */
export function expectCommitted(path: string, text: string, remedy: string, update: boolean): void {
  if (update) {
    mkdirSync(dirname(path), { recursive: true });
    if (!existsSync(path) || readFileSync(path, "utf8") !== text) writeFileSync(path, text);
    return;
  }
  if (!existsSync(path)) throw new Error(`${path} is missing: ${remedy}`);
  const committed = readFileSync(path, "utf8");
  if (committed === text) return;
  throw new Error(`${path} differs (- committed, + synthesized): ${remedy}\n${differences(committed, text)}`);
}

/** Files of a folder that belong to nothing; removed when updating. */
export function staleFiles(folder: string, expected: readonly string[], update: boolean): string[] {
  const stale = (existsSync(folder) ? readdirSync(folder) : []).filter((name) => !expected.includes(name));
  if (!update) return stale;
  for (const name of stale) rmSync(join(folder, name));
  return [];
}

/** Lines that differ, with the line before each run of them; at most 120. */
function differences(before: string, after: string): string {
  const [a, b] = [before.split("\n"), after.split("\n")];
  const found: string[] = [];
  let [i, j] = [0, 0];
  while ((i < a.length || j < b.length) && found.length < 120) {
    if (a[i] === b[j]) {
      i++;
      j++;
      continue;
    }
    const next = nextCommon(a, b, i, j);
    if (i > 0) found.push(`  ${i}: ${a[i - 1]}`);
    found.push(...a.slice(i, next.i).map((line) => `- ${line}`), ...b.slice(j, next.j).map((line) => `+ ${line}`));
    ({ i, j } = next);
  }
  return found.slice(0, 120).join("\n");
}

/** Where both texts go on together: the nearest pair of equal lines, three in a row where there are as many. */
function nextCommon(a: readonly string[], b: readonly string[], i: number, j: number): { i: number; j: number } {
  const same = (x: number, y: number) => [0, 1, 2].every((step) => a[x + step] === b[y + step]);
  for (let distance = 1; distance < a.length - i + b.length - j; distance++)
    for (let left = Math.max(0, distance - (b.length - j)); left <= Math.min(distance, a.length - i); left++)
      if (same(i + left, j + distance - left)) return { i: i + left, j: j + distance - left };
  return { i: a.length, j: b.length };
}
