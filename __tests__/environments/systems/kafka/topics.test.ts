import fc from "fast-check";
import { SITES } from "../../../../environments";
import { allTopicsOf, topicsOf } from "../../../../environments/sites/cscs";
import { patternsOverlap, topicRegExp } from "../../../../environments/systems/kafka/topics";

const takes = (pattern: string, topic: string) => new RegExp(topicRegExp(pattern)).test(topic);

/** Whether some word of these letters, up to this length, matches both patterns. */
function overlapByTrying(a: string, b: string, letters: string, length: number): boolean {
  const [left, right] = [new RegExp(topicRegExp(a)), new RegExp(topicRegExp(b))];
  let words = [""];
  for (let i = 0; i <= length; i++) {
    if (words.some((word) => left.test(word) && right.test(word))) return true;
    words = words.flatMap((word) => [...letters].map((letter) => word + letter));
  }
  return false;
}

test("EFD-63: a CSC's topics are not those of another whose name begins alike", () => {
  for (const [one, other] of [
    ["MTM1M3", "MTM1M3TS"],
    ["Script", "ScriptQueue"],
    ["ATDome", "ATDomeTrajectory"],
    ["MTDome", "MTDomeTrajectory"],
  ] as const) {
    const [pattern, longer] = [allTopicsOf(one)[0] ?? "", allTopicsOf(other)[0] ?? ""];
    expect([one, patternsOverlap(pattern, longer)]).toEqual([one, false]);
    expect([one, takes(pattern, `lsst.sal.${one}.logevent_heartbeat`)]).toEqual([one, true]);
    expect([one, takes(pattern, `lsst.sal.${other}.logevent_heartbeat`)]).toEqual([one, false]);
    // Without the dot behind the name they would.
    expect([one, patternsOverlap(`lsst.sal.${one}*`, longer)]).toEqual([one, true]);
  }
});

test("a dot is a dot", () => {
  expect(takes("lsst.sal.Test.*", "lsst.sal.Test.logevent.a")).toBe(true);
  expect(takes("lsst.sal.Test.*", "lsstXsal.Test.a")).toBe(false);
  expect(topicsOf("MTM1M3", "ackcmd")).toEqual(["lsst.sal.MTM1M3.ackcmd"]);
});

test.each([
  ["a.*", "a.b", true],
  ["a.*b", "a.c*", true],
  ["a.b*", "a.c*", false],
  ["*a", "b*", true],
  ["*", "", true],
  ["a*b*c", "abc", true],
  ["a*b*c", "acb", false],
])("%s and %s", (a, b, expected) => {
  expect(patternsOverlap(a, b)).toBe(expected);
  expect(patternsOverlap(b, a)).toBe(expected);
});

test("patterns overlap when, and only when, some name matches both", () => {
  const pattern = fc.string({ unit: fc.constantFrom("a", "b", "*"), maxLength: 4 });
  fc.assert(
    // A shortest common name takes each letter of both patterns at most once.
    fc.property(pattern, pattern, (a, b) => patternsOverlap(a, b) === overlapByTrying(a, b, "ab", 8)),
    { numRuns: 400 },
  );
});

test("many stars do not take for ever", () => {
  expect(patternsOverlap("a.*".repeat(40) + "b", "*a.".repeat(40) + "c")).toBe(false);
});

test("no two consumers of a site take one topic into one database", () => {
  for (const { name, telegraf, connect } of SITES) {
    const sinks = [...(telegraf?.consumers ?? []), ...(connect?.sinks ?? [])];
    expect(sinks.length).toBeGreaterThan(0);
    for (const [i, first] of sinks.entries())
      for (const second of sinks.slice(i + 1))
        if ((first.database ?? "efd") === (second.database ?? "efd"))
          for (const a of first.topics)
            for (const b of second.topics) expect([name, a, b, patternsOverlap(a, b)]).toEqual([name, a, b, false]);
  }
});
