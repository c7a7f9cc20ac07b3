import { NamespaceV1 } from "@cdktf/provider-kubernetes/lib/namespace-v1";
import { Route, type RouteProps } from "../../../constructs/kubernetes/route";
import { at, built, only, webWith } from "../support";

const ingress = (props: Partial<RouteProps> = {}) =>
  only(
    built((stack) => {
      const namespace = new NamespaceV1(stack, "namespace", { metadata: { name: "kafka" } });
      new Route(stack, "route", {
        name: "ui",
        namespace: "kafka",
        service: "kafka-ui",
        port: 8080,
        web: webWith(),
        dependsOn: [namespace],
        ...props,
      });
    }),
    "kubernetes_ingress_v1",
  );

const annotations = (props: Partial<RouteProps> = {}) =>
  at(ingress(props), "metadata.annotations") as Record<string, string>;

test("leads a host by TLS to a Service", () => {
  expect(ingress()).toMatchObject({
    metadata: { name: "ui", namespace: "kafka" },
    spec: {
      ingress_class_name: "traefik",
      tls: [{ hosts: ["ui-toy-efd.example.org"], secret_name: "ui-tls" }],
      rule: [
        {
          http: {
            path: [
              { path: "/", path_type: "Prefix", backend: { service: { name: "kafka-ui", port: { number: 8080 } } } },
            ],
          },
        },
      ],
    },
    depends_on: ["kubernetes_namespace_v1.namespace"],
  });
});

test("has its certificate from the site's issuer, and listens on TLS only", () => {
  expect(annotations()).toEqual({
    "cert-manager.io/cluster-issuer": "efd",
    "traefik.ingress.kubernetes.io/router.entrypoints": "websecure",
  });
});

test("leads one path only where it is told so, by an Ingress of another name; the host keeps its certificate", () => {
  const one = ingress({ object: "ui-ingress", path: "/ui" });
  expect(one).toMatchObject({
    metadata: { name: "ui-ingress" },
    spec: {
      tls: [{ hosts: ["ui-toy-efd.example.org"], secret_name: "ui-tls" }],
      rule: [{ host: "ui-toy-efd.example.org", http: { path: [{ path: "/ui", path_type: "Prefix" }] } }],
    },
  });
});

test("has a record where there is DNS", () => {
  expect(annotations({ web: webWith({ kind: "address", address: "192.0.2.1" }) })).toMatchObject({
    "external-dns.alpha.kubernetes.io/hostname": "ui-toy-efd.example.org",
    "external-dns.alpha.kubernetes.io/target": "192.0.2.1",
  });
});

test("passes a middleware of its own namespace", () => {
  expect(annotations({ middleware: "login" })["traefik.ingress.kubernetes.io/router.middlewares"]).toBe(
    "kafka-login@kubernetescrd",
  );
});

test("a given certificate is one Secret for all hosts, and no issuer is asked", () => {
  const web = webWith({ kind: "none" }, { kind: "given", secret: "tls-certs" });
  expect(at(ingress({ web }), "spec.tls.0.secret_name")).toBe("tls-certs");
  expect(annotations({ web })).not.toHaveProperty(["cert-manager.io/cluster-issuer"]);
});
