/** What a killed apply of the cluster layer left on Docker hosts: containers and volumes that its state does not know. */
import { createHash } from "node:crypto";
import type { DockerClient } from "../docker/docker";
import type { Recovery } from "./in-cluster";
import type { DockerResource } from "../site/stack-facts";
import type { State } from "../terraform/terraform";

/** The join token in the state of a cluster layer, by which its own nodes are recognized. */
export function joinTokenOf(state: State): string | undefined {
  const attributes = (type: string, name: string) =>
    state.resources?.find((one) => one.type === type && one.name === name)?.instances[0]?.attributes;
  const authority = attributes("tls_self_signed_cert", "server-ca")?.["cert_pem"];
  const password = attributes("random_password", "token")?.["result"];
  if (typeof authority !== "string" || typeof password !== "string") return undefined;
  return `K10${createHash("sha256").update(authority).digest("hex")}::server:${password}`;
}

/**
 * Looks on one host for containers and volumes of the cluster's names that its state does not know.
 *
 * A container belongs to the cluster when it has the cluster's join token. It is stopped, removed and created again. A
 * volume is imported when such a container mounts it, or when it is empty. Everything else may belong to somebody, and
 * is an obstacle.
 *
 * `unknown` are the resources of this host that the state does not have, `token` is the join token: undefined where the
 * state has no authorities yet.
 */
export async function recoveryOnDockerHost(
  address: string,
  host: DockerClient,
  unknown: readonly DockerResource[],
  token: string | undefined,
): Promise<Recovery> {
  const there = { container: await host.containers(), volume: await host.volumes(), image: [] as string[] };
  const found = unknown.filter(({ kind, name }) => there[kind].includes(name));
  const containers = await Promise.all(
    found
      .filter(({ kind }) => kind === "container")
      .map(async ({ name }) => {
        const facts = await host.container(name);
        return { name, volumes: facts?.volumes ?? [], own: !!token && !!facts?.env.includes(`K3S_TOKEN=${token}`) };
      }),
  );
  const own = containers.filter((one) => one.own);
  const foreign = containers.filter((one) => !one.own).map(({ name }) => name);
  const volumes = found.filter(({ kind }) => kind === "volume");
  const mounted = own.flatMap((one) => one.volumes);
  const empty = volumes.some(({ name }) => !mounted.includes(name)) ? await host.emptyVolumes() : [];
  const ours = volumes.filter(({ name }) => mounted.includes(name) || empty.includes(name));
  const others = volumes.filter((one) => !ours.includes(one)).map(({ name }) => name);
  return {
    imports: ours.map(({ address: to, name }) => ({ address: to, id: name })),
    steps: own.map(({ name }) => ({
      text: `stops and removes container ${name} on ${address}, which is made again on its volumes`,
      run: () => host.remove(name),
    })),
    obstacles: [
      ...(foreign.length > 0
        ? [
            `container ${foreign.join(", ")} on ${address} is not in this site's state: find out whose it is, then \`docker rm --force ${foreign.join(" ")}\``,
          ]
        : []),
      ...(others.length > 0
        ? [
            `Docker volume ${others.join(", ")} on ${address} belongs to a cluster that this site's state does not know: find out whose it is, then \`docker volume rm ${others.join(" ")}\``,
          ]
        : []),
    ],
  };
}
