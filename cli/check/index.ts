/** `npm run check -- <site> [subjects…]`: says whether a running site works, and what to do where it does not. */
import { existsSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { SITES } from "../../environments";
import type { SiteClients } from "../shared/clients/clients";
import { siteClients } from "../shared/clients/site-clients";
import { readKubeconfig } from "../shared/kubernetes/kubeconfig";
import { interruption } from "../shared/process/interruption";
import { kubeconfigProblem } from "../shared/session/kubeconfig-problem";
import { Session } from "../shared/session/session";
import { selectSite } from "../shared/site/sites";
import type { Context } from "../shared/terminal/context";
import { type Output, secondsSince } from "../shared/terminal/output";
import { CHECKS } from "./checks";
import { changesText, exitCodeOf, type Round, roundJson, roundText } from "./render";
import { type CheckOptions, pauseOf, selectChecks, timeoutOf } from "./request";
import { runChecks } from "./run";
import type { Check } from "./model/verdict";
import { clusterProblem } from "./way-in";

/** Checks a site once, or again and again, and gives the exit code of the last round. */
export async function check(
  context: Context,
  name: string,
  subjects: readonly string[],
  options: CheckOptions,
): Promise<number> {
  const [pause, timeout] = [pauseOf(options), timeoutOf(options)];
  const site = selectSite(SITES, name);
  const checks = selectChecks(CHECKS, site, subjects);
  const session = new Session(site, context);
  // It loads a large package, which must not count as time in which the cluster does not answer.
  if (existsSync(session.kubeconfig)) await readKubeconfig({ file: session.kubeconfig }).catch(() => undefined);
  const look = () => round(context, session, checks, timeout);
  if (pause !== undefined) return watch(context.output, look, pause);
  const found = await look();
  context.output.print(roundText(found, context.output.colour));
  context.output.result(roundJson(found));
  return exitCodeOf(found);
}

/** One round of these checks. */
async function round(
  { output }: Context,
  session: Session,
  checks: readonly Check[],
  timeout: number | undefined,
): Promise<Round> {
  const [time, site] = [Date.now(), session.environment];
  const clientsFor = (signal: AbortSignal) => siteClients({ site, kubeconfig: session.kubeconfig, signal });
  const blocked = checks.some(({ outside }) => !outside) ? wayIn(session, clientsFor) : Promise.resolve(undefined);
  let why: string | undefined;
  // A check that waits for it gets the failure. Nothing else waits: the state of Terraform may not answer either.
  blocked.then((reason) => (why = reason)).catch(() => undefined);
  const findings = await runChecks(checks, {
    site,
    stacks: session.stacks,
    machine: session.surroundings,
    now: Date.now,
    clientsFor,
    blocked,
    interruption,
    ...(timeout === undefined ? {} : { timeout }),
    progress: (open) => {
      if (open.length === 0) return;
      const waiting = [...new Set(open.map(({ subject }) => subject))].join(", ");
      output.step(
        `${site.name}: ${checks.length - open.length} of ${checks.length} checks; waiting for ${waiting}`,
        false,
      );
    },
  });
  return {
    site: site.name,
    time,
    seconds: secondsSince(time),
    findings,
    ...(why === undefined ? {} : { blocked: why }),
  };
}

/** Why the cluster cannot be asked; undefined where it can. */
async function wayIn(session: Session, clientsFor: (signal: AbortSignal) => SiteClients): Promise<string | undefined> {
  const missing = await kubeconfigProblem(session);
  return missing === undefined ? clusterProblem(session.environment, clientsFor) : `kubeconfig ${missing}`;
}

/** Rounds until the user ends them: a terminal shows the last one, anything else the first and what changes then. */
async function watch(output: Output, look: () => Promise<Round>, pause: number): Promise<number> {
  for (let before: Round | undefined; ;) {
    const found = await look();
    output.resultLine(roundJson(found));
    if (output.isTerminal || before === undefined)
      output.redraw(`${roundText(found, output.colour)}\nagain every ${pause} s; Ctrl-C ends it`);
    else for (const line of changesText(before, found, output.colour)) output.print(line);
    before = found;
    await sleep(Math.max(0, found.time + pause * 1000 - Date.now()), undefined, { signal: interruption });
  }
}
