/** Which rehearsals run in containers, and what they need of Docker. */
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import type { Environment } from "../../environments/schema";
import type { Context } from "../../cli/shared/terminal/context";
import { UsageError } from "../../ground/errors";
import { SERVER_PORTS } from "../../cli/shared/checks/docker-hosts";
import type { DockerNeeds } from "./checks";
import { freeApiPort } from "./control-plane/free-port";
import { LocalDocker, localDockerAddress } from "./control-plane/local-docker";
import type { Kind } from "./rehearsal";
import { isolatedCluster, SiteCluster } from "./control-plane/site-cluster";

/**
 * What a rehearsal runs in; undefined where it needs no container.
 *
 * @throws {UsageError} for options that do not go together, or not with this site.
 * @throws {UserError} where Docker would be another machine's.
 */
export async function containersFor(
  { run, env }: Context,
  environment: Environment,
  options: { readonly docker?: boolean; readonly from?: string },
): Promise<{ readonly kind: Kind; readonly needs: DockerNeeds } | undefined> {
  const { cluster, name } = environment;
  if (!options.docker) return undefined;
  if (options.from !== undefined)
    throw new UsageError(
      "--docker and --from exclude one another: an earlier revision may not know other names for its nodes",
    );
  if (cluster.kind !== "k3s" || !cluster.dockerHost?.startsWith("unix:"))
    throw new UsageError(
      `--docker: ${name} has no cluster in this machine's Docker; without --docker any site can be rehearsed`,
    );
  const host = new LocalDocker(localDockerAddress(env), run);
  const prefix = `efd-rehearsal-${randomBytes(4).toString("hex")}`;
  const apiPort = await freeApiPort();
  return {
    kind: (place) =>
      new SiteCluster(place, {
        environment: isolatedCluster(environment, {
          prefix,
          dockerHost: host.address,
          apiPort,
          hostPath: join(place.folder, "data"),
        }),
        prefix,
        docker: host,
      }),
    needs: {
      host,
      images: [...new Set([cluster.version, ...cluster.agents.map(({ version = cluster.version }) => version)])].map(
        (version) => `${cluster.image}:${version}`,
      ),
      ports: SERVER_PORTS,
    },
  };
}
