import { stringify } from "yaml";
import { literal } from "../core/text";

/** YAML of a chart's values: sorted keys, no line folding, nothing for Terraform to read. The same values give the same text. */
export function renderValues(values: object): string {
  return literal(stringify(values, { sortMapEntries: true, lineWidth: 0, aliasDuplicateObjects: false }));
}
