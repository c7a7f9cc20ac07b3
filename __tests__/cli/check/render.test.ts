import pc from "picocolors";
import { changesText, exitCodeOf, type Round, roundJson, roundText } from "../../../cli/check/render";
import { BLOCKED } from "../../../cli/check/run";
import type { Level, Subject, Verdict } from "../../../cli/check/model/verdict";
import { NOW } from "./support";

const verdict = (level: Level, what = "a thing", changes: Partial<Verdict> = {}): Verdict => ({
  level,
  what,
  measured: "3 s",
  healthy: "less than 2 s",
  ...(level === "ok" ? {} : { remedy: "mend it" }),
  ...changes,
});

function roundOf(found: Partial<Record<Subject, readonly Verdict[]>>, changes: Partial<Round> = {}): Round {
  const findings = Object.entries(found).map(([subject, verdicts]) => ({
    subject: subject as Subject,
    title: "t",
    verdicts,
    seconds: 0.1,
  }));
  return { site: "toy", time: NOW, seconds: 1.5, findings, ...changes };
}

const plain = pc.createColors(false);

describe("exit codes", () => {
  it.each<[readonly Level[], number]>([
    [["ok", "ok"], 0],
    [["ok", "warn"], 1],
    [["warn", "fail", "unknown", "ok"], 2],
    [["ok", "unknown"], 3],
    [["warn", "unknown"], 1],
    [[], 3],
  ])("of %j is %d", (levels, code) => {
    expect(exitCodeOf(roundOf({ kafka: levels.map((level) => verdict(level)) }))).toBe(code);
  });
});

describe("roundText", () => {
  it("groups by subject in the order of the subjects, and says what to do only where something is wrong", () => {
    const text = roundText(
      roundOf({
        backups: [verdict("ok")],
        kafka: [verdict("fail", "broker 1", { page: "docs/operations.md" }), verdict("ok", "broker 2")],
      }),
      plain,
    );
    expect(text).toBe(`kafka
  fail     broker 1: 3 s
             healthy: less than 2 s
             do: mend it
             see: docs/operations.md
  ok       broker 2: 3 s

backups
  ok       a thing: 3 s

toy at 2026-11-30T12:00:00Z: 1 fail, 2 ok (1.5 s)`);
  });

  it("says once what to do about several that are the same", () => {
    const lines = roundText(
      roundOf({ kafka: [verdict("fail", "a"), verdict("fail", "b"), verdict("warn", "c", { remedy: "wait" })] }),
      plain,
    ).split("\n");
    expect(lines.slice(1, 7)).toEqual([
      "  fail     a: 3 s",
      "  fail     b: 3 s",
      "             healthy: less than 2 s",
      "             do: mend it",
      "  warn     c: 3 s",
      "             healthy: less than 2 s",
    ]);
  });

  it("says once why the cluster cannot be asked, with the subjects that were left out", () => {
    const blocked = [verdict("unknown", "x", { measured: BLOCKED, remedy: "no kubeconfig" })];
    const text = roundText(
      {
        ...roundOf({ host: [verdict("ok")], kafka: blocked, love: blocked }, { blocked: "no kubeconfig" }),
        findings: [
          { subject: "host", title: "machines", verdicts: [verdict("ok")], seconds: 0 },
          { subject: "host", title: "clocks", verdicts: blocked, seconds: 0 },
          { subject: "kafka", title: "brokers", verdicts: blocked, seconds: 0 },
          { subject: "kafka", title: "topics", verdicts: blocked, seconds: 0 },
        ],
      },
      plain,
    );
    expect(text.match(/no kubeconfig/g)).toHaveLength(1);
    expect(text).toContain("not asked, since the cluster cannot be: the rest of host, kafka\n");
    expect(text).toContain("3 unknown, 1 ok");
  });
});

describe("roundJson", () => {
  it("has every verdict with its subject, and the exit code", () => {
    expect(roundJson(roundOf({ kafka: [verdict("warn")] }))).toEqual({
      site: "toy",
      time: "2026-11-30T12:00:00Z",
      seconds: 1.5,
      exitCode: 1,
      counts: { ok: 0, warn: 1, fail: 0, unknown: 0 },
      verdicts: [
        {
          subject: "kafka",
          check: "t",
          level: "warn",
          what: "a thing",
          measured: "3 s",
          healthy: "less than 2 s",
          remedy: "mend it",
        },
      ],
    });
  });
});

describe("changesText", () => {
  const before = roundOf({ kafka: [verdict("ok", "a"), verdict("fail", "b"), verdict("warn", "c")] });

  it("is empty where nothing changed, also where other figures were measured", () => {
    const now = roundOf({
      kafka: [verdict("ok", "a", { measured: "4 s" }), verdict("fail", "b"), verdict("warn", "c")],
    });
    expect(changesText(before, now, plain)).toEqual([]);
  });

  it("tells what became another level, what is new and wrong, and what is gone", () => {
    const now = roundOf({
      kafka: [verdict("warn", "a"), verdict("ok", "b"), verdict("ok", "d"), verdict("fail", "e")],
    });
    expect(changesText(before, now, plain)).toEqual([
      "2026-11-30T12:00:00Z warn    kafka: a: 3 s (was ok); do: mend it",
      "2026-11-30T12:00:00Z ok      kafka: b: 3 s (was fail)",
      "2026-11-30T12:00:00Z fail    kafka: e: 3 s (was not there); do: mend it",
      "2026-11-30T12:00:00Z gone    kafka c (was warn)",
    ]);
  });

  it("is empty where several verdicts on one thing stay as they are", () => {
    const same = roundOf({ kafka: [verdict("fail", "topics"), verdict("warn", "topics")] });
    expect(changesText(same, same, plain)).toEqual([]);
    const better = roundOf({ kafka: [verdict("ok", "topics")] });
    expect(changesText(same, better, plain)).toEqual(["2026-11-30T12:00:00Z ok      kafka: topics: 3 s (was fail)"]);
  });
});
