import { literal, sorted } from "../../synthesized/text";
import { toYaml } from "../../synthesized/yaml";

/** YAML of a chart's values: sorted keys, no folded lines, no expressions of Terraform. Equal values, equal text. */
export function renderValues(values: object): string {
  return literal(toYaml(sorted(values)));
}
