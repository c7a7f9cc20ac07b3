import { Lazy } from "cdktf";
import { withoutOrigins } from "../../../stacks/base/base-stack";

const origin = () => (Lazy.anyValue({ produce: () => 1 }) as { creationStack: readonly string[] }).creationStack;

describe("without origins", () => {
  test("a token keeps none of the calls that made it, and before and after it keeps them", () => {
    expect(origin()).not.toEqual([]);
    expect(withoutOrigins(origin)).toEqual([]);
    expect(origin()).not.toEqual([]);
  });

  test("an error says where it was made, there and afterwards", () => {
    const made = /^Error: wrong\n.*base-stack\.test/s;
    expect(withoutOrigins(() => new Error("wrong").stack)).toMatch(made);
    expect(withoutOrigins(() => new Error("wrong")).stack).toMatch(made);
  });

  test("a build that fails leaves nothing behind", () => {
    const fails = () =>
      withoutOrigins(() => {
        throw new Error("wrong");
      });
    expect(fails).toThrow("wrong");
    expect(origin()).not.toEqual([]);
  });
});
