/** Runs checks side by side; each ends in its time, whatever becomes of what it asked. */
import { messageOf, UserError } from "../../ground/errors";
import type { SiteClients } from "../shared/clients/clients";
import { secondsSince } from "../shared/terminal/output";
import type { Check, CheckProps, Subject, Verdict } from "./model/verdict";

/** What one check said. */
export interface Finding {
  readonly subject: Subject;
  /** The check's title. */
  readonly title: string;
  readonly verdicts: readonly Verdict[];
  /** Seconds that it took. */
  readonly seconds: number;
}

/** What checks run with. */
export interface RunProps extends Omit<CheckProps, "clients" | "signal"> {
  /** Ways into the site that end with a signal. */
  readonly clientsFor: (signal: AbortSignal) => SiteClients;
  /** Why the cluster cannot be asked; undefined where it can. Checks that ask nothing of it do not wait for that. */
  readonly blocked: Promise<string | undefined>;
  /** Aborted when the user interrupts. */
  readonly interruption: AbortSignal;
  /** Most seconds that a check may take. @default - what each check says */
  readonly timeout?: number;
  /** Is told after each check which ones are still open. */
  readonly progress?: (open: readonly Check[]) => void;
}

/** A check that was not run, since the cluster cannot be asked. */
export const BLOCKED = "not asked";

/**
 * Runs these checks, and gives what they said in their order. A check that does not end in its time is given up: its
 * verdict is `unknown`, and the signal of its clients is aborted.
 *
 * @throws {Interrupted} as soon as the user interrupts.
 */
export async function runChecks(checks: readonly Check[], props: RunProps): Promise<Finding[]> {
  const open = new Set(checks);
  const interrupted = untilAborted(props.interruption);
  const findings = checks.map(async (check) => {
    const finding = await runCheck(check, props);
    open.delete(check);
    props.progress?.([...open]);
    return finding;
  });
  return Promise.race([interrupted, Promise.all(findings)]);
}

/** Rejects with the reason of a signal once it is aborted; never ends before. */
function untilAborted(signal: AbortSignal): Promise<never> {
  const ending = new Promise<never>((_resolve, reject) => {
    const fail = () => reject(signal.reason as Error);
    if (signal.aborted) fail();
    else signal.addEventListener("abort", fail, { once: true });
  });
  // Whoever waits gets it; without this line Node ends the process where nobody does.
  ending.catch(() => undefined);
  return ending;
}

async function runCheck(check: Check, props: RunProps): Promise<Finding> {
  const { subject, title } = check;
  const start = Date.now();
  const seconds = Math.min(check.seconds, props.timeout ?? check.seconds);
  const ending = new AbortController();
  const signal = AbortSignal.any([ending.signal, props.interruption]);
  const late = new OutOfTime(seconds);
  const timer = setTimeout(() => ending.abort(late), seconds * 1000);
  const verdicts = await Promise.race([untilAborted(signal), ask(check, props, signal)]).catch((error: unknown) => [
    // What ends with the signal may end with an error of its own before the signal is heard here.
    unknown(title, ending.signal.aborted ? late : error),
  ]);
  clearTimeout(timer);
  ending.abort(late);
  return { subject, title, verdicts, seconds: secondsSince(start) };
}

async function ask(check: Check, props: RunProps, signal: AbortSignal): Promise<readonly Verdict[]> {
  const { site, stacks, machine, now } = props;
  const blocked = check.outside ? undefined : await props.blocked;
  if (blocked !== undefined)
    return [{ level: "unknown", what: check.title, measured: BLOCKED, healthy: "", remedy: blocked }];
  const clients = props.clientsFor(signal);
  try {
    return await check.run({ site, stacks, machine, now, clients, signal });
  } finally {
    clients.close();
  }
}

class OutOfTime extends UserError {
  constructor(seconds: number) {
    super(`did not answer within ${seconds} s`);
  }
}

function unknown(title: string, error: unknown): Verdict {
  const isOfUser = error instanceof UserError;
  return {
    level: "unknown",
    what: title,
    measured: isOfUser ? messageOf(error) : `the check itself failed: ${messageOf(error)}`,
    healthy: "an answer",
    remedy:
      error instanceof OutOfTime
        ? "see what the other lines say, then run it again with this subject alone"
        : isOfUser
          ? "mend what is said above, then run it again"
          : "this is a mistake of the program: report it with this line",
  };
}
