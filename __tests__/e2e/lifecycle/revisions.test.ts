import type { LiveObject } from "../../../cli/shared/kubernetes/client";
import { type Change, endOf } from "../../../e2e/lifecycle/site/revisions";

/** A change of a pod, at the revision of its place; `ends` once it was told to end. */
const change = (type: Change["type"], uid: string, revision: number, ends = false): Change => ({
  type,
  object: {
    metadata: { name: "pod", uid, resourceVersion: String(revision), ...(ends && { deletionTimestamp: "now" }) },
  } as unknown as LiveObject,
});

const any = () => true;
const ofBrokers = ({ metadata: { uid } }: LiveObject) => uid.startsWith("broker");
const ofControllers = ({ metadata: { uid } }: LiveObject) => uid.startsWith("controller");

test("the end of pods is from when the first is told to end until the last is gone", () => {
  const changes = [
    change("THERE", "broker-0", 3),
    change("THERE", "broker-1", 4),
    change("MODIFIED", "broker-0", 5),
    change("MODIFIED", "broker-0", 6, true),
    change("MODIFIED", "broker-1", 7, true),
    change("DELETED", "broker-0", 8, true),
  ];
  expect(endOf(changes, any)).toBeUndefined();
  expect(endOf([...changes, change("DELETED", "broker-1", 9, true)], any)).toEqual({ begins: 6, gone: 9 });
});

test("what ends at once was told so when it went", () => {
  expect(endOf([change("THERE", "broker-0", 3), change("DELETED", "broker-0", 8)], any)).toEqual({
    begins: 8,
    gone: 8,
  });
});

test("what comes later has no end of those that were there, and nothing has none", () => {
  const late = [change("ADDED", "broker-late", 11), change("DELETED", "broker-late", 12, true)];
  expect(endOf(late, any)).toBeUndefined();
  expect(endOf([change("THERE", "broker-0", 3), change("DELETED", "broker-0", 8, true), ...late], any)).toEqual({
    begins: 8,
    gone: 8,
  });
});

test("ends that overlap are not in order, however short the time between them", () => {
  const there = [change("THERE", "broker-0", 3), change("THERE", "controller-3", 4)];
  const order = (changes: readonly Change[]) => {
    const [brokers, controllers] = [ofBrokers, ofControllers].map((one) => endOf([...there, ...changes], one));
    return (brokers?.gone ?? Infinity) < (controllers?.begins ?? 0);
  };
  const [tellBroker, tellController] = [
    change("MODIFIED", "broker-0", 5, true),
    change("MODIFIED", "controller-3", 6, true),
  ];
  expect(
    order([
      tellBroker,
      tellController,
      change("DELETED", "broker-0", 7, true),
      change("DELETED", "controller-3", 8, true),
    ]),
  ).toBe(false);
  expect(
    order([
      tellBroker,
      change("DELETED", "broker-0", 6, true),
      change("MODIFIED", "controller-3", 7, true),
      change("DELETED", "controller-3", 8, true),
    ]),
  ).toBe(true);
});
