/** What a stack has that an entry of `allowDestroys` can name. */
import type { StackView } from "../synthesized/stack";
import { allLoads } from "./rules/consumers/all-loads";
import { pointsId } from "./rules/consumers/point-changes";
import { declaredDatabases } from "./rules/influxdb";
import { resourcesOf } from "./read/resources";
import { compareStacks } from "./read/revisions";

/** Ids of a stack's resources, of the objects in its releases, its databases, and the points of its consumers. */
export function thingsOf({ name, json }: StackView): ReadonlySet<string> {
  const resources = resourcesOf(name, compareStacks({}, json).resources);
  const consumers = allLoads(resources).after.map(pointsId);
  return new Set([
    ...resources.flatMap((resource) => [resource.id, ...declaredDatabases(resource.after)]),
    ...consumers,
  ]);
}
