/** The configuration of LOVE's nginx. */
import type { LoveSpec } from "../../../environments/systems/love/schema";
import { type ProducerSet, setsOf } from "../../../environments/systems/love/profiles";
import { NAMESPACE } from "../../../ground/namespaces";
import { cores } from "../../../ground/units";
import { type BalancedService, FRONTEND, NGINX, setService } from "../services";
import type { EfdReference } from "../surroundings";
import { type Directive, nginxText } from "./directives";
import {
  APPLICATION,
  HEALTH_PATH,
  LOVE_PATH,
  MANAGER_FILES,
  MANAGER_PATH,
  RESOLVER,
  SAL_STATUS_PATH,
  WRITABLE,
} from "./paths";

/** Name of cluster-internal names of Services: nginx asks name servers itself, and completes no name. */
const SERVICES = "svc.cluster.local";

/**
 * Connections of one worker. Each view and each producer takes two: the Summit's 127 producers and some 1,900 views, all
 * through one nginx while the other is away.
 */
const CONNECTIONS = 4096;
/**
 * Seconds after which a silent socket is closed. Managers send a ping every 20 s (uvicorn's default): behind a socket that
 * is silent for much longer there is no manager any more, and a view that waits for it shows what was once.
 */
const SILENCE = "120s";
/** Seconds that a pod gets to answer before the next one is asked: one on a node that is gone never does. */
const CONNECT = "3s";
/** Seconds after which nginx asks again for a name that was not found: of a set whose only pod starts anew, as a rule. */
const ASK_AGAIN = "2s";
/** Size of an upload: what Django takes (LOVE-manager's FILE_UPLOAD_MAX_MEMORY_SIZE). */
const UPLOAD = "5M";

/** Something that nginx leads requests to. */
interface Upstream {
  readonly name: string;
  /** Complete host name. */
  readonly host: string;
  readonly port: number;
}

/** Where nginx finds a web service. */
interface Target extends Upstream {
  readonly scheme: string;
  /** What takes the place of the location's path. */
  readonly path: string;
  /** Host and port as the service knows itself. */
  readonly authority: string;
}

/** A name of two words is a Service and its namespace, as for every pod of the cluster. */
function complete(host: string): string {
  return host.split(".").length === 2 ? `${host}.${SERVICES}` : host;
}

function target(name: string, url: string): Target {
  const [, scheme = "", host = "", port, path = ""] = /^(https?):\/\/([^:/]+)(?::(\d+))?(.*)$/.exec(url) ?? [];
  return {
    name,
    scheme,
    path,
    host: complete(host),
    port: Number(port ?? (scheme === "https" ? 443 : 80)),
    authority: port === undefined ? host : `${host}:${port}`,
  };
}

const managers = ({ workload, headless, port }: BalancedService): Upstream => ({
  name: workload,
  host: `${headless}.${NAMESPACE.love}.${SERVICES}`,
  port,
});

/**
 * Sockets live for hours, so a new one goes where the fewest are. With several nginx each one counts its own, which
 * comes to the same: with a choice of two at random, a new frontend would get two thirds of its share only.
 */
function upstream({ name, host, port }: Upstream): Directive {
  return {
    block: ["upstream", name],
    body: [
      ["zone", name, "256k"],
      ["least_conn"],
      ["server", `${host}:${port}`, "resolve", "max_fails=1", "fail_timeout=5s"],
    ],
  };
}

/**
 * Of a location in whose requests somebody logs in: nginx ends each line about a request with the whole request line,
 * and so has nothing to say of one. Which upstream failed is in the access log.
 */
const NO_REQUEST_LINES: Directive = ["error_log", "stderr", "emerg"];

function location(path: readonly [string] | readonly ["=", string], ...body: readonly Directive[]): Directive {
  return { block: ["location", ...path], body };
}

/** A location of managers: browsers and producers talk with them by WebSocket, browsers by plain requests as well. */
function managerLocation(path: string, service: BalancedService, ...others: readonly Directive[]): Directive {
  return location(
    [path],
    NO_REQUEST_LINES,
    ["proxy_pass", `http://${managers(service).name}`],
    ["proxy_http_version", "1.1"],
    ["proxy_set_header", "Upgrade", "$http_upgrade"],
    ["proxy_set_header", "Connection", "$connection_upgrade"],
    ["proxy_set_header", "Host", "$host"],
    ["proxy_redirect", "off"],
    ["proxy_read_timeout", SILENCE],
    ["proxy_send_timeout", SILENCE],
    ...others,
  );
}

function setLocation({ name, route }: ProducerSet): Directive {
  return managerLocation(`${MANAGER_PATH}/${route}`, setService(name));
}

/** A camera, whose picture is passed on when it is there and not when a buffer is full. */
function cameraLocation(camera: LoveSpec["cameras"][number]): Directive {
  const { scheme, name, path, authority, host } = cameraTarget(camera);
  return location(
    [`${LOVE_PATH}/${camera.path}`],
    NO_REQUEST_LINES,
    ["proxy_pass", `${scheme}://${name}${path}`],
    // A camera that is not told of its prefix makes links from the host (phalanx 2026-08).
    ["proxy_set_header", "Host", path === "" ? authority : `$host${LOVE_PATH}`],
    // A camera is another machine: no login of LOVE's users goes there.
    ["proxy_set_header", "Authorization", ""],
    ["proxy_set_header", "Cookie", ""],
    ["proxy_buffering", "off"],
    ...(scheme === "https"
      ? ([
          ["proxy_ssl_server_name", "on"],
          ["proxy_ssl_name", host],
        ] as const)
      : []),
  );
}

const cameraTarget = ({ path, url }: LoveSpec["cameras"][number]): Target => target(`camera-${path}`, url);
const restProxyTarget = (url: string): Target => target("rest-proxy", `${url}/brokers`);

/** Which brokers Kafka has, and nothing else of what the REST proxy can do: it has no login inside the cluster. */
function salStatusLocation(url: string): Directive {
  const { scheme, name, path, authority } = restProxyTarget(url);
  return location(
    ["=", SAL_STATUS_PATH],
    { block: ["limit_except", "GET"], body: [["deny", "all"]] },
    ["proxy_pass", `${scheme}://${name}${path}`],
    ["proxy_pass_request_headers", "off"],
    ["proxy_pass_request_body", "off"],
    ["proxy_set_header", "Host", authority],
    ["proxy_set_header", "Content-Length", ""],
  );
}

function locations(spec: LoveSpec, { restProxy }: EfdReference): Directive[] {
  return [
    location([LOVE_PATH], ["try_files", "$uri", `${LOVE_PATH}/index.html`]),
    managerLocation(MANAGER_PATH, FRONTEND, ["client_max_body_size", UPLOAD]),
    ...setsOf(spec.profile).map(setLocation),
    ...[`${LOVE_PATH}/media`, `${MANAGER_PATH}/media`].map((path) =>
      location([path], ["alias", `${MANAGER_FILES}/media`]),
    ),
    location([`${MANAGER_PATH}/static`], ["alias", `${MANAGER_FILES}/static`]),
    ...spec.cameras.map(cameraLocation),
    location(["=", HEALTH_PATH], ["access_log", "off"], ["try_files", `${LOVE_PATH}/index.html`, "=503"]),
    ...(restProxy === undefined ? [] : [salStatusLocation(restProxy)]),
  ];
}

/**
 * What is written of a request. Producers put their password and browsers their token behind the question mark, so
 * nothing that has it is in here: neither the request line nor where a browser came from.
 */
const LOG = {
  time: "$time_iso8601",
  client: "$http_x_real_ip",
  method: "$request_method",
  path: "$uri",
  status: "$status",
  bytes: "$bytes_sent",
  seconds: "$request_time",
  upstream: "$upstream_addr",
  upstreamStatus: "$upstream_status",
  connect: "$upstream_connect_time",
};

function http(spec: LoveSpec, efd: EfdReference): Directive[] {
  const upstreams = [
    managers(FRONTEND),
    ...setsOf(spec.profile).map(({ name }) => managers(setService(name))),
    ...spec.cameras.map(cameraTarget),
    ...(efd.restProxy === undefined ? [] : [restProxyTarget(efd.restProxy)]),
  ];
  return [
    ["include", "/etc/nginx/mime.types"],
    ["default_type", "application/octet-stream"],
    ...["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map(
      (kind) => [`${kind}_temp_path`, `${WRITABLE}/${kind}`] as const,
    ),
    ["log_format", "requests", "escape=json", JSON.stringify(LOG)],
    ["access_log", "/dev/stdout", "requests"],
    // Such as that connections run out. Below this, each client that goes away would have a line.
    ["error_log", "stderr", "crit"],
    ["server_tokens", "off"],
    ["absolute_redirect", "off"],
    ["sendfile", "on"],
    ["include", RESOLVER],
    ["resolver_timeout", ASK_AGAIN],
    ["proxy_connect_timeout", CONNECT],
    ["proxy_next_upstream", "error", "timeout"],
    ["proxy_next_upstream_tries", "3"],
    // A long question to the EFD that failed is not asked again and again.
    ["proxy_next_upstream_timeout", "10s"],
    {
      block: ["map", "$http_upgrade", "$connection_upgrade"],
      body: [
        ["default", "upgrade"],
        ["", "close"],
      ],
    },
    ...upstreams.map(upstream),
    {
      block: ["server"],
      body: [
        ["listen", String(NGINX.podPort)],
        ["server_name", "localhost"],
        ["root", APPLICATION],
        ...locations(spec, efd),
      ],
    },
  ];
}

/** Seconds that requests have to end once nginx shall end; sockets are closed then, and open anew at another nginx. */
export const SHUTDOWN = 10;

/** The configuration of a site's nginx. */
export function nginxConfig(spec: LoveSpec, efd: EfdReference): string {
  return nginxText([
    ["worker_processes", String(Math.max(1, Math.ceil(cores(spec.nginx.resources.limits.cpu))))],
    // Each connection is an open file. Container runtimes give as few as 1024 of them until a program asks for more.
    ["worker_rlimit_nofile", String(2 * CONNECTIONS)],
    ["worker_shutdown_timeout", `${SHUTDOWN}s`],
    ["error_log", "stderr", "warn"],
    ["pid", `${WRITABLE}/nginx.pid`],
    { block: ["events"], body: [["worker_connections", String(CONNECTIONS)]] },
    { block: ["http"], body: http(spec, efd) },
  ]);
}
