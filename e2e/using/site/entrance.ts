/** The servers that clients outside the cluster come to: they show a certificate, and more is not asked of them. */
import { createServer, type Server } from "node:tls";
import type { Environment } from "../../../environments/schema";
import { accessOf } from "../../../cli/shared/site/addresses";
import type { Stack } from "../../../cli/shared/site/program";
import { messageOf } from "../../../ground/errors";
import { endLater } from "../../data-path/program";
import type { Authority, KeyPair } from "./authority";
import { ADDRESS } from "./site";

/** Ingress and external listeners of Kafka. */
export class Entrance {
  private constructor(
    private readonly servers: readonly Server[],
    private readonly authority: Authority,
    /** Host names that clients use. */
    readonly names: readonly string[],
  ) {
    endLater(this);
  }

  /** Starts them; says why not where this machine does not let them listen on their ports. */
  static async start(site: Environment, stacks: readonly Stack[], authority: Authority): Promise<Entrance | string> {
    const urls = accessOf(site, stacks, "", {}).addresses.map(
      ({ address }) => new URL(address.startsWith("https://") ? address : `https://${address}`),
    );
    const names = [...new Set(urls.map(({ hostname }) => hostname))];
    const ports = [...new Set(urls.map(({ port }) => Number(port || 443)))];
    const pair = await authority.certify({ file: "entrance", commonName: "entrance", names });
    const servers: Server[] = [];
    const entrance = new Entrance(servers, authority, names);
    for (const port of ports) {
      const server = createServer({ key: pair.key, cert: pair.certificate }, (socket) => socket.end());
      server.on("tlsClientError", () => undefined);
      const listens = await new Promise<string | undefined>((resolve) => {
        server.once("error", (error) => resolve(messageOf(error)));
        server.listen(port, ADDRESS, () => resolve(undefined));
      });
      if (listens !== undefined) return listens;
      servers.push(server);
    }
    return entrance;
  }

  /** Shows another certificate from now on. */
  show({ key, certificate }: KeyPair): void {
    for (const server of this.servers) server.setSecureContext({ key, cert: certificate });
  }

  /** A certificate of the site's authority, for the names that clients use or for others. */
  certificate(file: string, names = this.names, between?: readonly [string, string]): Promise<KeyPair> {
    return this.authority.certify({ file, commonName: file, names, ...(between ? { between } : {}) });
  }

  async stop(): Promise<void> {
    await Promise.all(this.servers.map((server) => new Promise((resolve) => server.close(resolve))));
  }
}
