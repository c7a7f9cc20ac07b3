/** What a plain deploy asks about besides its yes: what loses data, by the rules of the review. */
import { allowingEntries, needingConsent } from "../../review/model/consent";
import type { Finding } from "../../review/model/model";
import type { Layer } from "../../environments/derived/layers";
import { UserError } from "../../ground/errors";
import { findingsOf } from "../shared/plan/review-subject";
import { readSavedPlan } from "../shared/plan/saved-plan";
import type { Session } from "../shared/session/session";
import { confirmName, type Context } from "../shared/terminal/context";
import { terraformVersion } from "../shared/terraform/terraform";

/** What the saved plan of a layer does that nobody may do without being asked. */
export async function needingConsentOf({ run }: Context, session: Session, layer: Layer): Promise<readonly Finding[]> {
  const stack = session.stack(layer);
  const plan = await readSavedPlan(session.terraform(layer), stack, await terraformVersion(run));
  return needingConsent(findingsOf(session, stack, plan));
}

/** One of them in a line, with what would allow it for good. */
export function consentLine({ risk, what, why, ...finding }: Finding): string {
  const entries = allowingEntries(finding);
  const entry = risk === "loses data" && entries !== "" ? `; allowDestroys: [${entries}] would allow it` : "";
  return `${risk}: ${what}: ${why}${entry}`;
}

/**
 * Asks for the site's name, or takes the one that was given. A yes in advance does not cover this.
 *
 * @throws {UserError} where nobody agrees; without a terminal it has the line to type.
 */
export async function confirmLoss(
  context: Context,
  { environment: { name: site } }: Pick<Session, "environment">,
  layer: Layer,
  asked: readonly Finding[],
  given: string | undefined,
): Promise<void> {
  if (given !== undefined || context.ask) return confirmName(context, site, given, "apply this");
  throw new UserError(
    [
      ...asked.map(consentLine),
      `nothing was applied, for --yes does not cover this. Where it is meant, type: npm run deploy -- ${site} ${layer} --yes --confirm ${site}`,
    ].join("\n"),
  );
}
