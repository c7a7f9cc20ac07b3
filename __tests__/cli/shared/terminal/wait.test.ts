import { some, waitFor } from "../../../../cli/shared/terminal/wait";
import { context } from "../../support";

const limit = { seconds: 600, advice: "do this" };

test("what is awaited is shown once where there is no terminal, and looked at until nothing is", async () => {
  const { output, err } = context();
  const left = ["3 pods", "2 pods", undefined];
  await waitFor({ output, pause: 1 }, limit, () => Promise.resolve(left.shift()));
  expect([left, err.text]).toEqual([[], "3 pods\n"]);
});

test("it ends at its time, also where a look never answers", async () => {
  const { output } = context();
  await expect(waitFor({ output, pause: 1, most: 0.1 }, limit, () => new Promise(() => undefined))).rejects.toThrow(
    "the cluster does not answer, after 0.1 s: do this",
  );
  let looks = 0;
  const hangs = () => (looks++ === 0 ? Promise.resolve("3 pods") : new Promise<string>(() => undefined));
  await expect(waitFor({ output, pause: 1, most: 0.1 }, limit, hangs)).rejects.toThrow("3 pods, after 0.1 s: do this");
});

test("of many names some are enough", () => {
  expect(some(["a", "b", "c"])).toBe("a, b, c");
  expect(some(["a", "b", "c", "d"])).toBe("a, b, c and 1 more");
});
