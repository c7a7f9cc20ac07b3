import { Secret, UNKNOWN } from "../../review/model/tree";
import { inside } from "../../synthesized/stack";

test("looks through the lists of one in which Terraform writes its blocks", () => {
  expect(inside({ spec: [{ template: [{ name: "a" }] }] }, "spec", "template", "name")).toBe("a");
  expect(inside({ spec: [] }, "spec", "name")).toBeUndefined();
  expect(inside({ spec: null }, "spec", "name")).toBeUndefined();
});

test("sees nothing behind what no JSON has: a prototype, a mark of a review", () => {
  expect(inside({}, "toString")).toBeUndefined();
  expect(inside({ data: new Secret({ password: "x" }) }, "data", "isEmpty")).toBeUndefined();
  expect(inside({ data: UNKNOWN }, "data", "toJSON")).toBeUndefined();
  expect(inside(structuredClone({ a: { b: 1 } }), "a", "b")).toBe(1);
});
