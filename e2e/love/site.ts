/** What a site's synthesized LOVE says of nginx. */
import { synthesize } from "../../cli/shared/site/synthesis";
import { REST_PROXY_URL } from "../../constructs/rest-proxy/rest-proxy";
import { setsOf } from "../../environments/systems/love/profiles";
import { loveOf, type LoveSpec } from "../../environments/systems/love/schema";
import type { Environment } from "../../environments/schema";
import { NAMESPACE } from "../../ground/namespaces";
import { inside, isObject, type Json, type StackView, unescaped } from "../../synthesized/stack";

/** How names of Services end. */
const SERVICES = "svc.cluster.local";

/** nginx's pod. */
export interface NginxPod {
  /** Its configuration and its script. */
  readonly files: Readonly<Record<string, string>>;
  /** LOVE's configurations, and where they are in the pod. */
  readonly configurations: { readonly files: Readonly<Record<string, string>>; readonly folder: string };
  /** File with its name servers. */
  readonly resolver: string;
  readonly port: number;
  readonly replicas: number;
  /** Scripts of the containers that bring its files, and the folder that they bring them to. */
  readonly assets: { readonly scripts: readonly string[]; readonly folder: string };
}

/** A program behind nginx: the name by which nginx finds its pods, and how many there are. */
export interface Behind {
  readonly name: string;
  readonly host: string;
  readonly port: number;
  readonly pods: number;
}

/** A camera: the last word of its path, the program behind it, and what that one must be asked. */
export interface Camera {
  readonly path: string;
  readonly behind: Behind;
  readonly asked: (path: string, nginx: string) => { readonly url: string; readonly host: string };
}

/** The program that a URL leads to. */
function behind(name: string, url: string): Behind {
  const { hostname, port } = new URL(url);
  // nginx completes no name: of two words it is a Service and its namespace.
  const host = hostname.split(".").length === 2 ? `${hostname}.${SERVICES}` : hostname;
  return { name, host, port: Number(port || 80), pods: 1 };
}

/** LOVE of a site, as its layer has it. */
export class LoveSite {
  private readonly spec: LoveSpec;
  private readonly love: StackView;

  constructor(
    private readonly site: Environment,
    folder: string,
  ) {
    const spec = loveOf(site);
    const love = synthesize([site], folder).find(({ layer }) => layer === "love");
    if (!spec || !love) throw new Error(`${site.name} has no LOVE`);
    this.spec = spec;
    this.love = love;
  }

  /** nginx's pod. */
  pod(): NginxPod {
    const spec = this.objects("kubernetes_deployment_v1", "love-nginx")["spec"];
    const pod = inside(spec, "template", "spec");
    const container = inside(pod, "container");
    const mounts = listOf(inside(container, "volume_mount"));
    const scripts = listOf(inside(pod, "init_container"));
    const folderOf = (volume: string) => String(mounts.find(({ name }) => name === volume)?.["mount_path"]);
    return {
      files: this.configMap("nginx-conf"),
      configurations: { files: this.configMap("love-conf"), folder: folderOf("love-config") },
      resolver: String((inside(container, "command") as string[])[3]),
      port: Number(inside(container, "port", "container_port")),
      replicas: Number(inside(spec, "replicas")),
      assets: {
        scripts: scripts.map((one) => unescaped(String((one["command"] as string[])[2]))),
        folder: String(inside(scripts, "volume_mount", "mount_path")),
      },
    };
  }

  /** Managers that producers connect to, by route. */
  sets(): Record<string, Behind> {
    const services = setsOf(this.spec.profile).map(({ name, route, replicas }) => [
      route,
      this.headless(`love-manager-producer-${name}`, replicas),
    ]);
    return Object.fromEntries(services) as Record<string, Behind>;
  }

  /** Managers that browsers connect to. */
  frontends(pods: number): Behind {
    return this.headless("love-manager-frontend", pods);
  }

  cameras(): Camera[] {
    return this.spec.cameras.map(({ path, url }) => {
      // A path at the end, even /, takes the place of the prefix.
      const end = /^https?:\/\/[^/]+(\/.*)?$/.exec(url)?.[1];
      return {
        path,
        behind: behind(`camera-${path}`, url),
        asked: (rest, nginx) =>
          end === undefined
            ? { url: `/love/${path}${rest}`, host: new URL(url).host }
            : { url: `${end}${rest}`, host: `${nginx}/love` },
      };
    });
  }

  /** The REST proxy, where the site has one. */
  restProxy(): Behind | undefined {
    return this.site.restProxy && behind("rest-proxy", REST_PROXY_URL);
  }

  /** A Service that gives the addresses of its pods, as LOVE has it. */
  private headless(workload: string, pods: number): Behind {
    const name = `${workload}-headless`;
    const { spec } = this.objects("kubernetes_service_v1", name) as { spec?: unknown };
    if (inside(spec, "cluster_ip") !== "None") throw new Error(`Service ${name} has an address of its own`);
    const port = Number(inside(spec, "port", "port"));
    return { name: workload, host: `${name}.${NAMESPACE.love}.${SERVICES}`, port, pods };
  }

  private configMap(name: string): Record<string, string> {
    const data = Object.entries(this.objects("kubernetes_config_map_v1", name)["data"] as Record<string, string>);
    return Object.fromEntries(data.map(([file, text]) => [file, unescaped(text)]));
  }

  private objects(type: string, name: string): Json {
    const found = this.love.resources(type).find(({ body }) => inside(body, "metadata", "name") === name);
    if (!found) throw new Error(`${this.love.name} has no ${type} ${name}`);
    return found.body;
  }
}

function listOf(value: unknown): Json[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}
