/** Throw-away containers on the Docker daemon of this machine. */
import { parseTar } from "nanotar";
import { SocketDockerClient } from "../../../cli/shared/docker/docker";
import { UserError } from "../../../ground/errors";

/** Where Docker listens unless `DOCKER_HOST` says otherwise. */
const USUAL_SOCKET = "unix:///var/run/docker.sock";

/** A container that is thrown away. */
export interface ThrowAway {
  readonly image: string;
  readonly command: readonly string[];
  /** `NAME=value`. */
  readonly env?: readonly string[];
  /** Names that it resolves besides, `name:address`. */
  readonly hosts?: readonly string[];
}

/** What became of a container. */
export interface ContainerState {
  readonly id: string;
  readonly image: string;
  readonly running: boolean;
}

/** Says so where a server in an image of k3s is not k3s's own. */
export function imageNote(version: string): string {
  return /\+k3s\d/.test(version) ? "" : " (which is not k3s's own)";
}

/** Docker behind a socket of this machine; what is made here is found again by its names. */
export class LocalDocker extends SocketDockerClient {
  /** Makes and starts a container. @throws {UserError} with the daemon's reason. */
  async start(name: string, { image, command, env, hosts }: ThrowAway): Promise<void> {
    const made = await this.call("POST", `/containers/create?name=${name}`, {
      json: {
        Image: image,
        Cmd: command,
        Env: env ?? [],
        HostConfig: {
          Tmpfs: { "/run": "", "/var/run": "" },
          ...(hosts && { ExtraHosts: hosts }),
        },
      },
    });
    const started = made.status === 201 ? await this.call("POST", `/containers/${name}/start`) : made;
    if (started.status >= 300) throw new UserError(`container ${name} does not start: ${reasonIn(started.body)}`);
  }

  /** A container as it is now; undefined where there is none of this name. */
  async stateOf(name: string): Promise<ContainerState | undefined> {
    const { status, body } = await this.call("GET", `/containers/${name}/json`);
    if (status !== 200) return undefined;
    const { Id, Config, State } = JSON.parse(body.toString()) as {
      Id: string;
      Config: { Image: string };
      State: { Running: boolean };
    };
    return { id: Id, image: Config.Image, running: State.Running };
  }

  async logs(name: string, lines = 200): Promise<string> {
    const { body } = await this.call("GET", `/containers/${name}/logs?stdout=1&stderr=1&tail=${lines}`);
    // Each piece has a head of eight bytes; none of them is a line break that matters.
    return body.toString("latin1").replace(/[\x01\x02]\0\0\0[\s\S]{4}/g, ""); // oxlint-disable-line no-control-regex -- the head
  }

  /** Files below a folder of a container, by their path from there. @throws {Error} where there is no such folder. */
  async files(container: string, folder: string): Promise<ReadonlyMap<string, string>> {
    const query = new URLSearchParams({ path: folder });
    const { status, body } = await this.call("GET", `/containers/${container}/archive?${query.toString()}`);
    if (status !== 200) throw new Error(reasonIn(body));
    return new Map(
      // A copy: the parser reads a view's whole memory, which a small Buffer shares with others.
      parseTar(new Uint8Array(body)).flatMap(({ name, type, text }) =>
        type === "file" ? [[name.split("/").slice(1).join("/"), text] as const] : [],
      ),
    );
  }

  async stop(container: string): Promise<void> {
    await this.call("POST", `/containers/${container}/stop`);
  }

  /** Removes a container at once; its volumes that have a name stay. */
  async kill(container: string): Promise<void> {
    await this.call("DELETE", `/containers/${container}?force=true&v=true`, { cleanup: true });
  }

  /**
   * Removes all containers and volumes whose names begin so, also after an interruption.
   *
   * @returns names of what could not be removed.
   */
  async sweep(prefix: string): Promise<string[]> {
    const left: string[] = [];
    const remove = async (kind: "containers" | "volumes", names: readonly string[]) => {
      for (const name of names.filter((one) => one.startsWith(prefix))) {
        const { status } = await this.call("DELETE", `/${kind}/${name}?force=true&v=true`, { cleanup: true });
        if (status !== 204 && status !== 404) left.push(name);
      }
    };
    await remove("containers", await this.containers({ cleanup: true }));
    await remove("volumes", await this.volumes({ cleanup: true }));
    return left;
  }
}

/** What the daemon says in an answer that is a refusal. */
function reasonIn(body: Buffer): string {
  const text = body.toString();
  try {
    return (JSON.parse(text) as { message?: string }).message ?? text;
  } catch {
    return text;
  }
}

/**
 * The Docker address of this environment.
 *
 * @throws {UserError} when it leads to another machine.
 */
export function localDockerAddress(env: NodeJS.ProcessEnv): string {
  const address = env["DOCKER_HOST"] || USUAL_SOCKET;
  if (!/^unix:\/\/\/\S+$/.test(address))
    throw new UserError(
      `DOCKER_HOST is ${address}, allowed a socket of this machine (unix:///…), for a rehearsal reaches no other, unset it`,
    );
  return address;
}
