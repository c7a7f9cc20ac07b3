import { readFileSync } from "node:fs";
import { join } from "node:path";
import { review } from "../../../review/build";
import { PlanError, readPlan } from "../../../review/read/plan";

const recorded = (name: string) =>
  (
    JSON.parse(readFileSync(join(__dirname, "..", "corpus", `${name}.json`), "utf8")) as {
      plan: Record<string, unknown>;
    }
  ).plan;

const whole = {
  format_version: "1.2",
  terraform_version: "1.11.4",
  configuration: { root_module: { resources: [{ address: "a.b" }] } },
};

test.each([
  ["nothing", "", /^this plan is empty: .*plan again/],
  ["half a plan", JSON.stringify(whole).slice(0, 40), /^this plan is cut or no JSON: plan again/],
  ["a list", "[]", /^this is no plan/],
  ["a state", JSON.stringify({ version: 4, serial: 3 }), /^this is no plan: it names no version of Terraform/],
  [
    "a later form",
    JSON.stringify({ ...whole, format_version: "2.0" }),
    /^this plan has the form 2\.0, and 1\.x can be read/,
  ],
  [
    "a plan without configuration",
    JSON.stringify({ ...whole, configuration: undefined }),
    /^this plan is cut: it has no configuration/,
  ],
])("%s is refused", (_name, text, message) => {
  expect(() => readPlan(text)).toThrow(PlanError);
  expect(() => readPlan(text)).toThrow(message);
});

test("a plan of another Terraform or of another program is refused", () => {
  const text = JSON.stringify(whole);
  expect(() => readPlan(text, { terraform: "1.12.0" })).toThrow(
    "this plan was made by Terraform 1.11.4, and 1.12.0 is here: plan again",
  );
  const stack = { name: "toy-efd", addresses: ["a.b", "a.c"] };
  expect(() => readPlan(text, { stack })).toThrow(/^this plan is not of toy-efd as this checkout has it: .* a\.c;/);
  expect(readPlan(text, { terraform: "1.11.4", stack: { ...stack, addresses: ["a.b"] } }).resources).toEqual([]);
});

test("a plan that Terraform refuses is a failed layer, and says all the same what it would do", () => {
  const plan = readPlan(JSON.stringify(recorded("pvc-replaced-protected")));
  expect(plan.errored).toBe(true);
  const { layers, findings } = review({
    site: "toy",
    title: "toy",
    comparison: { kind: "plan" },
    allowDestroys: [],
    layers: [{ layer: "efd", stack: "toy-efd", plan, errors: ["it is protected"] }],
  });
  expect(layers[0]).toMatchObject({ status: "failed", lines: ["it is protected", expect.stringMatching(/gave up/)] });
  expect(findings[0]).toMatchObject({ risk: "loses data", allow: "toy-efd/influxdb_influxdb", allowed: false });
});

test.each([[["toy-efd"]], [["toy-efd/influxdb_influxdb"]]])(
  "%j allows the loss, and another thing does not",
  (allowDestroys) => {
    const plan = readPlan(JSON.stringify(recorded("pvc-replaced-protected")));
    const allowed = (entries: readonly string[]) =>
      review({
        site: "toy",
        title: "toy",
        comparison: { kind: "plan" },
        allowDestroys: entries,
        layers: [{ layer: "efd", stack: "toy-efd", plan }],
      }).findings[0]?.allowed;
    expect(allowed(allowDestroys)).toBe(true);
    expect(allowed(["toy-platform", "toy-efd/kafka"])).toBe(false);
  },
);
