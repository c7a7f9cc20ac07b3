/** nginx and what it leads to: producers before it, Services behind it. */
import { inside, type StackView, unescaped } from "../../../synthesized/stack";
import { argsOf, blockOf, blocksOf, readNginx } from "../../support/love/nginx-config";
import { stack, stacksOf } from "../../support/sites";
import { tstn046Site } from "../../support/love/tstn046";

const VIEWS: Readonly<Record<string, () => StackView>> = {
  summit: () => stack("summit", "love"),
  tucson: () => stack("tucson", "love"),
  tstn046: () => stacksOf(tstn046Site).find(({ layer }) => layer === "love") as StackView,
};

function configOf(view: StackView) {
  const found = view
    .resources("kubernetes_config_map_v1")
    .find(({ body }) => inside(body, "metadata", "name") === "nginx-conf");
  const http = blockOf(readNginx(unescaped(String(inside(found?.body, "data", "nginx.conf")))), "http");
  return { locations: blocksOf(blockOf(http, "server"), "location"), upstreams: blocksOf(http, "upstream") };
}

/** Services by the name under which nginx finds them. */
function servicesOf(view: StackView) {
  return Object.fromEntries(
    view.resources("kubernetes_service_v1").map(({ body }) => {
      const [name, namespace] = ["name", "namespace"].map((key) => String(inside(body, "metadata", key)));
      return [`${name}.${namespace}.svc.cluster.local`, inside(body, "spec")];
    }),
  );
}

describe.each(Object.keys(VIEWS))("%s", (site) => {
  const view = (VIEWS[site] as () => StackView)();
  const { locations, upstreams } = configOf(view);

  test("LOVE-C14: each producer's path has a location of its set, and each set has a producer", () => {
    const used = view.resources("kubernetes_deployment_v1").flatMap(({ body }) => {
      const variables = inside(body, "spec", "template", "spec", "container", "env") as
        { name: string; value?: string }[] | undefined;
      const host = variables?.find(({ name }) => name === "WEBSOCKET_HOST")?.value;
      return host === undefined
        ? []
        : [/^love-nginx-service(\/love\/manager\/[^/]+)\/ws\/subscription$/.exec(host)?.[1]];
    });
    const sets = Object.entries(locations).flatMap(([path, body]) =>
      argsOf(body, "proxy_pass")[0]?.[0]?.startsWith("http://love-manager-producer-") ? [path] : [],
    );
    expect(used.length).toBeGreaterThan(0);
    expect([...new Set(used)].toSorted()).toEqual(sets.toSorted());
  });

  test("LOVE-C45: each name of managers that nginx asks for is a headless Service with that port", () => {
    const services = servicesOf(view);
    const managers = Object.entries(upstreams).filter(([name]) => name.startsWith("love-manager-"));
    expect(managers.length).toBeGreaterThan(1);
    for (const [, body] of managers) {
      const [host = "", port] = argsOf(body, "server")[0]?.[0]?.split(":") ?? [];
      expect([host, inside(services[host], "cluster_ip")]).toEqual([host, "None"]);
      expect(String(inside(services[host], "port", "port"))).toBe(port);
    }
  });

  test("only traefik, producers and frontends reach nginx, at the port of its pods", () => {
    const policy = view
      .resources("kubernetes_network_policy_v1")
      .find(({ body }) => inside(body, "metadata", "name") === "love-nginx");
    expect(inside(policy?.body, "spec", "ingress", "ports")).toEqual([{ port: "8080", protocol: "TCP" }]);
    expect(JSON.stringify(inside(policy?.body, "spec", "ingress", "from"))).toContain('"traefik"');
    expect(inside(policy?.body, "spec", "ingress", "from")).toHaveLength(3);
  });
});
