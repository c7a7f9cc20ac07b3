/** A running site, for the time of a command. */
import type { Environment } from "../../../environments/schema";
import { UserError } from "../../../ground/errors";
import type { SiteClients } from "../clients/clients";
import { siteClients } from "../clients/site-clients";
import { interruption } from "../process/interruption";
import type { Context } from "../terminal/context";
import { kubeconfigProblem } from "./kubeconfig-problem";
import { Session } from "./session";

/**
 * Does some work with the ways into a site, which are closed at its end; Ctrl-C ends each of their requests.
 *
 * @throws {UserError} where this machine has no kubeconfig of the site.
 */
export async function withRunningSite<T>(
  context: Context,
  site: Environment,
  work: (clients: SiteClients) => Promise<T>,
): Promise<T> {
  const session = new Session(site, context);
  const missing = await kubeconfigProblem(session);
  if (missing !== undefined) throw new UserError(`kubeconfig ${missing}`);
  const clients = siteClients({ site, kubeconfig: session.kubeconfig, signal: interruption });
  try {
    return await work(clients);
  } finally {
    clients.close();
  }
}
