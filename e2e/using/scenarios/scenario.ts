/** What a scenario is. */
import type { Checks } from "../../data-path/check";
import type { World } from "../site/world";

/** Provokes something, looks, and mends it. */
export type Scenario = (world: World, checks: Checks) => Promise<void>;
