import { withoutOrigins } from "../../../stacks/base/base-stack";

/** What cdktf asks for each token that it makes. */
function origin(): string | undefined {
  const token: { stack?: string } = {};
  Error.captureStackTrace(token);
  return token.stack;
}

describe("without origins", () => {
  test("a token keeps no call stack inside, and keeps one before and after", () => {
    expect(origin()).toContain("base-stack.test");
    expect(withoutOrigins(origin)).toBeUndefined();
    expect(origin()).toContain("base-stack.test");
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
    expect(origin()).toContain("base-stack.test");
  });
});
