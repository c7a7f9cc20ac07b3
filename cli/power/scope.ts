/** Which components a command is about, and in which order. */
import type { Environment } from "../../environments/schema";
import { UsageError, UserError } from "../../ground/errors";
import type { Component } from "./components";
import type { ComponentState } from "./state";

/** What can be asked for. */
export const ACTIONS = ["down", "up", "restart"] as const;

/** One of them. */
export type Action = (typeof ACTIONS)[number];

/** @throws {UsageError} that lists the actions. */
export function selectAction(given: string): Action {
  const action = ACTIONS.find((one) => one === given);
  if (!action) throw new UsageError(`unknown action ${given}: allowed are ${ACTIONS.join(", ")}`);
  return action;
}

/** @throws {UsageError} that lists the site's components. */
export function selectComponent({ name: site }: Environment, all: readonly Component[], given: string): Component {
  const found = all.find(({ name }) => name === given);
  if (found) return found;
  throw new UsageError(`unknown component ${given}: ${site} has ${all.map(({ name }) => name).join(", ")}`);
}

/** The component, and by whichever way `next` goes all that it leads to. */
function reach(from: string, next: (name: string) => readonly string[], seen = new Set<string>()): Set<string> {
  if (seen.has(from)) return seen;
  seen.add(from);
  for (const one of next(from)) reach(one, next, seen);
  return seen;
}

/**
 * The components that an action touches, in its order: down takes those with it that need the named one, up those that it
 * needs, and a restart none. Whatever is already as it should be is left out.
 *
 * @throws {UserError} where the named one is not in the cluster, or cannot be restarted because it is stopped.
 */
export function scopeOf(
  action: Action,
  states: readonly ComponentState[],
  named: Component | undefined,
  site: string,
): ComponentState[] {
  const own = states.find(({ component }) => component === named);
  if (own?.condition === "absent")
    throw new UserError(`${own.component.name} is not in the cluster of ${site}: npm run deploy -- ${site} makes it`);
  if (action === "restart" && own !== undefined && isStopped(own))
    throw new UserError(`${own.component.name} is ${own.condition}: npm run power -- ${site} up ${own.component.name}`);
  const needs = (name: string) => states.find(({ component }) => component.name === name)?.component.needs ?? [];
  const users = (name: string) =>
    states.filter(({ component }) => component.needs.includes(name)).map(({ component }) => component.name);
  const names =
    named && (action === "restart" ? new Set([named.name]) : reach(named.name, action === "up" ? needs : users));
  const chosen = states.filter(
    ({ component, condition }) => condition !== "absent" && (names?.has(component.name) ?? true),
  );
  switch (action) {
    case "down":
      return chosen.filter(({ condition }) => condition !== "stopped").reverse();
    case "up":
      return chosen.filter(({ condition }) => condition !== "running");
    case "restart":
      return chosen.filter((one) => !isStopped(one));
  }
}

const isStopped = ({ condition }: ComponentState): boolean => condition === "stopped" || condition === "stopping";
