/** InfluxDB of a site for whoever reads: through its cluster, or by its route with an account of one's own. */
import { existsSync } from "node:fs";
import { hostOf } from "../../environments/values/host-names";
import type { Environment } from "../../environments/schema";
import { messageOf, UsageError, UserError } from "../../ground/errors";
import { http, overNetwork } from "../shared/clients/http";
import { type Influxdb, influxdbOver } from "../shared/clients/influxdb";
import { siteClients } from "../shared/clients/site-clients";
import { interruption } from "../shared/process/interruption";
import { Session } from "../shared/session/session";
import type { Context } from "../shared/terminal/context";

/** Variables of the environment with an account of one's own. */
export const ACCOUNT = { name: "EFD_INFLUXDB_USER", password: "EFD_INFLUXDB_PASSWORD" } as const;

/** InfluxDB, how it is reached, and what closes it. */
export interface Source {
  readonly influxdb: Influxdb;
  readonly close: () => void;
}

/**
 * Opens InfluxDB of a site.
 *
 * @throws {UserError} where there is neither a kubeconfig nor an account.
 */
export async function openSource(context: Context, site: Environment): Promise<Source> {
  const name = context.env[ACCOUNT.name];
  return name === undefined || name === "" ? byCluster(context, site) : byRoute(context, site, name);
}

async function byCluster(context: Context, site: Environment): Promise<Source> {
  const session = new Session(site, context);
  try {
    await session.needKubeconfig();
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const host = hostOf(site, "influxdb");
    throw new UserError(
      `no access to ${site.name}: ${messageOf(error)}. Without access to the cluster set ${ACCOUNT.name} to an account of InfluxDB: then https://${host} is asked`,
    );
  }
  const clients = siteClients({ site, kubeconfig: session.kubeconfig, signal: interruption });
  return {
    influxdb: await clients.influxdb("reader"),
    close: () => {
      clients.close();
    },
  };
}

async function byRoute(context: Context, site: Environment, name: string): Promise<Source> {
  const password = context.env[ACCOUNT.password] ?? (await context.askHidden?.(`Password of ${name} in InfluxDB: `));
  if (password === undefined || password === "")
    throw new UsageError(
      `${ACCOUNT.password} is not set, and there is no terminal to ask on: set it to the password of ${name}`,
    );
  const url = new URL(`https://${hostOf(site, "influxdb")}`);
  const kubeconfig = ownKubeconfig(context, site);
  if (kubeconfig !== undefined) {
    // The kubeconfig leads to the site's own authority.
    const clients = siteClients({ site, kubeconfig, signal: interruption });
    return {
      influxdb: influxdbOver(clients.outside(url.href), { name, password }),
      close: () => {
        clients.close();
      },
    };
  }
  const way = http({ name: url.host, signal: interruption, send: overNetwork(url) });
  return { influxdb: influxdbOver(way, { name, password }), close: () => undefined };
}

/** The kubeconfig of a site whose authority only its cluster knows; undefined elsewhere, or where there is none. */
function ownKubeconfig(context: Context, site: Environment): string | undefined {
  if (site.certificates.kind !== "own-ca") return undefined;
  const { kubeconfig } = new Session(site, context);
  return existsSync(kubeconfig) ? kubeconfig : undefined;
}
