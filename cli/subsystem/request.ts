/** What `npm run subsystem` was told to do. */
import { KNOWN_CSCS } from "../../environments/systems/kafka/sal";
import { UsageError } from "../../ground/errors";
import { nearestWords } from "../../ground/nearest";

/** Options of `subsystem`. */
export interface SubsystemOptions {
  /** Folder with Avro files. */
  readonly avro?: string;
  /** Names of topics, with commas between them. */
  readonly topics?: string;
  readonly dryRun?: boolean;
  readonly yes?: boolean;
}

/** What it can do. */
const ACTIONS = ["list", "show", "init"] as const;

/** A request that makes sense. */
type SubsystemRequest =
  | { readonly action: "list" }
  | { readonly action: "show"; readonly csc: string }
  | { readonly action: "init"; readonly csc: string };

/**
 * Reads a request. Whether there is such a CSC, only Kafka knows for sure: {@link checkCsc}.
 *
 * @throws {UsageError} with what is allowed.
 */
export function readRequest(action: string, csc: string | undefined, options: SubsystemOptions): SubsystemRequest {
  const known = ACTIONS.find((one) => one === action);
  if (known === undefined)
    throw new UsageError(`unknown action ${action}: allowed are list, show <CSC> and init <CSC>`);
  const ofInit = (["avro", "topics", "dryRun", "yes"] as const).filter((one) => options[one] !== undefined);
  if (known !== "init" && ofInit.length > 0)
    throw new UsageError(
      `${ofInit.map((one) => `--${one === "dryRun" ? "dry-run" : one}`).join(", ")}: only init takes it. Leave it out with ${known}.`,
    );
  if (known === "list") {
    if (csc !== undefined) throw new UsageError(`list takes no CSC, got ${csc}: write show ${csc} for that one`);
    return { action: known };
  }
  if (csc === undefined) throw new UsageError(`${known} takes the name of a CSC: ${known} ${KNOWN_CSCS[0]}`);
  if (!/^[A-Za-z][A-Za-z0-9]*$/.test(csc))
    throw new UsageError(
      `CSC: got ${JSON.stringify(csc)}. Allowed: letters and digits, as MTM1M3. Write the name alone.`,
    );
  return { action: known, csc };
}

/**
 * Refuses a CSC that neither this program nor Kafka knows.
 *
 * @param seen - CSCs that have topics in Kafka
 * @throws {UsageError} with the nearest names.
 */
export function checkCsc(csc: string, seen: readonly string[]): void {
  if (KNOWN_CSCS.includes(csc) || seen.includes(csc)) return;
  const names = [...new Set([...KNOWN_CSCS, ...seen])];
  throw new UsageError(
    `unknown CSC ${csc}: nearest are ${nearestWords(csc, names).join(", ")}. One that is newer than this program is added to KNOWN_CSCS in environments/systems/kafka/sal.ts.`,
  );
}
