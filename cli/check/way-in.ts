import { namespacesOf } from "../../environments/derived/namespaces";
import type { Environment } from "../../environments/schema";
import { messageOf, UserError } from "../../ground/errors";
import type { SiteClients } from "../shared/clients/clients";

/** Seconds within which the cluster must answer before the checks that need it begin; a login program takes some. */
const PATIENCE = 10;

/**
 * Why the cluster of a site cannot be asked; undefined where it can.
 *
 * @param patience - seconds within which it must answer
 */
export async function clusterProblem(
  site: Environment,
  clientsFor: (signal: AbortSignal) => SiteClients,
  patience = PATIENCE,
): Promise<string | undefined> {
  const limit = AbortSignal.timeout(patience * 1000);
  const clients = clientsFor(limit);
  try {
    const names = (await clients.cluster.list("/api/v1/namespaces")).map(({ metadata }) => metadata.name);
    return namespacesOf(site).some((namespace) => names.includes(namespace))
      ? undefined
      : `the cluster has no namespace of ${site.name}, so nothing is deployed there: npm run deploy -- ${site.name}`;
  } catch (error) {
    if (limit.aborted)
      return `the cluster does not answer within ${patience} s: see that its machines run, and that this one reaches them (npm run access -- ${site.name} has the address)`;
    if (error instanceof UserError) return messageOf(error);
    throw error;
  } finally {
    clients.close();
  }
}
