/** `npm run subsystem -- <site> list | show <CSC> | init <CSC>`: the CSCs of a site, and their topics. */
import { SITES } from "../../environments";
import { withRunningSite } from "../shared/session/running-site";
import { selectSite } from "../shared/site/sites";
import type { Context } from "../shared/terminal/context";
import { init } from "./init";
import { list } from "./list";
import { readRequest, type SubsystemOptions } from "./request";
import { show } from "./show";

/** Lists CSCs, shows one, or makes what one needs. */
export async function subsystem(
  context: Context,
  name: string,
  action: string,
  csc: string | undefined,
  options: SubsystemOptions,
): Promise<number> {
  const request = readRequest(action, csc, options);
  const site = selectSite(SITES, name);
  return withRunningSite(context, site, (clients) => {
    switch (request.action) {
      case "list":
        return list(context, site, clients);
      case "show":
        return show(context, site, clients, request.csc);
      case "init":
        return init(context, site, clients, request.csc, options);
    }
  });
}
