/** What people are told of a site that is right. */
import type { Environment } from "../schema";
import { sentence } from "../values/expectation";
import { spelled } from "../values/rule";
import { sinkWarnings } from "./sinks";
import { all } from "./systems";
import { topicWarnings } from "./topics";
import { unjudged } from "./unjudged";

/** One line for whatever is accepted and may not be meant, and for whatever no rule can judge. */
export function notesOn(site: Environment): string[] {
  return [
    ...[...all(site, (system) => system.warnings), ...sinkWarnings(site), ...topicWarnings(site)].map(
      ({ path, what, remedy }) => `${spelled([site.name, ...path])}: ${what}. ${sentence(remedy)}`,
    ),
    ...unjudged(site),
  ];
}
