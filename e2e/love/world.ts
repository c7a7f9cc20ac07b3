/** LOVE of a site on this machine's loopback: real nginx, stand-ins for all behind it, and their names. */
import { chmodSync, mkdirSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { run } from "../../cli/shared/process/process";
import { UserError } from "../../ground/errors";
import { NameServer } from "./name-server";
import { Nginx, type NginxProgram, PORTS } from "./nginx";
import type { Behind, LoveSite, NginxPod } from "./site";
import { StandIn } from "./stand-in";

/** Addresses of this machine that nobody else uses: the technote's number. */
const NET = "127.46";
const NAME_SERVER = `${NET}.0.53`;

/** Files of the images from which the init containers copy. */
const IMAGE_FILES = {
  "index.html": "the application",
  "static/js/main.js": "its program",
  "manager/media/thumbnails/one.png": "a picture",
  "manager/media/configs/default.json": "the image's own configuration",
  "manager/static/admin/base.css": "a style",
};

/** The first folder above this one that only its owner may enter; undefined where there is none. */
function closedParent(folder: string): string | undefined {
  const parent = dirname(folder);
  const isOpen = (statSync(parent).mode & 0o001) !== 0;
  return parent === folder ? undefined : isOpen ? closedParent(parent) : parent;
}

/** LOVE, running. */
export class World {
  readonly nginx: Nginx[] = [];
  private addresses = 0;
  /** Address and port of what each name led to first: other ports of that name are at the same address. */
  private readonly homes = new Map<string, { readonly address: string; readonly port: number }>();

  private constructor(
    readonly site: LoveSite,
    readonly pod: NginxPod,
    readonly program: NginxProgram,
    readonly names: NameServer,
    private readonly folder: string,
  ) {}

  /** The files of nginx's pod, and a name server that knows no name yet. */
  static async prepare(site: LoveSite, folder: string, program: NginxProgram): Promise<World> {
    // nginx gives up the rights of who started it.
    chmodSync(folder, 0o755);
    const closed = process.getuid?.() === 0 ? closedParent(folder) : undefined;
    if (closed !== undefined)
      throw new UserError(
        `nginx gives up root's rights and may not enter ${closed}: set TMPDIR to a folder that everybody may enter, or run chmod o+x ${closed}`,
      );
    const world = new World(site, site.pod(), program, await NameServer.start(NAME_SERVER), folder);
    await world.bringFiles();
    return world;
  }

  /** Addresses of nginx, as clients reach them. */
  get urls(): string[] {
    return this.nginx.map(({ url }) => url);
  }

  /** What all nginx wrote. */
  get said(): string {
    return this.nginx.map(({ said }) => said).join("");
  }

  /** The next nginx, not started yet. */
  addNginx(): Nginx {
    const number = this.nginx.length + 1;
    const folder = join(this.folder, `nginx-${number}`);
    mkdirSync(folder);
    const assets = join(this.folder, "assets");
    const place = { folder, address: `${NET}.0.${number}`, names: this.names, nameServer: NAME_SERVER, assets };
    const nginx = new Nginx(this.program, this.pod, place);
    this.nginx.push(nginx);
    return nginx;
  }

  /** Starts the pods of a program, and lets their addresses be found. */
  async start({ name, host, port, pods }: Behind, answer?: string): Promise<StandIn[]> {
    const started = [];
    const home = this.homes.get(host);
    for (let pod = 1; pod <= pods; pod++) {
      const address = home && home.port !== port ? home.address : this.nextAddress();
      if (!home && pod === 1) this.homes.set(host, { address, port });
      started.push(await StandIn.start(pods > 1 ? `${name}-${pod}` : name, address, port + PORTS, answer));
    }
    const addresses = [...(this.names.zone.get(host) ?? []), ...started.map(({ address }) => address)];
    this.found(host, [...new Set(addresses)]);
    return started;
  }

  private nextAddress(): string {
    const number = ++this.addresses;
    return `${NET}.${1 + Math.floor(number / 250)}.${(number % 250) + 1}`;
  }

  /** From now on a name has these addresses. */
  found(host: string, addresses: readonly string[]): void {
    if (addresses.length > 0) this.names.zone.set(host, addresses);
    else this.names.zone.delete(host);
  }

  /** What the init containers do, by their own scripts. */
  private async bringFiles(): Promise<void> {
    const image = join(this.folder, "image");
    const assets = join(this.folder, "assets");
    for (const [file, text] of Object.entries(IMAGE_FILES)) {
      mkdirSync(dirname(join(image, file)), { recursive: true });
      writeFileSync(join(image, file), text);
    }
    const { scripts, folder } = this.pod.assets;
    for (const script of scripts) {
      const here = script.replaceAll("/usr/src/love", image).replaceAll(` ${folder}`, ` ${assets}`);
      const { code, stderr } = await run("/bin/sh", ["-c", here]);
      if (code !== 0) throw new Error(`an init container failed: ${stderr}`);
    }
    const { files, folder: mounted } = this.pod.configurations;
    const configurations = mounted.replace("/usr/src", assets);
    mkdirSync(configurations, { recursive: true });
    for (const [file, text] of Object.entries(files)) writeFileSync(join(configurations, file), text);
  }
}
