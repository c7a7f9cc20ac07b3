/** Which components of a site run, and how much of each. */
import type { Output } from "../shared/terminal/output";
import { table } from "../shared/terminal/output";
import type { PowerApi, PowerMemory } from "../shared/power/memory";
import type { Component } from "./components";
import type { Group } from "./groups";

/** How a component is. `absent`: the cluster has none of its parts. */
export type Condition = "running" | "not ready" | "partly stopped" | "stopping" | "stopped" | "absent";

/** A component as it is. */
export interface ComponentState {
  readonly component: Component;
  readonly groups: readonly Group[];
  readonly condition: Condition;
  /** Pods that are ready. */
  readonly ready: number;
  /** Pods that it should have. */
  readonly wanted: number;
  /** Pods with which it comes back, where it is stopped and that is remembered; 0 where it is not. */
  readonly remembered: number;
}

/** How a component is, as its groups say. */
export function conditionOf(groups: readonly Group[], memory: Pick<PowerMemory, "get">): Condition {
  const all = groups.flatMap(({ parts }) => parts);
  if (all.length === 0) return "absent";
  // What nobody remembers was meant to have no pods, unless nothing else is there.
  const idle = all.filter(({ isOff, pods, key }) => isOff && pods.length === 0 && memory.get(key) === undefined);
  const parts = idle.length < all.length ? all.filter((one) => !idle.includes(one)) : all;
  const off = parts.filter(({ isOff }) => isOff);
  if (off.length === parts.length) return parts.some(({ pods }) => pods.length > 0) ? "stopping" : "stopped";
  if (off.length > 0) return "partly stopped";
  return parts.every(({ isUp }) => isUp) ? "running" : "not ready";
}

/** Looks at a component. */
export async function stateOf(api: PowerApi, memory: PowerMemory, component: Component): Promise<ComponentState> {
  const groups = await component.look(api);
  const parts = groups.flatMap((one) => one.parts);
  const sum = (of: (part: (typeof parts)[number]) => number) => parts.reduce((total, part) => total + of(part), 0);
  return {
    component,
    groups,
    condition: conditionOf(groups, memory),
    ready: sum(({ ready }) => ready),
    wanted: sum(({ wanted }) => wanted),
    remembered: sum(({ isOff, key }) => (isOff ? Number(memory.get(key) ?? 0) || 0 : 0)),
  };
}

/** Looks at all components. */
export function statesOf(api: PowerApi, memory: PowerMemory, all: readonly Component[]): Promise<ComponentState[]> {
  return Promise.all(all.map((component) => stateOf(api, memory, component)));
}

/** Prints them as a table, what users come in by first. */
export function printStates(output: Output, states: readonly ComponentState[]): void {
  const { colour } = output;
  const paint = (condition: Condition): string => {
    if (condition === "running") return colour.green(condition);
    return condition === "absent" ? condition : colour.yellow(condition);
  };
  output.print(
    table(
      ["component", "is", "pods ready", "what it is"],
      [...states]
        .reverse()
        .map(({ component: { name, title }, condition, ready, wanted, remembered }) => [
          name,
          paint(condition),
          condition === "absent" ? "-" : `${ready}/${wanted}${remembered > 0 ? `, ${remembered} when it starts` : ""}`,
          title,
        ]),
    ),
  );
}

/** For programs. */
export function stateJson({ component: { name }, condition, ready, wanted, remembered }: ComponentState) {
  return { component: name, is: condition, ready, wanted, remembered };
}
