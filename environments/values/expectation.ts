/** How errors of a site's file put into words what is allowed and what to do. */
import { z } from "zod";
import type { Expectation } from "../../ground/units";

const BEGIN = "Allowed: ";

/** What is allowed and what to do, as the last two sentences of an error. */
export function expectation({ allowed, remedy }: Expectation): string {
  return `${BEGIN}${allowed}. ${sentence(remedy)}`;
}

/** Words without a full stop as a sentence. */
export function sentence(words: string): string {
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}.`;
}

/** Whether a message is one of {@link expectation}, not zod's own. */
export function isExpectation(message: string): boolean {
  return message.startsWith(BEGIN);
}

/** What forms allow, for the documents. */
export const EXPECTATIONS = z.registry<Expectation>();
