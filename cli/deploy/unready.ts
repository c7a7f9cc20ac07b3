/** Names what a deployment left that is not ready. */
import { isInsideCluster, type Layer } from "../../environments/derived/layers";
import { UserError } from "../../ground/errors";
import type { KubernetesApi } from "../shared/kubernetes/client";
import { unreadyObjects } from "../shared/kubernetes/readiness";
import { until } from "../shared/process/until";
import type { LayerResult } from "../shared/session/layer-results";
import type { StackView } from "../../synthesized/stack";

/**
 * One line for each custom resource that is not ready, such as a Secret whose Vault token has expired: of a layer that is
 * applied, and of one that failed, for Terraform says of a Job that waited in vain only that its time was over. What an
 * operator was told to leave alone keeps only a layer that failed from being ready.
 *
 * @throws {UserError} when the API of an applied layer does not answer or refuses.
 */
export async function unreadyLines(
  session: { readonly stack: (layer: Layer) => StackView },
  results: readonly Pick<LayerResult, "layer" | "status">[],
  api: Pick<KubernetesApi, "get">,
): Promise<string[]> {
  const lines = results.map(async ({ layer, status }) => {
    const failed = status === "failed";
    if (!isInsideCluster(layer) || !(failed || status === "applied" || status === "unchanged")) return [];
    const objects = await unreadyObjects(session.stack(layer), api).catch((error: unknown) => {
      // Why the layer failed is said already, and may be that nobody answers.
      if (failed && error instanceof UserError) return [];
      throw error;
    });
    return objects.filter(({ state }) => failed || state !== "left alone").map(({ what, why }) => `${what}: ${why}`);
  });
  return (await Promise.all(lines)).flat();
}

/**
 * Seconds in which an operator looks again at what it refused: Strimzi's do every two minutes. When brokers have just
 * restarted, the operator of users refuses every account until then (1.2.0: "QuotasCache is not ready").
 */
const LOOKED_AGAIN = 150;

/** How to look again, and whom to tell of the wait. */
export interface Waiting {
  /** What is not ready now, see {@link unreadyLines}. */
  readonly look: () => Promise<string[]>;
  /** Gets one line before the wait: how long it is, and for what. */
  readonly tell: (line: string) => void;
  /** @default {@link LOOKED_AGAIN} */
  readonly seconds?: number;
}

/**
 * What is not ready after a deployment. Where something was applied and nothing failed, this waits for what may become
 * ready by itself.
 */
export async function unreadyAfter(
  results: readonly Pick<LayerResult, "status">[],
  { look, tell, seconds = LOOKED_AGAIN }: Waiting,
): Promise<string[]> {
  let lines = await look();
  const statuses = results.map(({ status }) => status);
  const [first] = lines;
  if (first === undefined || statuses.includes("failed") || !statuses.includes("applied")) return lines;
  const more = lines.length > 1 ? `, and ${lines.length - 1} more` : "";
  tell(`waiting for up to ${seconds} s: ${first}${more}`);
  await until(seconds, async () => {
    // An API server that does not answer once, such as a busy one, does not end the wait.
    lines = await look().catch((error: unknown) => {
      if (error instanceof UserError) return lines;
      throw error;
    });
    return lines.length === 0 ? true : undefined;
  });
  return lines;
}
