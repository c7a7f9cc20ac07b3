const mockClock = { milliseconds: 0 };
jest.mock("node:timers/promises", () => ({
  setTimeout: (milliseconds: number) => Promise.resolve(void (mockClock.milliseconds += milliseconds)),
}));

import { until } from "../../../../cli/shared/process/until";

beforeEach(() => {
  mockClock.milliseconds = 0;
  jest.spyOn(performance, "now").mockImplementation(() => mockClock.milliseconds);
});
afterEach(() => jest.restoreAllMocks());

/** Looks that take so many seconds each, and see nothing; how many there were. */
async function looks(seconds: number, each: number): Promise<number> {
  let count = 0;
  const seen = await until(seconds, () => {
    count++;
    mockClock.milliseconds += each * 1000;
    return Promise.resolve(undefined);
  });
  expect(seen).toBeUndefined();
  return count;
}

test("what is not there is looked for until the time is over, looks included", async () => {
  expect(await looks(10, 0)).toBe(21);
  expect(await looks(10, 4.5)).toBe(3);
  expect(mockClock.milliseconds).toBeLessThan(30_000);
});

test("one look that takes longer than the time is not the only one", async () => {
  expect(await looks(10, 60)).toBe(2);
  expect(await looks(0, 60)).toBe(1);
});

test("what is seen ends it at once", async () => {
  expect(await until(10, () => Promise.resolve("it"))).toBe("it");
  expect(mockClock.milliseconds).toBe(0);
});
