/** What a stack has that an entry of `allowDestroys` can name. */
import type { StackView } from "../synthesized/stack";
import { declaredDatabases } from "./rules/influxdb";
import { resourcesOf } from "./read/resources";
import { compareStacks } from "./read/revisions";

/** Ids of a stack's resources, of the objects in its releases, and of its databases. */
export function thingsOf({ name, json }: StackView): ReadonlySet<string> {
  const resources = resourcesOf(name, compareStacks({}, json).resources);
  return new Set(resources.flatMap((resource) => [resource.id, ...declaredDatabases(resource.after)]));
}
