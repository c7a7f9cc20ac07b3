/** Rules of the ports that a site opens on its hosts. */
import { repeated, type Rule } from "./violation";

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

/** With ServiceLB the cluster listens on these ports of the host. */
export const apiPortIsFree: Rule = ({ cluster }) =>
  cluster.kind === "k3s" && [80, 443, 10250].includes(cluster.apiPort)
    ? [
        {
          path: ["cluster", "apiPort"],
          message: "allowed any port but 80, 443 and 10250, which ingress and kubelet take, write 6443",
        },
      ]
    : [];
