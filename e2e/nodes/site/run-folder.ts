/** What a run knows of its bench, kept in its folder: whoever comes later goes on from it. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "../../../ground/errors";
import type { BenchPlace } from "./bench";
import type { MadeImage } from "./images";

const FILE = "run.json";

/** A run, as it is kept. */
export interface KeptRun {
  readonly bench: BenchPlace;
  readonly images: readonly MadeImage[];
}

/** Keeps a run in its folder. */
export function keepRun(folder: string, run: KeptRun): void {
  writeFileSync(join(folder, FILE), `${JSON.stringify(run, undefined, 2)}\n`);
}

/** @throws {UserError} where none was kept. */
export function keptRun(folder: string): KeptRun {
  const file = join(folder, FILE);
  if (!existsSync(file)) throw new UserError(`--on: ${folder} is no folder of a run: name one that --keep left`);
  return JSON.parse(readFileSync(file, "utf8")) as KeptRun;
}

/** Folder of the bench in that of a run: short, for the path of a socket has 107 bytes at most. */
export const benchFolder = (folder: string): string => join(folder, "bench");

/** Folder of the checkout in that of a run. */
export const checkoutFolder = (folder: string): string => join(folder, "checkout");
