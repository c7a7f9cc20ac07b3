/** How much happens: counted once, and shown by every rendering. */
import { type Change, type Review, type Risk, RISKS } from "./model";

/** How often one risk is said. */
interface Count {
  readonly risk: Risk;
  readonly number: number;
}

/** Everything that is said of a change, the worst first, each risk as often as it is said: one for each finding. */
export function risksOf({ risk, risks = [risk] }: Pick<Change, "risk" | "risks">): readonly Risk[] {
  return risks;
}

/** How often each risk is said of these changes, the worst first. A change of which no rule says anything counts once. */
export function tallyOf(changes: readonly Change[]): Count[] {
  const said = changes.flatMap(risksOf);
  return RISKS.map((risk) => ({ risk, number: said.filter((one) => one === risk).length }));
}

/** The same of a whole review. */
export function tally({ layers }: Pick<Review, "layers">): Count[] {
  return tallyOf(layers.flatMap(({ changes }) => changes));
}
