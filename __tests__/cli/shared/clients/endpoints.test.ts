import type { SiteClients } from "../../../../cli/shared/clients/clients";
import { podBehind } from "../../../../cli/shared/clients/endpoints";

const pod = (name: string, ready?: boolean) => ({ conditions: { ready }, targetRef: { kind: "Pod", name } });

/** A cluster with a Service of two ports, and these slices. */
function cluster(slices: readonly object[], service: object | undefined = SERVICE) {
  return {
    get: (path: string) => Promise.resolve(path === "/api/v1/namespaces/n/services/s" ? service : undefined),
    list: (path: string) =>
      Promise.resolve(path.endsWith("?labelSelector=kubernetes.io%2Fservice-name%3Ds") ? slices : []),
  } as unknown as SiteClients["cluster"];
}

const SERVICE = {
  spec: {
    ports: [
      { name: "api", port: 80, targetPort: "http" },
      { name: "rpc", port: 81 },
    ],
  },
};
const PORTS = [
  { name: "rpc", port: 8081 },
  { name: "api", port: 8080 },
];
const at = (port: number) => ({ namespace: "n", service: "s", port });

test("the port of a ready pod, by the port's name", async () => {
  const slices = [{ ports: PORTS, endpoints: [pod("a", false), pod("b"), pod("c", true)] }];
  expect(await podBehind(at(80), cluster(slices))).toEqual({ namespace: "n", pod: "b", port: 8080 });
  expect(await podBehind(at(81), cluster(slices))).toEqual({ namespace: "n", pod: "b", port: 8081 });
});

test("a port without a name", async () => {
  const service = { spec: { ports: [{ port: 80 }] } };
  const slices = [{ ports: [{ name: "", port: 8080 }], endpoints: [pod("a", true)] }];
  expect(await podBehind(at(80), cluster(slices, service))).toEqual({ namespace: "n", pod: "a", port: 8080 });
});

test.each([
  ["no ready pod behind s.n:80", 80, [{ ports: PORTS, endpoints: [pod("a", false)] }], SERVICE],
  ["no ready pod behind s.n:80", 80, [{ ports: null, endpoints: null }], SERVICE],
  ["no ready pod behind s.n:80", 80, [{ ports: PORTS, endpoints: [{ addresses: ["192.0.2.1"] }] }], SERVICE],
  ["Service s in namespace n has no port 82", 82, [], SERVICE],
  ["there is no Service s in namespace n: is that layer deployed?", 80, [], null],
])("%s", async (message, port, slices, service) => {
  await expect(podBehind(at(port), cluster(slices, service as object))).rejects.toThrow(message);
});
