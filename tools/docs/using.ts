/** Inputs and outputs of the sites in docs/using.md, made from the synthesized program. */
import { inputSpecOf } from "../../cli/shared/site/inputs";
import type { StackView } from "../../synthesized/stack";
import { insert } from "./marks";
import { table } from "./table";

/** The inputs of every site, one a row. */
export function inputsTable(stacks: readonly StackView[]): string {
  const rows = named(stacks, "variable").map(({ name, description, places }) => {
    const { example = "", secret = false } = inputSpecOf(name) ?? {};
    const shown = secret ? "secret: in no state, plan or output" : `\`${example}\``;
    return [`\`TF_VAR_${name}\``, description, shown, places];
  });
  return table(["variable", "what it is", "example", "sites, and their layers"], rows);
}

/** The outputs of every site, one a row. */
export function outputsTable(stacks: readonly StackView[]): string {
  const rows = named(stacks, "output").map(({ name, description, places }) => [`\`${name}\``, description, places]);
  return table(["output", "what it is", "sites, and their layers"], rows);
}

/** What has a name in one section of the stacks: its description, and which stacks have it. */
function named(stacks: readonly StackView[], section: "variable" | "output") {
  const found = stacks.flatMap((stack) =>
    Object.entries(stack.json[section] ?? {}).map(([name, body]) => ({
      name,
      stack,
      description: body["description"],
    })),
  );
  return [...new Set(found.map(({ name }) => name))].sort().map((name) => {
    const own = found.filter((one) => one.name === name);
    const layers = [...new Set(own.map(({ stack }) => stack.layer))];
    const sitesOf = (layer: string) => own.filter(({ stack }) => stack.layer === layer).map(({ stack }) => stack.site);
    const places = layers.map((layer) => `${sitesOf(layer).join(", ")} (${layer})`);
    const descriptions = [...new Set(own.map(({ description }) => String(description)))];
    return { name, description: descriptions.join("; "), places: places.join("; ") };
  });
}

/** The document with both tables between their marks. */
export function insertInputsAndOutputs(text: string, stacks: readonly StackView[]): string {
  const inputs = insert(text, "inputs", inputsTable(stacks));
  const both = inputs === undefined ? undefined : insert(inputs, "outputs", outputsTable(stacks));
  if (both === undefined) throw new Error("docs/using.md has no marks of the generated inputs and outputs");
  return both;
}
