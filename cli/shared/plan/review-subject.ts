import { notesOf } from "../../../ground/versions";
import type { Environment } from "../../../environments/schema";
import { siteNotes } from "../site/notes";
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
