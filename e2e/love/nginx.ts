/** A real nginx with the files of a site's pod. */
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { compareVersions } from "../../ground/units";
import { run, signal } from "../../cli/shared/process/process";
import { Program } from "../data-path/program";
import type { NameServer } from "./name-server";
import type { NginxPod } from "./site";

/** The first version that asks for names while it runs. */
const ASKS = "1.27.3";
/** Ports of the site are these much higher here, where others may have them. */
export const PORTS = 20_000;
/** Nobody: nginx has no privileges in its pod. */
const NOBODY = "65534";

/** An nginx of this machine. */
export interface NginxProgram {
  readonly path: string;
  readonly version: string;
  /** Its table of types of files. */
  readonly types: string;
  /** Whether it asks for names while it runs; otherwise it gets their addresses. */
  readonly asks: boolean;
}

/** The nginx of this machine; undefined where there is none. */
export async function nginxOf(name: string): Promise<NginxProgram | undefined> {
  const path = (await run("/bin/sh", ["-c", 'command -v -- "$1"', "-", name])).stdout;
  const { code, stderr } = await run(path || name, ["-V"]);
  const version = /^nginx version: nginx\/([\d.]+)/m.exec(stderr)?.[1];
  if (code !== 0 || version === undefined) return undefined;
  const argument = (name: string) => new RegExp(`--${name}=(\\S+)`).exec(stderr)?.[1];
  const conf = argument("conf-path") ?? join(argument("prefix") ?? "/usr/local/nginx", "conf", "nginx.conf");
  return { path, version, types: join(dirname(conf), "mime.types"), asks: compareVersions(version, ASKS) >= 0 };
}

/** Where the files of an nginx are. */
interface Place {
  /** Its folder, which everybody may read. */
  readonly folder: string;
  /** Its address. */
  readonly address: string;
  readonly names: NameServer;
  /** Address at which the name server is. */
  readonly nameServer: string;
  /** Folder of the files that the init containers brought. */
  readonly assets: string;
}

/** nginx as its pod runs it: by the pod's own script, with the pod's own configuration, without privileges. */
export class Nginx {
  readonly url: string;
  private program: Program | undefined;

  constructor(
    private readonly nginx: NginxProgram,
    private readonly pod: NginxPod,
    private readonly place: Place,
  ) {
    this.url = `http://${place.address}:${pod.port + PORTS}`;
    for (const part of ["tmp", "bin"]) mkdirSync(join(place.folder, part), { recursive: true });
    chmodSync(join(place.folder, "tmp"), 0o777);
    writeFileSync(join(place.folder, "resolv.conf"), `search svc.cluster.local\nnameserver ${place.nameServer}\n`);
    this.write(
      "start.sh",
      this.here(pod.files["start.sh"] ?? "").replaceAll("/etc/resolv.conf", this.file("resolv.conf")),
    );
    this.write("nginx.conf", this.configuration());
    this.write(join("bin", "nginx"), this.stub());
  }

  /** What nginx says of its configuration: its exit code, and its text. */
  async judged(): Promise<{ code: number | undefined; text: string }> {
    const program = this.run("nginx -t", "check.log", { CHECK: "-t" });
    return { code: await program.end(180), text: program.said };
  }

  /** Starts, and waits until it answers. */
  async start(): Promise<void> {
    this.program = this.run("nginx", "nginx.log");
    await this.program.until("ready", 180, () =>
      fetch(this.url).then(
        () => true,
        () => false,
      ),
    );
  }

  /** Is told to end as in its pod; the exit code, undefined where it still runs after so many seconds. */
  async ends(seconds: number): Promise<number | undefined> {
    signal(Number(readFileSync(join(this.file("tmp"), "nginx.pid"), "utf8")), "SIGQUIT");
    return this.program?.end(seconds);
  }

  /** All that it wrote. */
  get said(): string {
    return this.program?.said ?? "";
  }

  private file(name: string): string {
    return join(this.place.folder, name);
  }

  private write(name: string, text: string): void {
    writeFileSync(this.file(name), text);
    chmodSync(this.file(name), 0o755);
  }

  /** Runs the pod's script, which writes into a file. */
  private run(name: string, log: string, more: Readonly<Record<string, string>> = {}): Program {
    const args = [this.file("start.sh"), this.file("nginx.conf"), this.here(this.pod.resolver)];
    writeFileSync(this.file(log), "");
    // Without privileges it opens the log anew, by its name /dev/stdout.
    chmodSync(this.file(log), 0o666);
    const env = { ...process.env, PATH: `${this.file("bin")}:${process.env["PATH"]}`, ...more };
    // It would take this one for sockets that it inherits.
    return new Program(name, this.file(log), "/bin/sh", args, { ...env, NGINX: undefined });
  }

  /** The pod's folders, here. */
  private here(text: string): string {
    const folders = {
      "/usr/src": this.place.assets,
      "/tmp": this.file("tmp"),
      "/etc/nginx/mime.types": this.nginx.types,
    };
    return text.replaceAll(
      /(?<=[ ;\n]|^)(\/usr\/src|\/tmp|\/etc\/nginx\/mime\.types)(?=[/;])/g,
      (folder) => folders[folder as keyof typeof folders],
    );
  }

  private configuration(): string {
    const { address, names } = this.place;
    return this.here(this.pod.files["nginx.conf"] ?? "")
      .replace(/(?<=listen )(?=\d+;)/, `${address}:`)
      .replace(/(?<=listen [\d.]+:)\d+(?=;)/, String(this.pod.port + PORTS))
      .replace(
        /^( *)server (\S+):(\d+) resolve(.*);$/gm,
        (_line, indent: string, name: string, port: string, rest: string) => {
          const there = Number(port) + PORTS;
          if (this.nginx.asks) return `${indent}server ${name}:${there} resolve${rest};`;
          const addresses = names.zone.get(name) ?? [];
          return addresses.length > 0
            ? addresses.map((one) => `${indent}server ${one}:${there}${rest};`).join("\n")
            : `${indent}server ${address}:${there} down;`;
        },
      );
  }

  /** In place of nginx: the name server has another port here, and whoever is root gives that up. */
  private stub(): string {
    const { nameServer, names } = this.place;
    return `#!/bin/sh
set -eu
sed -i 's/${nameServer}/&:${names.port}/' '${this.here(this.pod.resolver)}'
[ "$(id -u)" != 0 ] || set -- setpriv --reuid=${NOBODY} --regid=${NOBODY} --clear-groups '${this.nginx.path}' \${CHECK:-} "$@"
[ "$1" = setpriv ] || set -- '${this.nginx.path}' \${CHECK:-} "$@"
exec "$@"
`;
  }
}
