/** What the real operators answered, as it is committed. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { CHECKOUT } from "../../cli/shared/site/program";
import type { Answers } from "./answers";
import type { Cases } from "./case";
import { differences } from "./view";

const FOLDER = join(CHECKOUT, "e2e", "operators", "records");

/** What was recorded of an operator. */
interface Record {
  /** Version of the operator that answered. */
  readonly version: string;
  readonly answers: Answers;
}

const fileOf = ({ operator }: Cases): string => join(FOLDER, `${operator}.json`);

/**
 * Writes down what a real operator answered.
 *
 * @param folder - @default that of the records
 * @returns the file
 */
export function writeRecord(cases: Cases, answers: Answers, folder = FOLDER): string {
  mkdirSync(folder, { recursive: true });
  const record: Record = { version: cases.version, answers };
  const file = join(folder, basename(fileOf(cases)));
  writeFileSync(file, `${JSON.stringify(record, null, 2)}\n`);
  return file;
}

/** What the real operator answered. */
export function recordOf(cases: Cases): Record {
  return JSON.parse(readFileSync(fileOf(cases), "utf8")) as Record;
}

/** Every difference to what is recorded, one line each, by case and step. */
export function differencesToRecord(cases: Cases, answers: Answers): Map<string, string[]> {
  const { answers: real } = recordOf(cases);
  const found = new Map<string, string[]>();
  for (const { name } of cases.cases) {
    const steps = Math.max(real[name]?.length ?? 0, answers[name]?.length ?? 0);
    for (let i = 0; i < steps; i++)
      found.set(
        `${cases.operator} ${name}, step ${i + 1}`,
        differences(real[name]?.[i] ?? {}, answers[name]?.[i] ?? {}),
      );
  }
  return found;
}
