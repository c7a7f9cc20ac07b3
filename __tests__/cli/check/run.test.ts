import { type RunProps, runChecks } from "../../../cli/check/run";
import type { Check } from "../../../cli/check/model/verdict";
import { Interrupted, UserError } from "../../../ground/errors";
import { checkProps, fakeClients } from "./support";

const ok = { level: "ok", what: "a thing", measured: "fine", healthy: "fine" } as const;
const checkOf = (run: Check["run"], changes: Partial<Check> = {}): Check => ({
  subject: "kafka",
  title: "a check",
  seconds: 60,
  run,
  ...changes,
});

function runProps(changes: Partial<RunProps> = {}): RunProps {
  const { site, stacks, machine, now } = checkProps();
  return {
    site,
    stacks,
    machine,
    now,
    clientsFor: () => fakeClients(),
    blocked: Promise.resolve(undefined),
    interruption: new AbortController().signal,
    ...changes,
  };
}

const never = () => new Promise<never>(() => undefined);

describe("runChecks", () => {
  it("gives what each check says, in the checks' order", async () => {
    const slow = checkOf(async () => {
      await new Promise((resolve) => setTimeout(resolve, 30));
      return [ok];
    });
    const findings = await runChecks([slow, checkOf(() => Promise.resolve([]), { subject: "host" })], runProps());
    expect(findings.map(({ subject, verdicts }) => [subject, verdicts])).toEqual([
      ["kafka", [ok]],
      ["host", []],
    ]);
  });

  it("gives up a check that never ends, and aborts what it asks", async () => {
    let aborted = false;
    const stuck = checkOf(
      ({ signal }) => {
        signal.addEventListener("abort", () => (aborted = true));
        return never();
      },
      { seconds: 0.2 },
    );
    const [finding] = await runChecks([stuck, checkOf(() => Promise.resolve([ok]))], runProps());
    expect(finding?.verdicts).toEqual([
      expect.objectContaining({ level: "unknown", what: "a check", measured: "did not answer within 0.2 s" }),
    ]);
    expect(aborted).toBe(true);
  });

  it("says so too where what it asked ends with an error of its own then", async () => {
    const check = checkOf(
      ({ signal }) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener("abort", () => reject(new UserError("the cluster does not answer: aborted")));
        }),
      { seconds: 0.1 },
    );
    const [finding] = await runChecks([check], runProps());
    expect(finding?.verdicts[0]?.measured).toBe("did not answer within 0.1 s");
  });

  it("gives no check more time than is allowed", async () => {
    const [finding] = await runChecks([checkOf(never)], runProps({ timeout: 0.1 }));
    expect(finding?.verdicts[0]?.measured).toBe("did not answer within 0.1 s");
  });

  it("makes unknown what throws, and goes on with the others", async () => {
    const findings = await runChecks(
      [
        checkOf(() => Promise.reject(new UserError("no ready pod behind kafka"))),
        checkOf(() => Promise.reject(new TypeError("x is undefined"))),
        checkOf(() => Promise.resolve([ok])),
      ],
      runProps(),
    );
    expect(findings.map(({ verdicts: [first] }) => first)).toEqual([
      expect.objectContaining({ level: "unknown", measured: "no ready pod behind kafka" }),
      expect.objectContaining({
        level: "unknown",
        measured: "the check itself failed: x is undefined",
        remedy: expect.stringMatching(/mistake of the program/) as string,
      }),
      ok,
    ]);
  });

  it("asks the cluster nothing where it cannot be asked, and runs what needs none", async () => {
    const asks = jest.fn(() => Promise.resolve([ok]));
    const findings = await runChecks(
      [checkOf(asks), checkOf(() => Promise.resolve([ok]), { outside: true })],
      runProps({ blocked: Promise.resolve("there is no kubeconfig") }),
    );
    expect(asks).not.toHaveBeenCalled();
    expect(findings.map(({ verdicts: [first] }) => [first?.level, first?.measured, first?.remedy])).toEqual([
      ["unknown", "not asked", "there is no kubeconfig"],
      ["ok", "fine", undefined],
    ]);
  });

  it("ends at once when the user interrupts, though nothing answers", async () => {
    const ending = new AbortController();
    const running = runChecks([checkOf(never), checkOf(never)], runProps({ interruption: ending.signal }));
    setTimeout(() => ending.abort(new Interrupted()), 50);
    await expect(running).rejects.toThrow("interrupted");
  });

  it("closes the ways into the site after each check, and tells what is still open", async () => {
    const close = jest.fn();
    const open: string[][] = [];
    await runChecks(
      [checkOf(() => Promise.resolve([ok])), checkOf(() => Promise.reject(new UserError("no")), { subject: "sinks" })],
      runProps({
        clientsFor: () => ({ ...fakeClients(), close }),
        progress: (left) => open.push(left.map(({ subject }) => subject)),
      }),
    );
    expect(close).toHaveBeenCalledTimes(2);
    expect(open.at(-1)).toEqual([]);
    expect(open).toHaveLength(2);
  });
});
