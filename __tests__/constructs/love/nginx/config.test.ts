import { TAKEN_PATHS } from "../../../../environments/systems/love/rules";
import { argsOf, blocksOf, everyDirective } from "../../../support/love/nginx-config";
import { configOf } from "./support";

/** phalanx 2026-08: the set behind each route, at all sites. */
const PHALANX = {
  producers: "general",
  m1m3: "m1m3",
  atqueue: "atqueue",
  mtqueue: "mtqueue",
  ocsqueue: "ocsqueue",
  "envsys-1": "envsys-1",
  "envsys-2": "envsys-2",
  "envsys-3": "envsys-3",
  atcs: "atcs",
  mtcs: "mtcs",
  calsys: "calsys",
  obssys: "obssys",
};
/** TSTN-046. */
const TSTN = { producers: "general", queue: "queue", m1m3: "m1m3" };
const SETS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  summit: PHALANX,
  tucson: PHALANX,
  tstn046: TSTN,
};
const CAMERAS: Readonly<Record<string, readonly string[]>> = {
  summit: ["/love/startrackera", "/love/startrackerb", "/love/startrackerc"],
  tucson: ["/love/simcam"],
  tstn046: ["/love/sky"],
};
const FILES = ["/love/media", "/love/manager/media", "/love/manager/static"];
const SITES = Object.keys(SETS);

const only = (args: readonly (readonly string[])[]) => {
  expect(args).toHaveLength(1);
  return args[0]?.join(" ");
};

/** Locations of managers: of frontends, and of each set. */
const managersOf = (site: string): Record<string, string> => ({
  "/love/manager": "love-manager-frontend",
  ...Object.fromEntries(
    Object.entries(SETS[site] ?? {}).map(([route, set]) => [`/love/manager/${route}`, `love-manager-producer-${set}`]),
  ),
});

describe.each(SITES)("%s", (site) => {
  const { main, http, server, locations, upstreams } = configOf(site);
  const location = (path: string) => locations[path] ?? [];

  test("LOVE-C41: a location for the application, the managers, each route, and the files, and no others", () => {
    const prefixes = Object.keys(locations).filter((path) => !path.startsWith("= "));
    expect(prefixes.toSorted()).toEqual(
      ["/love", ...Object.keys(managersOf(site)), ...FILES, ...(CAMERAS[site] ?? [])].toSorted(),
    );
  });

  test("LOVE-C14: each route leads to its set, and each upstream is led to", () => {
    for (const [path, upstream] of Object.entries(managersOf(site)))
      expect([path, only(argsOf(location(path), "proxy_pass"))]).toEqual([path, `http://${upstream}`]);
    const led = everyDirective(server)
      .filter(({ name }) => name === "proxy_pass")
      .map(({ args: [url = ""] }) => new URL(url).hostname);
    expect(led.toSorted()).toEqual(Object.keys(upstreams).toSorted());
  });

  test("LOVE-C41: uploads of at most 5 MB, to managers only", () => {
    const limits = everyDirective(http).filter(({ name }) => name === "client_max_body_size");
    expect(limits).toHaveLength(1);
    expect(only(argsOf(location("/love/manager"), "client_max_body_size"))).toBe("5M");
  });

  test("LOVE-C41: files are those that the init containers bring", () => {
    expect(only(argsOf(server, "root"))).toBe("/usr/src/love-frontend");
    expect(only(argsOf(location("/love"), "try_files"))).toBe("$uri /love/index.html");
    expect(FILES.map((path) => only(argsOf(location(path), "alias")))).toEqual([
      "/usr/src/love-manager/media",
      "/usr/src/love-manager/media",
      "/usr/src/love-manager/static",
    ]);
  });

  test("LOVE-C42: WebSockets pass through to managers", () => {
    for (const path of Object.keys(managersOf(site))) {
      expect(only(argsOf(location(path), "proxy_http_version"))).toBe("1.1");
      expect(Object.fromEntries(argsOf(location(path), "proxy_set_header"))).toEqual({
        Upgrade: "$http_upgrade",
        Connection: "$connection_upgrade",
        Host: "$host",
      });
    }
    const [map] = http.filter(({ name }) => name === "map");
    expect(map?.args).toEqual(["$http_upgrade", "$connection_upgrade"]);
    expect(map?.body?.map(({ name, args }) => [name, ...args])).toEqual([
      ["default", "upgrade"],
      ["", "close"],
    ]);
  });

  test("a socket may be silent for longer than the 20 s after which managers send a ping", () => {
    const seconds = (text = "") => Number(/^(\d+)s$/.exec(text)?.[1]);
    for (const path of Object.keys(managersOf(site)))
      for (const name of ["proxy_read_timeout", "proxy_send_timeout"])
        expect(seconds(only(argsOf(location(path), name)))).toBeGreaterThanOrEqual(3 * 20);
  });

  test("LOVE-C45: names are asked for while nginx runs, of the name servers that its pod has", () => {
    expect(argsOf(http, "include")).toContainEqual(["/tmp/resolver.conf"]);
    for (const [name, body] of Object.entries(upstreams)) {
      expect(argsOf(body, "zone")).toEqual([[name, "256k"]]);
      const [host = "", ...rest] = argsOf(body, "server")[0] ?? [];
      expect(rest).toEqual(["resolve", "max_fails=1", "fail_timeout=5s"]);
      // nginx completes no name: it must have more than a Service's name and its namespace.
      expect(host).toMatch(/^[a-z0-9-]+(\.[a-z0-9-]+){2,}:\d+$/);
    }
  });

  test("LOVE-C45: managers are found pod by pod, by headless Services", () => {
    for (const upstream of Object.values(managersOf(site)))
      expect(argsOf(upstreams[upstream], "server")[0]?.[0]).toBe(`${upstream}-headless.love.svc.cluster.local:8000`);
  });

  test("a new socket goes where the fewest are; who does not answer within seconds is passed over", () => {
    for (const body of Object.values(upstreams)) expect(argsOf(body, "least_conn")).toEqual([[]]);
    expect(only(argsOf(http, "proxy_connect_timeout"))).toBe("3s");
    expect(only(argsOf(http, "proxy_next_upstream"))).toBe("error timeout");
    expect(only(argsOf(http, "proxy_next_upstream_tries"))).toBe("3");
    expect(only(argsOf(http, "proxy_next_upstream_timeout"))).toBe("10s");
  });

  test("no log has the query, where producers and browsers put what they log in with", () => {
    const [format = []] = argsOf(http, "log_format");
    const variables = [...format.join(" ").matchAll(/\$\{?([a-z_0-9]+)/g)].map(([, name]) => name);
    expect(variables.toSorted()).toEqual(
      ["bytes_sent", "http_x_real_ip", "request_method", "request_time", "status", "time_iso8601", "upstream_addr"]
        .concat("upstream_connect_time", "upstream_status", "uri")
        .toSorted(),
    );
    expect(Object.values(JSON.parse(format[2] ?? "") as object)).toHaveLength(variables.length);
    expect(argsOf(http, "access_log")).toEqual([["/dev/stdout", "requests"]]);
    const others = Object.entries(locations).flatMap(([path, body]) =>
      argsOf(body, "access_log").map((args) => [path, ...args]),
    );
    expect(others).toEqual([["= /love/nginx-health", "off"]]);
  });

  test("where somebody logs in, no line about a request is an error's: it would have the query", () => {
    for (const path of [...Object.keys(managersOf(site)), ...(CAMERAS[site] ?? [])])
      expect(argsOf(location(path), "error_log")).toEqual([["stderr", "emerg"]]);
    // That connections run out is said of no request, and must be seen.
    expect(argsOf(http, "error_log")).toEqual([["stderr", "crit"]]);
    expect(argsOf(main, "error_log")).toEqual([["stderr", "warn"]]);
  });

  test("it tells nobody its version, and nobody the port of its pod", () => {
    expect(only(argsOf(http, "server_tokens"))).toBe("off");
    expect(only(argsOf(http, "absolute_redirect"))).toBe("off");
  });

  test("it writes in one folder only, for its root is read-only", () => {
    const paths = everyDirective(main).filter(({ name }) => /^pid$|_temp_path$/.test(name));
    expect(paths.map(({ name }) => name.replace("_temp_path", "")).toSorted()).toEqual(
      ["client_body", "fastcgi", "pid", "proxy", "scgi", "uwsgi"].toSorted(),
    );
    for (const { args } of paths) expect(args[0]).toMatch(/^\/tmp\/[a-z_.]+$/);
  });

  test("the probe's location says whether the application is there", () => {
    expect(only(argsOf(locations["= /love/nginx-health"], "try_files"))).toBe("/love/index.html =503");
  });
});

test.each([
  ["summit", 20],
  ["tucson", 18],
])("LOVE-C44: at %s %d locations by prefix", (site, count) => {
  expect(Object.keys(configOf(site).locations).filter((path) => !path.startsWith("= "))).toHaveLength(count);
});

describe("cameras", () => {
  const camera = (site: string, path: string) => {
    const { locations, upstreams } = configOf(site);
    const [url = ""] = argsOf(locations[`/love/${path}`], "proxy_pass")[0] ?? [];
    const { hostname } = new URL(url);
    return { url, server: argsOf(upstreams[hostname], "server")[0]?.[0], location: locations[`/love/${path}`] };
  };

  test.each([
    ["startrackera", "5101"],
    ["startrackerb", "5102"],
    ["startrackerc", "5103"],
  ])("LOVE-C43: %s at the Summit keeps its path", (path, port) => {
    const { url, server, location } = camera("summit", path);
    expect([url, server]).toEqual([`http://camera-${path}`, `azar03.cp.lsst.org:${port}`]);
    expect(argsOf(location, "proxy_set_header")).toContainEqual(["Host", `azar03.cp.lsst.org:${port}`]);
  });

  test("LOVE-C43: simcam in Tucson has a path of its own, and its name is completed", () => {
    const { url, server, location } = camera("tucson", "simcam");
    expect([url, server]).toEqual(["http://camera-simcam/", "simulation-gencam-service.calsys.svc.cluster.local:5013"]);
    expect(argsOf(location, "proxy_set_header")).toContainEqual(["Host", "$host/love"]);
  });

  test("pictures are passed on at once", () => {
    expect(argsOf(camera("summit", "startrackera").location, "proxy_buffering")).toEqual([["off"]]);
  });

  test.each([
    ["summit", "startrackera"],
    ["tucson", "simcam"],
  ])("at %s %s gets no login of LOVE's users", (site, path) => {
    expect(Object.fromEntries(argsOf(camera(site, path).location, "proxy_set_header"))).toMatchObject({
      Authorization: "",
      Cookie: "",
    });
  });

  test("by TLS, to the name that the certificate has", () => {
    const { locations, upstreams } = configOf("tucson", {
      spec: { cameras: [{ path: "sky", feed: "sky", url: "https://camera.example.org/live" }] },
    });
    expect(argsOf(locations["/love/sky"], "proxy_pass")).toEqual([["https://camera-sky/live"]]);
    expect(argsOf(locations["/love/sky"], "proxy_ssl_name")).toEqual([["camera.example.org"]]);
    expect(argsOf(locations["/love/sky"], "proxy_ssl_server_name")).toEqual([["on"]]);
    expect(argsOf(upstreams["camera-sky"], "server")[0]?.[0]).toBe("camera.example.org:443");
  });
});

describe("state of SAL", () => {
  const { locations, upstreams } = configOf("summit");
  const status = locations["= /love/sal-status"] ?? [];

  test("GET only, and only which brokers there are", () => {
    expect(blocksOf(status, "limit_except")).toEqual({ GET: [{ name: "deny", args: ["all"] }] });
    expect(argsOf(status, "proxy_pass")).toEqual([["http://rest-proxy/brokers"]]);
    expect(argsOf(upstreams["rest-proxy"], "server")[0]?.[0]).toBe("rest-proxy.kafka.svc.cluster.local:8082");
  });

  test("nothing of the request is passed on: the REST proxy takes no login of LOVE's users", () => {
    expect(argsOf(status, "proxy_pass_request_headers")).toEqual([["off"]]);
    expect(argsOf(status, "proxy_pass_request_body")).toEqual([["off"]]);
    expect(Object.fromEntries(argsOf(status, "proxy_set_header"))).toEqual({
      Host: "rest-proxy.kafka:8082",
      "Content-Length": "",
    });
  });

  test("none where the site has no REST proxy", () => {
    const without = configOf("tucson", { efd: { restProxy: undefined } });
    expect(Object.keys(without.locations)).not.toContain("= /love/sal-status");
    expect(Object.keys(without.upstreams)).not.toContain("rest-proxy");
  });
});

test.each([
  ["500m", "1"],
  ["1", "1"],
  ["1500m", "2"],
])("with %s of CPU %s workers", (cpu, workers) => {
  const { main } = configOf("tucson", {
    spec: {
      nginx: { replicas: 2, resources: { requests: { cpu: "50m", memory: "70Mi" }, limits: { cpu, memory: "300Mi" } } },
    },
  });
  expect(only(argsOf(main, "worker_processes"))).toBe(workers);
});

test("one worker has connections for every producer of the Summit and a thousand views, two for each", () => {
  const { main } = configOf("summit");
  const [events] = main.filter(({ name }) => name === "events");
  const connections = Number(only(argsOf(events?.body, "worker_connections")));
  expect(connections).toBeGreaterThanOrEqual(2 * (127 + 1000));
  // Files are open besides.
  expect(Number(only(argsOf(main, "worker_rlimit_nofile")))).toBeGreaterThan(connections);
});

test("no camera may have a path that is nginx's own", () => {
  const own = Object.keys(configOf("summit").locations)
    .filter((path) => !path.includes("startracker"))
    .flatMap((path) => /^(?:= )?\/love\/([^/]+)/.exec(path)?.[1] ?? []);
  expect([...new Set(own)].toSorted()).toEqual(["manager", "media", "nginx-health", "sal-status"]);
  expect(TAKEN_PATHS).toEqual(expect.arrayContaining([...new Set(own)]));
});
