/** Rules of the ports that a site opens on its hosts. */
import { repeated, type Rule, when } from "./violation";

/** NodePorts are open on every node: each can have one user. */
export const nodePortsAreUnique: Rule = ({ kafka }) => {
  const { access, brokers } = kafka;
  const users = [
    ...(access.kind === "nodeport" ? [{ name: "kafka.access.bootstrapNodePort", port: access.bootstrapNodePort }] : []),
    ...brokers.flatMap(({ nodePort }, i) =>
      nodePort === undefined ? [] : [{ name: `kafka.brokers[${i}].nodePort`, port: nodePort }],
    ),
  ];
  return [...repeated(users.map((user) => user.port))].map(([port, indexes]) => ({
    path: ["kafka"],
    message: `NodePort ${port} is used by ${indexes.map((i) => users[i]?.name).join(" and ")}, allowed one user each, give one of them another port`,
  }));
};

/** What the server's host has on its ports beside the API: ingress, and what k3s runs (docs.k3s.io, requirements). */
const TAKEN_PORTS = [80, 443, 6444, 10010, 10248, 10249, 10250, 10256, 10257, 10258, 10259];

/** k3s has the host's network: the API needs a port there that nothing else takes, NodePorts included. */
export const apiPortIsFree: Rule = ({ cluster }) =>
  cluster.kind !== "k3s"
    ? []
    : when(
        TAKEN_PORTS.includes(cluster.apiPort) || (cluster.apiPort >= 30000 && cluster.apiPort <= 32767),
        ["cluster", "apiPort"],
        `allowed any port but ${TAKEN_PORTS.join(", ")} and 30000–32767, which ingress, k3s and NodePorts take, write 6443`,
      );
