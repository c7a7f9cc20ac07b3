/** What keeps a layer from being planned or applied. */
import type { Layer } from "../../../environments/derived/layers";
import type { LayerResult } from "./layer-results";
import type { Session } from "./session";

/** Why a layer cannot be deployed now; undefined when it can. */
export async function whyBlocked(
  session: Pick<Session, "upstream" | "applied" | "stack" | "environment">,
  layer: Layer,
  results: readonly LayerResult[],
): Promise<string | undefined> {
  const upstream = session.upstream(layer);
  if (!upstream) return undefined;
  const { name } = session.stack(upstream);
  const before = results.find((one) => one.layer === upstream);
  if (before && ["failed", "declined"].includes(before.status)) return `${name} was not applied`;
  if ((await session.applied(upstream)).length > 0) return undefined;
  const below = session.upstream(upstream);
  const command = `npm run deploy -- ${session.environment.name}`;
  const alone = !below || (await session.applied(below)).length > 0;
  return `it depends on ${name}, which is not applied: ${alone ? `${command} ${upstream}` : command}`;
}
