/** What `npm run check -- local` says of the running site. */
import type { Subject, Verdict } from "../../../cli/check/model/verdict";
import { until } from "../../../cli/shared/process/until";
import type { Part } from "./part";
import type { RunningSite } from "./running-site";

/** A line of a check. */
export interface SaidVerdict extends Verdict {
  readonly subject: Subject;
}

/** Programs that a subject asks: where one is no real one, its lines say nothing of the site. */
const ASKED: Readonly<Partial<Record<Subject, readonly Part[]>>> = {
  chronograf: ["chronograf"],
  kapacitor: ["kapacitor"],
  certificates: ["traefik", "cert-manager"],
};

/**
 * Asks the site.
 *
 * @throws where the command gives no answer.
 */
export async function verdictsOf(site: RunningSite, ...subjects: readonly Subject[]): Promise<SaidVerdict[]> {
  const { stdout, stderr } = await site.command("check", ...subjects, "--json");
  if (!stdout.trimStart().startsWith("{")) throw new Error(`check gives no answer: ${stderr.trim()}`);
  const { verdicts, errors } = JSON.parse(stdout) as {
    readonly verdicts?: readonly SaidVerdict[];
    readonly errors?: readonly string[];
  };
  if (!verdicts) throw new Error(`check gives no answer: ${errors?.join("; ") ?? ""}`);
  return [...verdicts];
}

/** All volumes are folders of the machine that the bench runs on: how full its disk is says nothing of the site. */
const isOfMachine = ({ level, what, measured }: SaidVerdict): boolean =>
  level === "warn" && what.startsWith("volume ") && / in use$/.test(measured);

/** Lines of verdicts that are not `ok`, those that ask a program that is no real one, or the machine, left out. */
export function troublesIn(verdicts: readonly SaidVerdict[], simulated: ReadonlyMap<Part, string>): string[] {
  return verdicts
    .filter((one) => !isOfMachine(one))
    .filter(({ level, subject }) => level !== "ok" && !ASKED[subject]?.some((part) => simulated.has(part)))
    .map(({ subject, level, what, measured }) => `${subject} ${level} ${what}: ${measured}`);
}

/** Seconds after which what is wrong with a site that was just deployed stays so. */
const PASSES = 180;

/** What is still wrong with the site by its own check when it was given time; nothing as soon as nothing is. */
export async function troublesLeft(site: RunningSite, ...subjects: readonly Subject[]): Promise<string[]> {
  let troubles: string[] = [];
  await until(PASSES, async () => {
    troubles = await troublesOf(site, ...subjects);
    if (troubles.length > 0) console.log(`        looked at again: ${troubles.join("; ")}`);
    return troubles.length === 0 || undefined;
  });
  return troubles;
}

/** What is wrong with the site by its own check; names what could not be judged. */
export async function troublesOf(site: RunningSite, ...subjects: readonly Subject[]): Promise<string[]> {
  const verdicts = await verdictsOf(site, ...subjects);
  const said = new Set(verdicts.map(({ subject }) => subject));
  for (const [subject, parts] of Object.entries(ASKED)) {
    const part = parts.find((one) => site.simulated.has(one));
    if (said.has(subject as Subject) && part) site.notRun(`check: ${subject}`, site.simulated.get(part) ?? "");
  }
  return troublesIn(verdicts, site.simulated);
}
