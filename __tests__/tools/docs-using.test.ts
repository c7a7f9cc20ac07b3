import { StackView } from "../../synthesized/stack";
import { inputsTable, insertInputsAndOutputs, outputsTable } from "../../tools/docs/using";

const stack = (site: string, layer: string, json: object) => new StackView(site, layer, JSON.stringify(json), []);
const STACKS = [
  stack("a", "cluster", { variable: { docker_host: { description: "Docker host" } } }),
  stack("b", "cluster", { variable: { docker_host: { description: "Docker host" } } }),
  stack("a", "efd", {
    variable: { docker_host: { description: "Docker host" }, vault_token: { description: "token" } },
    output: { influxdb_host: { value: "x", description: "Host of InfluxDB" } },
  }),
];

test("an input is one row, with an example, its sites and their layers; a secret shows none", () => {
  expect(inputsTable(STACKS).split("\n").slice(3)).toEqual([
    "| `TF_VAR_docker_host` | Docker host | `ssh://host.example.org` | a, b (cluster); a (efd) |",
    "| `TF_VAR_vault_token` | token | secret: in no state, plan or output | a (efd) |",
  ]);
});

test("an output is one row", () => {
  expect(outputsTable(STACKS).split("\n").slice(3)).toEqual(["| `influxdb_host` | Host of InfluxDB | a (efd) |"]);
});

test("both go between their marks; a document without them is a mistake", () => {
  const mark = (name: string) => `<!-- generated:${name} -->\nold\n<!-- /generated:${name} -->`;
  const text = insertInputsAndOutputs(`first\n${mark("inputs")}\nthen\n${mark("outputs")}\nlast`, STACKS);
  expect(text).toMatch(/first[^]*vault_token[^]*then[^]*influxdb_host[^]*last/);
  expect(text).not.toContain("old");
  expect(() => insertInputsAndOutputs(mark("inputs"), STACKS)).toThrow(/docs\/using\.md/);
});
