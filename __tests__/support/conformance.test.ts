import { conformanceFaults, type ProviderSchema } from "./conformance";
import type { Json, TerraformJson } from "../../synthesized/stack";

const text = { type: "string", optional: true } as const;
const toy: ProviderSchema = {
  provider: { block: { attributes: { host: text, old: { ...text, deprecated: true } } } },
  resource_schemas: {
    toy_box: {
      block: {
        attributes: {
          name: { type: "string", required: true },
          size: { type: "number", optional: true },
          open: { type: "bool", optional: true },
          labels: { type: ["map", "string"], optional: true },
          names: { type: ["list", "string"], optional: true },
          pairs: { type: ["list", ["object", { key: "string" }]], optional: true },
          colour: { ...text, deprecated: true },
          id: { type: "string", computed: true },
          secret_wo: { ...text, write_only: true },
          secret_wo_revision: { type: "number", optional: true },
          lid: {
            optional: true,
            nested_type: { nesting_mode: "single", attributes: { kind: { type: "string", required: true } } },
          },
          feet: { optional: true, nested_type: { nesting_mode: "list", attributes: { height: text } } },
        },
        block_types: {
          content: {
            nesting_mode: "list",
            min_items: 1,
            max_items: 2,
            block: {
              attributes: { item: { type: "string", required: true } },
              block_types: { wrap: { nesting_mode: "single", block: { attributes: { paper: text } } } },
            },
          },
        },
      },
    },
    toy_relic: { block: { deprecated: true } },
  },
  data_source_schemas: { toy_view: { block: { attributes: { name: { type: "string", required: true } } } } },
  ephemeral_resource_schemas: { toy_key: { block: { attributes: { seed: text } } } },
};
const schemas = new Map([["toy", toy]]);
const good = { name: "a", content: [{ item: "b" }] };
const faults = (stack: TerraformJson) => conformanceFaults(stack, schemas);
const box = (body: Json) => faults({ resource: { toy_box: { it: body } } });

test("takes what is right", () => {
  expect(
    faults({
      provider: { toy: [{ host: "h", alias: "x" }] },
      variable: { key: { ephemeral: true } },
      resource: {
        toy_box: {
          it: {
            "//": {},
            ...good,
            size: "3",
            open: true,
            labels: { a: 1 },
            names: ["a", "${var.b}"],
            pairs: [{ key: "k" }],
            lid: { kind: "flat" },
            feet: [{ height: "1" }],
            secret_wo: "${var.key}",
            secret_wo_revision: 1,
            content: { item: "b", wrap: { paper: "red" } },
            depends_on: ["toy_box.other"],
            lifecycle: { prevent_destroy: true },
          },
          made: { name: "c", dynamic: { content: { for_each: "${var.list}", content: { item: "${content.value}" } } } },
        },
      },
      data: { toy_view: { it: { name: "a" } } },
      ephemeral: { toy_key: { it: { seed: "${var.key}" } } },
    }),
  ).toEqual([]);
});

test.each<[string, Json, string]>([
  ["an unknown attribute", { ...good, nmae: "x" }, "toy_box.it.nmae: unknown"],
  [
    "an attribute in a block that is unknown",
    { ...good, content: [{ item: "b", iten: "c" }] },
    "toy_box.it.content.iten: unknown",
  ],
  [
    "an unknown block in a block",
    { ...good, content: [{ item: "b", wrapp: {} }] },
    "toy_box.it.content.wrapp: unknown",
  ],
  [
    "an unknown attribute two blocks down",
    { ...good, content: [{ item: "b", wrap: { papr: "x" } }] },
    "toy_box.it.content.wrap.papr: unknown",
  ],
  ["an unknown nested attribute", { ...good, lid: { kind: "a", knid: "b" } }, "toy_box.it.lid.knid: unknown"],
  ["an unknown attribute in a nested list", { ...good, feet: [{ hieght: "b" }] }, "toy_box.it.feet[0].hieght: unknown"],
  ["an unknown dynamic block", { ...good, dynamic: { contnt: { content: {} } } }, "toy_box.it.contnt: unknown"],
  ["a missing attribute", { content: [{ item: "b" }] }, "toy_box.it.name: missing, the provider requires it"],
  [
    "a missing attribute in a block",
    { ...good, content: [{}] },
    "toy_box.it.content.item: missing, the provider requires it",
  ],
  ["a missing nested attribute", { ...good, lid: {} }, "toy_box.it.lid.kind: missing, the provider requires it"],
  ["a missing block", { name: "a" }, "toy_box.it.content: missing, the provider requires 1"],
  [
    "too many blocks",
    { ...good, content: [{ item: "1" }, { item: "2" }, { item: "3" }] },
    "toy_box.it.content: got 3, allowed 2",
  ],
  ["a deprecated attribute", { ...good, colour: "red" }, "toy_box.it.colour: deprecated"],
  ["a computed attribute that is set", { ...good, id: "x" }, "toy_box.it.id: only the provider sets it"],
  ["text for a number", { ...good, size: "big" }, 'toy_box.it.size: got "big", allowed a number'],
  ["a number for a bool", { ...good, open: 1 }, "toy_box.it.open: got 1, allowed true or false"],
  ["a list for text", { name: ["a"], content: good.content }, 'toy_box.it.name: got ["a"], allowed text'],
  ["text for a list", { ...good, names: "a" }, 'toy_box.it.names: got "a", allowed a list'],
  ["a list for a map", { ...good, labels: ["a"] }, 'toy_box.it.labels: got ["a"], allowed a map'],
  [
    "an unknown key of an object",
    { ...good, pairs: [{ kye: "a" }] },
    'toy_box.it.pairs: got [{"kye":"a"}], kye is unknown',
  ],
  ["an object for a nested list", { ...good, feet: { height: "1" } }, "toy_box.it.feet: allowed a list of objects"],
  ["a block that is none", { ...good, content: ["b"] }, "toy_box.it.content: allowed a block"],
  [
    "a write-only attribute without revision",
    { ...good, secret_wo: "x" },
    "toy_box.it.secret_wo: write-only, set secret_wo_revision too",
  ],
])("finds %s", (_what, body, fault) => {
  expect(box(body)).toEqual([fault]);
});

test.each<[string, TerraformJson, string]>([
  ["a type that is unknown", { resource: { toy_bin: { it: {} } } }, "toy_bin.it: the provider has no resource toy_bin"],
  ["a deprecated type", { resource: { toy_relic: { it: {} } } }, "toy_relic.it: deprecated"],
  ["a provider without schema", { resource: { other_box: { it: {} } } }, "other_box.it: no schema of its provider"],
  ["a configured provider without schema", { provider: { other: [{}] } }, "provider other: no schema"],
  ["an unknown data source", { data: { toy_box: { it: {} } } }, "data.toy_box.it: the provider has no data toy_box"],
  [
    "an unknown argument of a data source",
    { data: { toy_view: { it: { name: "a", b: 1 } } } },
    "data.toy_view.it.b: unknown",
  ],
  [
    "an unknown argument of an ephemeral resource",
    { ephemeral: { toy_key: { it: { sed: "" } } } },
    "ephemeral.toy_key.it.sed: unknown",
  ],
  ["an unknown argument of a provider", { provider: { toy: [{ hots: "h" }] } }, "provider toy.hots: unknown"],
  ["a deprecated argument of a provider", { provider: { toy: { old: "h" } } }, "provider toy.old: deprecated"],
])("finds %s", (_what, stack, fault) => {
  expect(faults(stack)).toEqual([fault]);
});

describe("what is ephemeral", () => {
  const variable = { key: { ephemeral: true }, keyring: {} };

  test("may not be read by an attribute that is stored", () => {
    expect(faults({ variable, resource: { toy_box: { it: { ...good, labels: { a: "x${var.key}" } } } } })).toEqual([
      "toy_box.it.labels: reads var.key, which is ephemeral, allowed in write-only attributes only",
    ]);
  });

  test("may not be read by a data source, an output or a local", () => {
    const found = faults({
      variable,
      data: { toy_view: { it: { name: "${ephemeral.toy_key.it.seed}" } } },
      ephemeral: { toy_key: { it: {} } },
      output: { a: { value: "${var.key}" }, b: { value: "${var.key}", ephemeral: true } },
      locals: { c: "${upper(var.key)}" },
    });
    expect(found.map((fault) => fault.split(":")[0])).toEqual(["data.toy_view.it.name", "output.a", "local.c"]);
  });

  test("is not confused with a longer name, nor with plain text", () => {
    expect(
      faults({ variable, resource: { toy_box: { it: { ...good, labels: { a: "${var.keyring} var.key" } } } } }),
    ).toEqual([]);
  });
});
