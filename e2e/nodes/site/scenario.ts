/** What a scenario on real nodes is. */
import type { Checks } from "../../data-path/check";
import type { Part } from "./part";
import type { RunningSite } from "./running-site";

/** Does something to a site whose pods run, looks, and leaves it healthy. */
export interface Scenario {
  readonly name: string;
  /** One line for `--list`. */
  readonly title: string;
  /** Programs that must be the real ones. @default - none */
  readonly needs?: readonly Part[];
  /** Whether `.ci/run` runs it. @default false */
  readonly inCi?: boolean;
  /** @throws where it could not go on; what was seen is counted in `checks`. */
  readonly run: (site: RunningSite, checks: Checks) => Promise<void>;
}
