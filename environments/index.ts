/** The sites. Adding one is one file beside these and one entry here. */
import { gcp } from "./gcp";
import { local } from "./local";
import { ncsa } from "./ncsa";
import type { EnvironmentInput } from "./schema";
import { summit } from "./summit";
import { tucson } from "./tucson";

/** Every site, as its file writes it. */
export const SITES: readonly EnvironmentInput[] = [local, gcp, tucson, ncsa, summit];
