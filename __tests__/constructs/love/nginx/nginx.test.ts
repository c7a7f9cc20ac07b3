import { at, customResource, webWith } from "../../support";
import { named } from "../support";
import { type Changes, nginxOf } from "./support";

const PODS = { "app.kubernetes.io/name": "love-nginx", "app.kubernetes.io/instance": "love-nginx" };
const deployment = (site: string, changes?: Changes) =>
  named(nginxOf(site, changes), "kubernetes_deployment_v1", "love-nginx");
const podOf = (site: string, changes?: Changes) => at(deployment(site, changes), "spec.template.spec");
const container = (site: string) => at(podOf(site), "container.0");
const checksum = (site: string, changes?: Changes) =>
  at(deployment(site, changes), "spec.template.metadata.annotations") as Record<string, string>;

interface Init {
  name: string;
  image: string;
  command: string[];
  volume_mount: { name: string; mount_path: string }[];
}
const initOf = (site: string) => at(podOf(site), "init_container") as Init[];
const mountsOf = (site: string) =>
  Object.fromEntries(
    (at(container(site), "volume_mount") as { name: string; mount_path: string; read_only?: boolean }[]).map(
      ({ name, mount_path, read_only }) => [name, [mount_path, read_only ?? false]],
    ),
  );

describe.each(["summit", "tucson", "tstn046"])("%s", (site) => {
  test("LOVE-C46: two init containers, in this order, bring the files", () => {
    expect(initOf(site).map(({ name }) => name)).toEqual(["love-frontend", "love-manager-static"]);
    const [frontend = "", managerStatic = ""] = initOf(site).map(({ image }) => image);
    expect(frontend).toMatch(/\/love-frontend-k8s:c\d{4}/);
    expect(managerStatic).toMatch(/\/love-manager-static:c\d{4}/);
  });

  test("LOVE-C46: they see the volume where their own files are not, and copy them", () => {
    for (const { command, volume_mount: mounts } of initOf(site)) {
      expect(mounts).toEqual([{ name: "assets", mount_path: "/export" }]);
      const copies = [...(command[2] ?? "").matchAll(/^copy (\S+) (\S+)$/gm)].map(([, from, to]) => [from, to]);
      for (const [from = "", to = ""] of copies) {
        expect(from.startsWith("/usr/src/love")).toBe(true);
        expect(to.startsWith("/export/love-")).toBe(true);
      }
      expect(copies.length).toBeGreaterThan(0);
    }
  });

  test("LOVE-C46: LOVE's configurations are where browsers look for them", () => {
    expect(mountsOf(site)).toEqual({
      config: ["/etc/nginx/conf.d", true],
      assets: ["/usr/src", true],
      "love-config": ["/usr/src/love-manager/media/configs", true],
      writable: ["/tmp", false],
    });
    const view = nginxOf(site);
    const volumes = at(podOf(site), "volume") as { name: string; config_map?: { name: string }; empty_dir?: object }[];
    const mapOf = (reference: string) => {
      const address = /^\$\{([a-z_0-9]+\.[\w-]+)\./.exec(reference)?.[1] ?? "";
      return at(view.resource(address), "metadata.name");
    };
    expect(volumes.map((one) => [one.name, one.config_map ? mapOf(one.config_map.name) : one.empty_dir])).toEqual([
      ["config", "nginx-conf"],
      ["love-config", "love-conf"],
      ["assets", {}],
      ["writable", {}],
    ]);
  });

  test("it runs without privileges, on a root that it cannot write", () => {
    expect(at(podOf(site), "security_context")).toMatchObject({ run_as_non_root: true, run_as_user: "101" });
    expect(at(container(site), "security_context")).toMatchObject({
      read_only_root_filesystem: true,
      allow_privilege_escalation: false,
    });
  });

  test("the Service's port 80 leads to a port that needs no privilege", () => {
    const service = named(nginxOf(site), "kubernetes_service_v1", "love-nginx-service");
    expect(at(service, "spec")).toEqual({ selector: PODS, port: [{ name: "http", port: 80, target_port: "http" }] });
    expect(at(container(site), "port")).toEqual([{ name: "http", container_port: 8080 }]);
    expect(at(deployment(site), "spec.selector.match_labels")).toEqual(PODS);
    expect(at(deployment(site), "spec.template.metadata.labels")).toMatchObject(PODS);
  });

  test("it is ready once it has its files", () => {
    for (const probe of ["startup_probe", "readiness_probe"])
      expect(at(container(site), `${probe}.http_get`)).toEqual({ path: "/love/nginx-health", port: "http" });
  });

  test("a pod that ends is left alone first, and then ends what is under way", () => {
    const [, , script = ""] = at(container(site), "lifecycle.pre_stop.0.exec.command") as string[];
    const [, leaves, ends] = /^sleep (\d+); kill -QUIT 1; sleep (\d+)$/.exec(script) ?? [];
    expect(Number(leaves)).toBeGreaterThanOrEqual(15);
    expect(Number(ends)).toBeGreaterThan(10);
    expect(at(podOf(site), "termination_grace_period_seconds")).toBe(Number(leaves) + Number(ends));
  });

  test("one pod comes before another goes, on different nodes where there are several", () => {
    expect(at(deployment(site), "spec.strategy")).toEqual({
      type: "RollingUpdate",
      rolling_update: { max_unavailable: "0", max_surge: "1" },
    });
    expect(at(podOf(site), "topology_spread_constraint")).toEqual([
      {
        max_skew: 1,
        topology_key: "kubernetes.io/hostname",
        when_unsatisfiable: "ScheduleAnyway",
        label_selector: [{ match_labels: PODS }],
      },
    ]);
  });

  test("LOVE-C56: two replicas, one of which stays", () => {
    expect(at(deployment(site), "spec.replicas")).toBe("2");
    const budget = named(nginxOf(site), "kubernetes_pod_disruption_budget_v1", "love-nginx");
    expect(at(budget, "spec")).toEqual({ max_unavailable: "1", selector: { match_labels: PODS } });
  });

  test("LOVE-C49: by TLS at LOVE's host, the path /love and all below it", () => {
    const ingress = named(nginxOf(site), "kubernetes_ingress_v1", "love-nginx-ingress");
    expect(at(ingress, "spec")).toEqual({
      ingress_class_name: "traefik",
      tls: [{ hosts: ["love-toy-efd.example.org"], secret_name: "love-tls" }],
      rule: [
        {
          host: "love-toy-efd.example.org",
          http: {
            path: [
              {
                path: "/love",
                path_type: "Prefix",
                backend: { service: { name: "love-nginx-service", port: { number: 80 } } },
              },
            ],
          },
        },
      ],
    });
    // Not on the entry point of plain HTTP: traefik redirects everything that comes there.
    expect(at(ingress, "metadata.annotations")).toEqual({
      "cert-manager.io/cluster-issuer": "efd",
      "traefik.ingress.kubernetes.io/router.entrypoints": "websecure",
    });
  });
});

test("a single replica has no budget, which would keep a node from being drained", () => {
  expect(nginxOf("local").resources("kubernetes_pod_disruption_budget_v1")).toEqual([]);
});

describe("a change", () => {
  test("of a route starts new pods", () => {
    expect(checksum("summit", { spec: { profile: "small" } })).not.toEqual(checksum("summit"));
  });

  test("of LOVE's own configuration starts none: it arrives in their volume", () => {
    expect(checksum("summit", { spec: { efdAlias: "another" } })).toEqual(checksum("summit"));
  });
});

describe("sound", () => {
  test("LOVE-C50: four paths at the Summit, each to its broadcaster, whose stream has one path", () => {
    const ingress = named(nginxOf("summit"), "kubernetes_ingress_v1", "love-audio-broadcaster-ingress");
    expect(at(ingress, "spec.rule.0.http.path")).toEqual(
      [1, 2, 3, 4].map((place) => ({
        path: `/audio-broadcaster/${place}`,
        path_type: "Exact",
        backend: { service: { name: `love-audio-broadcaster-service-${place}`, port: { number: 80 } } },
      })),
    );
    expect(at(ingress, "metadata.annotations")).toEqual({
      "traefik.ingress.kubernetes.io/router.entrypoints": "websecure",
      "traefik.ingress.kubernetes.io/router.middlewares": "love-audio-feed@kubernetescrd",
    });
    expect(customResource(nginxOf("summit"), "Middleware", "audio-feed").spec).toEqual({
      replacePath: { path: "/audio_feed" },
    });
  });

  test("LOVE-C50: at LOVE's host, with its certificate, which one Ingress asks for", () => {
    const web = webWith({ kind: "address", address: "192.0.2.1" });
    const view = nginxOf("summit", { web });
    const [audio, love] = ["love-audio-broadcaster-ingress", "love-nginx-ingress"].map((name) =>
      named(view, "kubernetes_ingress_v1", name),
    );
    expect(at(audio, "spec.tls")).toEqual(at(love, "spec.tls"));
    expect(at(audio, "spec.rule.0.host")).toBe(at(love, "spec.rule.0.host"));
    expect(at(love, "metadata.annotations")).toMatchObject({ "cert-manager.io/cluster-issuer": "efd" });
  });

  test.each(["tucson", "local"])("LOVE-C50: none in %s", (site) => {
    expect(nginxOf(site).resources("kubernetes_ingress_v1")).toHaveLength(1);
    expect(nginxOf(site).customResources("Middleware")).toEqual([]);
  });
});
