/** What `npm run check` says of the site. */
import type { Checks } from "../../data-path/check";
import type { Ended } from "./command";
import type { World } from "./world";

/** Most seconds that a check is given here where nobody says otherwise. */
const TIMEOUT = 40;

/**
 * Seconds within which a busy machine does what is done at once. Less than the shortest time for which our clients wait or
 * keep a connection (5 s), so that a command that waits for one of those is found.
 */
export const AT_ONCE = 4;

/** Seconds for a check where somebody never answers. */
export const SHORT = 10;

/** A line of it. */
interface Line {
  readonly subject: string;
  readonly level: "ok" | "warn" | "fail" | "unknown";
  readonly what: string;
  readonly measured: string;
  readonly healthy: string;
  readonly remedy?: string;
}

/** Exit codes by the heaviest level. */
const EXIT = { ok: 0, warn: 1, fail: 2, unknown: 3 } as const;

/** A line that is wanted. */
export interface Wanted {
  readonly level: Line["level"];
  readonly what: RegExp;
  /** What it says of it. @default - anything */
  readonly says?: RegExp;
}

/** What it said once. */
export interface Seen extends Ended {
  readonly lines: readonly Line[];
}

/**
 * Runs it, and sees that it ends in time, that its exit code is that of its lines, and that each says what to do. Where a
 * machine is too busy to answer in time it looks again, twice at most; not where somebody never answers ({@link SHORT}).
 */
export async function look(
  { command }: World,
  checks: Checks,
  what: string,
  subjects: readonly string[],
  timeout = TIMEOUT,
): Promise<Seen> {
  for (let again = timeout === SHORT ? 0 : 2; ; again--) {
    const ended = await command.run("check", [...subjects, "--json", "--timeout", String(timeout)]);
    const said = parsed(ended.stdout);
    judge(checks, what, ended, said, timeout);
    const { verdicts: lines = [], blocked } = said;
    const late =
      blocked ?? lines.find(({ level, measured }) => level === "unknown" && LATE_ANSWER.test(measured))?.measured;
    if (late === undefined || again === 0) return { ...ended, lines };
    console.log(`        looked at again: ${late}`);
  }
}

/** What it says of what did not answer in time. */
const LATE_ANSWER = /(did|does) not answer|no certificate within|only the cluster knows/;

function judge(
  checks: Checks,
  what: string,
  ended: Ended,
  { verdicts: lines = [], seconds = Infinity }: Printed,
  timeout: number,
) {
  const levels = new Set(lines.map(({ level }) => level));
  const heaviest = (["fail", "warn", "unknown", "ok"] as const).find((level) => levels.has(level)) ?? "unknown";
  const late = Math.max(0, seconds - timeout);
  checks.same(
    `${what}: ends in time, with the code of what it says, each with what to do`,
    {
      late: late <= AT_ONCE ? 0 : late,
      lingers: ended.lingered <= AT_ONCE ? 0 : ended.lingered,
      code: ended.code,
      silent: lines.filter(({ level, remedy }) => level !== "ok" && !remedy).map((line) => line.what),
    },
    { late: 0, lingers: 0, code: EXIT[heaviest], silent: [] },
  );
  if (lines.length === 0) console.log(`        it said: ${ended.stdout.slice(-300)}${ended.stderr.slice(-600)}`);
}

/** What it prints for programs, as far as it is looked at. */
interface Printed {
  readonly verdicts?: readonly Line[];
  readonly seconds?: number;
  /** Why the cluster was not asked. */
  readonly blocked?: string;
}

function parsed(text: string): Printed {
  try {
    return JSON.parse(text) as Printed;
  } catch {
    return {};
  }
}

/** The line that is wanted; undefined where it is not there. */
const lineOf = ({ lines }: Pick<Seen, "lines">, { level, what, says: text = /./ }: Wanted): Line | undefined =>
  lines.find((line) => line.level === level && what.test(line.what) && text.test(line.measured));

/** Whether a line is there. */
export const isSaid = (seen: Pick<Seen, "lines">, wanted: Wanted): boolean => lineOf(seen, wanted) !== undefined;

/** Whether these lines are there. */
export function says(checks: Checks, what: string, { lines }: Seen, ...wanted: readonly Wanted[]): void {
  for (const one of wanted) {
    const { level, what: about, says: text = /./ } = one;
    const of = lines.filter((line) => about.test(line.what));
    const found = lineOf({ lines }, one);
    checks.same(
      `${what}: ${level}`,
      found ? `${found.what}: ${found.measured}` : undefined,
      found ? `${found.what}: ${found.measured}` : `${about} ${text}`,
    );
    if (!found)
      for (const line of of.length > 0 ? of : lines)
        console.log(`        ${line.level} ${line.what}: ${line.measured}`);
  }
}

/** Whether nothing is wrong. */
export function isHealthy(checks: Checks, what: string, { lines }: Seen): void {
  const wrong = lines.filter(({ level }) => level !== "ok");
  checks.same(
    what,
    wrong.map((line) => `${line.level} ${line.what}: ${line.measured}`),
    [],
  );
}
