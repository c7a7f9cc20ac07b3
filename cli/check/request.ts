/** What `npm run check` was asked for. */
import type { Environment } from "../../environments/schema";
import { UsageError } from "../../ground/errors";
import { nearestWords } from "../../ground/nearest";
import { type Check, SUBJECTS, type Subject } from "./model/verdict";

/** Options of the command. */
export interface CheckOptions {
  /** Seconds between rounds, or true where none are named. */
  readonly watch?: string | true;
  /** Most seconds that a check may take. */
  readonly timeout?: string;
  readonly json?: boolean;
}

/** Seconds between rounds where none are named. */
const PAUSE = 30;
/** Most seconds of an option: an hour. */
const MOST_SECONDS = 3600;

/**
 * The checks of these subjects that the site has something for; of all subjects where none is named.
 *
 * @throws {UsageError} that lists the subjects, the nearest first.
 */
export function selectChecks(all: readonly Check[], site: Environment, wanted: readonly string[]): Check[] {
  const own = all.filter(({ applies }) => applies?.(site) ?? true);
  if (wanted.length === 0) return own;
  for (const word of wanted) {
    if (!SUBJECTS.some((subject) => subject === word)) {
      const near = nearestWords(word, SUBJECTS);
      const others = SUBJECTS.filter((subject) => !near.includes(subject));
      throw new UsageError(`unknown subject ${word}: allowed are ${[...near, ...others].join(", ")}`);
    }
    if (!own.some(({ subject }) => subject === word))
      throw new UsageError(`${site.name} has nothing of ${word}: its subjects are ${subjectsOf(own).join(", ")}`);
  }
  return own.filter(({ subject }) => wanted.includes(subject));
}

/** Subjects of checks, in the order in which they are printed. */
function subjectsOf(checks: readonly Check[]): Subject[] {
  return SUBJECTS.filter((subject) => checks.some((check) => check.subject === subject));
}

/** Seconds between rounds; undefined for one round. @throws {UsageError} where it is another word. */
export function pauseOf({ watch }: CheckOptions): number | undefined {
  return watch === true ? PAUSE : secondsOf("--watch", watch);
}

/** Most seconds that a check may take; undefined where each has its own. @throws {UsageError} where it is another word. */
export function timeoutOf({ timeout }: CheckOptions): number | undefined {
  return secondsOf("--timeout", timeout);
}

function secondsOf(option: string, word: string | undefined): number | undefined {
  if (word === undefined) return undefined;
  const seconds = Number(word);
  if (/^\d+$/.test(word) && seconds >= 1 && seconds <= MOST_SECONDS) return seconds;
  throw new UsageError(
    `${option}: got ${word}, allowed whole seconds from 1 to ${MOST_SECONDS}; subjects stand before the options`,
  );
}
