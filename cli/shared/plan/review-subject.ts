import { notesOf } from "../../../ground/versions";
import type { Environment } from "../../../environments/schema";

/** What a review is told of the site itself. */
export function reviewSubject({ name, title, allowDestroys }: Environment) {
  return { site: name, title, allowDestroys, notesOf };
}
