/** The sites. Adding one is one file beside these and one entry here. */
import { gcp } from "./sites/gcp";
import { local } from "./sites/local";
import { ncsa } from "./sites/ncsa";
import type { EnvironmentInput } from "./schema";
import { summit } from "./sites/summit";
import { tucson } from "./sites/tucson";

/** Every site, as its file writes it. */
export const SITES: readonly EnvironmentInput[] = [local, gcp, tucson, ncsa, summit];
