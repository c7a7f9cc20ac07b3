/** What Helm makes of the values that charts get. */
import { isOwnChart, releaseValues } from "../../synthesized/stack";
import { leavesOf } from "../support/leaves";
import { allStacks } from "../support/sites";

/** A template that prints a number gets a float: from a million on Go prints it with an exponent, `1e+06`. */
const PRINTED_WITH_EXPONENT = 1e6;

test("no chart of somebody else gets a number that its templates would print with an exponent", () => {
  const found = allStacks().flatMap((stack) =>
    stack
      .releases()
      .flatMap(({ name, body }) =>
        isOwnChart(body)
          ? []
          : [...leavesOf(releaseValues(body))]
              .filter(([, leaf]) => typeof leaf === "number" && Math.abs(leaf) >= PRINTED_WITH_EXPONENT)
              .map(([path, leaf]) => `${stack.name} ${name}: ${path} is ${String(leaf)}`),
      ),
  );
  expect(found).toEqual([]);
});
