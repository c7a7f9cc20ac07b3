import { StackView } from "../../synthesized/stack";
import { reachTable } from "../../tools/docs/reach";

const stack = (site: string, resource: object) => new StackView(site, "efd", JSON.stringify({ resource }), []);

const policy = (namespace: string, spec: object) => ({
  metadata: { name: "p", namespace },
  spec: { policy_types: ["Ingress"], ...spec },
});
const registry = policy("kafka", {
  pod_selector: { match_labels: { "app.kubernetes.io/instance": "registry" } },
  ingress: [
    {
      from: [
        { namespace_selector: { match_labels: { "kubernetes.io/metadata.name": "telegraf" } } },
        { pod_selector: { match_labels: { csc: "commander" } } },
      ],
      ports: [{ port: "8081" }],
    },
  ],
});
const closed = policy("love", { pod_selector: {} });
const open = policy("influxdb", { pod_selector: {}, ingress: [{ ports: [{ port: "8086" }] }] });
const namespaces = Object.fromEntries(["kafka", "love", "traefik"].map((name) => [name, { metadata: { name } }]));

test("who may connect, by site; and what nobody closes", () => {
  const lines = reachTable([
    stack("a", { kubernetes_network_policy_v1: { registry, open }, kubernetes_namespace_v1: namespaces }),
    stack("b", { kubernetes_network_policy_v1: { closed, open } }),
  ]).split("\n");
  expect(lines).toEqual([
    "<!-- prettier-ignore -->",
    "| namespace | pods | port | who may connect | sites |",
    "| --- | --- | --- | --- | --- |",
    "| `influxdb` | all | 8086 | everybody | all |",
    "| `kafka` | `registry` | 8081 | all of `telegraf`; `csc=commander` | a |",
    "| `love` | all | every | nobody | b |",
    "",
    "No policy, and so open to every pod of the cluster: `traefik`.",
  ]);
});
