import { dataEdges } from "../../../review/graph/data-edges";
import type { GraphNode } from "../../../review/graph/model";
import { siteGraph } from "../../../review/graph/site-graph";
import { allStacks, SITE_NAMES } from "../../support/sites";

const graphs = new Map(
  SITE_NAMES.map((site) => [site, siteGraph(allStacks().filter((stack) => stack.site === site))] as const),
);
const graphOf = (site: string) => graphs.get(site)!;
const names = (site: string) => {
  const { nodes, edges } = graphOf(site);
  const name = (id: string) => nodes.find((node) => node.id === id)?.name ?? id;
  return edges.map(({ from, to, kind }) => `${kind}: ${name(from)} > ${name(to)}`);
};

/** What a schedule starts lives with the consumers, and is none. */
const isConsumer = ({ namespace, name }: GraphNode) =>
  namespace === "telegraf" && !["rollouts", "progress"].includes(name);

/** The data path of docs/architecture.md, as far as one configuration names the other's Service. */
const DATA_PATH = [
  "data: schema-registry > kafka",
  "data: chronograf > influxdb",
  "data: chronograf > kapacitor",
  "data: kapacitor > influxdb",
  "data: traefik > chronograf",
  "data: traefik > influxdb",
  "data: traefik > schema-registry",
];

describe.each(SITE_NAMES)("%s", (site) => {
  test("has the data path", () => {
    expect(names(site)).toEqual(expect.arrayContaining(DATA_PATH));
    const { nodes } = graphOf(site);
    for (const { name } of nodes.filter(isConsumer))
      expect(names(site)).toEqual(
        expect.arrayContaining([
          `data: kafka > ${name}`,
          `data: schema-registry > ${name}`,
          `data: ${name} > influxdb`,
        ]),
      );
  });

  test("has every resource in one node at most, and all but namespaces in one", () => {
    const drawn = graphOf(site).nodes.flatMap(({ stack, addresses }) => addresses.map((one) => `${stack} ${one}`));
    expect(new Set(drawn).size).toBe(drawn.length);
    const all = allStacks()
      .filter((stack) => stack.site === site)
      .flatMap((stack) =>
        stack
          .resources()
          .filter(({ type }) => type !== "kubernetes_namespace_v1")
          .map(({ address }) => `${stack.name} ${address}`),
      );
    expect(drawn.sort()).toEqual(all.sort());
  });

  test("knows the construct behind every Service that a Telegraf names", () => {
    const { nodes, edges } = graphOf(site);
    const spaces = new Set(nodes.map(({ namespace }) => namespace));
    for (const stack of allStacks().filter((one) => one.site === site))
      for (const { address, text } of stack.telegrafConfigurations()) {
        const named = [...text.matchAll(/\/\/[a-z0-9-]+\.([a-z0-9-]+):\d|"[a-z0-9-]+\.([a-z0-9-]+):\d/g)].map(
          ([, a, b]) => a ?? b,
        );
        expect(named.length).toBeGreaterThan(0);
        const node = nodes.find((one) => one.addresses.includes(address) && one.stack === stack.name)!;
        const neighbours = edges.filter(({ kind, from, to }) => kind === "data" && [from, to].includes(node.id));
        const reached = neighbours.map(
          ({ from, to }) => nodes.find(({ id }) => id === (from === node.id ? to : from))!.namespace,
        );
        for (const namespace of named.filter((one) => spaces.has(one ?? ""))) expect(reached).toContain(namespace);
      }
  });

  test("marks what holds data", () => {
    const holding = graphOf(site)
      .nodes.filter(({ holdsData }) => holdsData)
      .map(({ name }) => name);
    expect(holding).toEqual(expect.arrayContaining(["influxdb", "kafka", "chronograf", "kapacitor"]));
    expect(holding).not.toContain("schema-registry");
  });

  test("says an order only once: no line that others imply, none both ways", () => {
    const needs = graphOf(site).edges.filter(({ kind }) => kind === "needs");
    const reach = (from: string, to: string, without: number): boolean =>
      needs.some((edge, i) => i !== without && edge.from === from && (edge.to === to || reach(edge.to, to, without)));
    needs.forEach(({ from, to }, i) => {
      expect([from, to, reach(from, to, i)]).toEqual([from, to, false]);
      expect([to, from, reach(to, from, -1)]).toEqual([to, from, false]);
    });
  });
});

test("a consumer's crowd is one node that says how many there are", () => {
  const crowd = SITE_NAMES.map((site) => graphOf(site).nodes.filter(isConsumer));
  const counts = crowd.map((nodes) => nodes.map(({ count }) => count));
  const configured = SITE_NAMES.map(
    (site) =>
      allStacks()
        .filter((stack) => stack.site === site)
        .flatMap((stack) => stack.resources("kubernetes_deployment_v1"))
        .filter(({ body }) => JSON.stringify(body["metadata"]).includes('"namespace":"telegraf"')).length,
  );
  expect(counts.map((one) => one.reduce((sum, each) => sum + each, 0))).toEqual(configured);
});

test("an address of nothing that the site has is no line", () => {
  const member = (id: string, namespace: string, body: Record<string, unknown>) => ({
    id,
    stack: "s",
    layer: "l",
    namespace,
    name: id,
    count: 1,
    addresses: [],
    holdsData: false,
    blocks: [{ address: `kubernetes_service_v1.${id}`, type: "kubernetes_service_v1", id, body }],
  });
  const service = member("b", "n", { metadata: { name: "b", namespace: "n" } });
  const edges = (url: string) => dataEdges([member("a", "m", { url }), service]).map(({ from, to }) => [from, to]);
  expect(edges("http://b.n:80")).toEqual([["a", "b"]]);
  expect(edges("b.n.svc.cluster.local")).toEqual([["a", "b"]]);
  expect(edges("http://b.m:80")).toEqual([]);
  expect(edges("http://c.n:80")).toEqual([]);
  expect(edges("http://x.b.n:80")).toEqual([]);
});
