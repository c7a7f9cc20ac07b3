import { notesOf } from "../../../ground/versions";
import type { Environment } from "../../../environments/schema";

/** What a review needs to know about the site itself. */
export function reviewSubject({ name, title, allowDestroys }: Environment) {
  return { site: name, title, allowDestroys, notesOf };
}
