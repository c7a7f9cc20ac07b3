import { type Offer, Outbox } from "../../../../../e2e/nodes/scenarios/second-day/outbox";

/** Somebody who takes what these say, one offer after the other, and remembers what was offered. */
function taker(...answers: Offer[]) {
  const offered: number[][] = [];
  const offer: Offer = (values) => {
    offered.push([...values]);
    return (answers.shift() ?? all)(values);
  };
  return { offered, outbox: new Outbox(offer) };
}

const all: Offer = (values) => Promise.resolve(values.map(() => null));
const none: Offer = (values) => Promise.resolve(values.map(() => "_MSG_TIMED_OUT"));
const even: Offer = (values) => Promise.resolve(values.map((value) => (value % 2 === 0 ? null : "_TRANSPORT")));

test("what is not taken is offered again, with the next and as the same", async () => {
  const { outbox, offered } = taker(even);
  await outbox.try([1, 2, 3]);
  expect(outbox.taken).toBe(1);
  await outbox.try([4]);
  expect(offered).toEqual([
    [1, 2, 3],
    [1, 3, 4],
  ]);
  expect(outbox.taken).toBe(4);
});

test("of what nobody spoke, and of an error, nothing counts as taken", async () => {
  const { outbox } = taker(
    (values) => Promise.resolve(values.slice(1).map(() => null)),
    () => Promise.reject(new Error("its client ended")),
  );
  await outbox.try([1, 2]);
  expect(outbox.taken).toBe(1);
  await outbox.try([3]);
  expect(outbox.taken).toBe(1);
  await outbox.empty([], 1);
  expect(outbox.taken).toBe(3);
});

test("it is emptied until all is taken", async () => {
  const { outbox, offered } = taker(none, even);
  await outbox.empty([1, 2], 5);
  expect(offered).toEqual([[1, 2], [1, 2], [1]]);
  expect(outbox.taken).toBe(2);
});

test("what is refused to the end is no success, and says why", async () => {
  const { outbox } = taker(none, none, none, none);
  await expect(outbox.empty([1, 2], 0)).rejects.toThrow("2 of 2 were not taken within 0 s: _MSG_TIMED_OUT");
});
