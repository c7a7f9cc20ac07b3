import { Remembered } from "../../../../e2e/nodes/site/remembered";

test("what was answered is asked once, what failed again", async () => {
  const answers = [Promise.reject(new Error("away")), Promise.resolve(1), Promise.resolve(2)];
  let asked = 0;
  const remembered = new Remembered<number>();
  const get = () => remembered.get("topic", () => answers[asked++] ?? Promise.resolve(3));
  await expect(get()).rejects.toThrow("away");
  expect([await get(), await get()]).toEqual([1, 1]);
  expect(asked).toBe(2);
});
