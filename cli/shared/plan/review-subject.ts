import { notesOf } from "../../../ground/versions";
import type { Environment } from "../../../environments/schema";
import { review } from "../../../review/build";
import type { Finding } from "../../../review/model/model";
import type { Plan } from "../../../review/read/plan";
import { siteNotes } from "../site/notes";
import type { Stack } from "../site/program";
import type { StackView } from "../../../synthesized/stack";

/** A site and its stacks. */
interface Subject {
  readonly environment: Environment;
  readonly stacks: readonly StackView[];
}

/** What a review needs to know about the site itself. */
export function reviewSubject({ environment, stacks }: Subject) {
  const { name, title, allowDestroys } = environment;
  return { site: name, title, allowDestroys, notes: siteNotes(environment, stacks), notesOf };
}

/** What the review finds in the plan of one layer. */
export function findingsOf(
  subject: Subject,
  { layer, name }: Pick<Stack, "layer" | "name">,
  plan: Plan,
): readonly Finding[] {
  return review({
    ...reviewSubject(subject),
    comparison: { kind: "plan" },
    layers: [{ layer, stack: name, plan }],
  }).findings;
}
