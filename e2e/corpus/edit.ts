/** By which cases change a synthesized stack. */
import { readYaml } from "../../synthesized/yaml";
import { toYaml } from "../../synthesized/yaml";
import type { Data } from "./case";

/** The resource of this type whose id is like this. */
export const only = (stack: Data, type: string, pattern: RegExp): Data => {
  const found = Object.entries<Data>(stack.resource[type]).find(([id]) => pattern.test(id));
  if (!found) throw new Error(`no ${type} like ${pattern}`);
  return found[1];
};

/** Takes resources out; what refers to them still does. */
export const remove = (stack: Data, type: string, pattern: RegExp): void => {
  for (const id of Object.keys(stack.resource[type])) if (pattern.test(id)) delete stack.resource[type][id];
};

/** Changes the values of a release. */
export const values = (stack: Data, id: string, change: (all: Data) => void): void => {
  const release = stack.resource.helm_release[id];
  const all = readYaml(release.values[0]);
  change(all);
  release.values = [toYaml(all)];
};

/** An object of our own chart. */
export const object = (all: Data, kind: string, name: RegExp = /./): Data =>
  all.resources.find((one: Data) => one.kind === kind && name.test(one.metadata.name));

/** Gives a resource another id. */
export const rename = (stack: Data, type: string, from: string, to: string): void => {
  stack.resource[type][to] = stack.resource[type][from];
  delete stack.resource[type][from];
};

/** Takes resources out, and what refers to their order. */
export const drop = (stack: Data, address: string): void => {
  const text = JSON.stringify(stack)
    .replaceAll(`"${address}",`, "")
    .replaceAll(`,"${address}"`, "")
    .replaceAll(`"${address}"`, "");
  Object.assign(stack, JSON.parse(text));
  const [type = "", id = ""] = address.split(".");
  delete stack.resource[type][id];
  if (Object.keys(stack.resource[type]).length === 0) delete stack.resource[type];
};
