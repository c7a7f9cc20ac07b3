import { existsSync } from "node:fs";
import { layersOf } from "../../../environments/derived/layers";
import { errorLines } from "../../../ground/errors";
import type { Session } from "./session";

/** Why a site has no kubeconfig on this machine; undefined when it has one, or got it from the cluster layer's state. */
export async function kubeconfigProblem(session: Session): Promise<string | undefined> {
  if (existsSync(session.kubeconfig)) return undefined;
  const [first] = layersOf(session.environment);
  try {
    if (await session.ensureKubeconfig()) return undefined;
    return first === "cluster"
      ? `missing: ${session.stack(first).name} is not applied; npm run deploy -- ${session.environment.name} applies it`
      : `missing: ${session.noKubeconfig}`;
  } catch (error) {
    return `missing, and cannot be made: ${errorLines(error)[0]}`;
  }
}
