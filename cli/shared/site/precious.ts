import { layersOf } from "../../../environments/derived/layers";
import type { Environment } from "../../../environments/schema";

/** Whether a site has a layer that may not be destroyed: a yes is then not enough for what takes the site away. */
export function isPrecious(environment: Environment): boolean {
  return layersOf(environment).some((layer) => !environment.allowDestroys.includes(`${environment.name}-${layer}`));
}
