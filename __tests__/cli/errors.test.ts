import { Interrupted, linesOf, messageOf, ProviderError, UserError } from "../../cli/lib/errors";

test("what the user can put right becomes lines", () => {
  expect(linesOf(new UserError("one\ntwo"))).toEqual(["one", "two"]);
  expect(linesOf(new ProviderError("three"))).toEqual(["three"]);
});

test.each([new Interrupted(), new TypeError("ours"), "text"])("%s is no line of a result and goes on", (thrown) => {
  let went: unknown;
  try {
    linesOf(thrown);
  } catch (error) {
    went = error;
  }
  expect(went).toBe(thrown);
});

test("whatever is thrown says something", () => {
  expect([new Error("broken"), "text", undefined].map(messageOf)).toEqual(["broken", "text", "undefined"]);
});
