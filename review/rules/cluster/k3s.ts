/** Nodes of k3s in Docker, their volumes, their authorities. */
import { parseValues } from "../../../synthesized/stack";
import { type Tree } from "../../model/tree";
import { differenceAt, goes, isK3sServer, sides, type Resource } from "../../read/resources";
import { at, listAt, textAt, Unreadable } from "../reading";
import { isDone, onEach, onRemoval, type ResourceFinding, stepOf, type Rule } from "../rule";

const nodeOf = (resource: Resource): string => `k3s ${isK3sServer(resource) ? "server" : "agent"} ${resource.name}`;

/** Volumes and folders of the host that a node mounts, by the path in its container. */
function mountsOf(side: Tree | undefined): Map<string, string> {
  return new Map(
    listAt(side, "volumes").map((one) => [
      textAt(one, "container_path") ?? "",
      textAt(one, "volume_name") || textAt(one, "host_path") || "",
    ]),
  );
}

/** Networks of a cluster where nobody names others: k3s's own. */
const NETWORKS = { "cluster-cidr": "10.42.0.0/16", "service-cidr": "10.43.0.0/16" } as const;

/** k3s's configuration, which a node gets as a file. */
function configOf(side: Tree | undefined): Tree {
  const file = listAt(side, "upload").find((one) => /\/k3s\/config\.yaml$/.test(textAt(one, "file") ?? ""));
  const text = textAt(file, "content");
  try {
    return text === undefined ? {} : (parseValues(text) as Tree);
  } catch {
    throw new Unreadable("its configuration of k3s is no YAML");
  }
}

/** What other networks of a cluster, or another address of its node, do. */
function networksSay(resource: Resource): ResourceFinding[] {
  if (resource.before === undefined || resource.after === undefined) return [];
  const [was, is] = sides(resource, configOf);
  const networks = Object.entries(NETWORKS).flatMap(([key, own]): ResourceFinding[] => {
    const [from, to] = [textAt(was, key) ?? own, textAt(is, key) ?? own];
    return from === to || !isK3sServer(resource)
      ? []
      : [
          {
            what: `the network of ${key === "cluster-cidr" ? "pods" : "Services"} is ${to} instead of ${from} on ${resource.name}`,
            why: "k3s fixes its networks when the cluster is made: nodes and Services keep addresses of the old one, and pods do not reach one another",
            remedy: "leave it, or build the cluster again on its data",
          },
        ];
  });
  const [old, address] = [textAt(was, "node-ip"), textAt(is, "node-ip")];
  return old === undefined || old === address
    ? networks
    : [
        ...networks,
        {
          what: `the node ${resource.name} has the address ${address ?? "that k3s finds"} instead of ${old}`,
          why: "other nodes, and clients of ports of this node, look for it there from then on",
          remedy: "compare with the card that the other nodes reach, and with DNS",
        },
      ];
}

/** Whether k3s refuses its volume without it. */
const isAuthority = ({ type, id }: Resource): boolean =>
  type === "tls_self_signed_cert" || (type === "tls_private_key" && id !== "admin") || type === "random_password";

/** All of them. */
export const K3S_RULES: readonly Rule[] = [
  {
    id: "volume-goes",
    explanation:
      "A Docker volume of a node is deleted or replaced: k3s's datastore, a node's identity, its pods' files.",
    risk: "loses data",
    find: onRemoval(["docker_volume"], (resource, { resources }) => {
      const [, owner] = /^(.+)-k3s$/.exec(resource.name) ?? [];
      const node = resources.find(({ type, name }) => type === "docker_container" && name === owner);
      // A node that the plan does not name may be the server: the worse case counts.
      const server = owner !== undefined && (node === undefined || isK3sServer(node));
      return {
        why: server
          ? "k3s's datastore is on it: every object of the cluster is gone, and the cluster is a new one"
          : "what the node keeps outside of its container is on it, such as the identity without which the server refuses it",
        remedy: "restore its old name and address",
      };
    }),
  },
  {
    id: "authority-replaced",
    explanation:
      "An authority, the key of the service accounts or the join token is created again: k3s refuses its volume with any other.",
    risk: "loses data",
    find: onRemoval(
      ["tls_private_key", "tls_self_signed_cert", "random_password"],
      (resource) =>
        isAuthority(resource) && {
          what: `${resource.label} (${resource.id}) ${isDone(resource)}`,
          why: "k3s refuses its datastore with any other, nodes and service accounts are no longer trusted, and nothing brings the old one back",
          remedy: "restore what it is made from; see the guide for the rotation that k3s offers",
        },
    ),
  },
  {
    id: "k3s-version",
    explanation:
      "Another release of k3s on a node, which is replaced; a lower one cannot read the datastore, and no minor release may be skipped.",
    risk: "loses data",
    find: onEach(["docker_container"], (resource) => {
      const [from, to] = sides(resource, (side) => textAt(side, "image")?.split(":").at(-1));
      if (!/k3s/.test(textAt(resource.after, "image") ?? "") || from === undefined || to === undefined || from === to)
        return undefined;
      const { name } = resource;
      const step = stepOf(from, to);
      const minors = Number(/\.(\d+)\./.exec(to)?.[1]) - Number(/\.(\d+)\./.exec(from)?.[1]);
      const server = isK3sServer(resource);
      if (server && step === "unknown")
        throw new Unreadable("the release of k3s is not named on both sides, or is none");
      if (step === "down" && server)
        return {
          what: `k3s goes down from ${from} to ${to} on ${name}`,
          why: "a lower release may not read what the higher one wrote into the datastore: every object of the cluster can be lost",
          remedy: `stay on the higher release, or restore a copy of the volume ${name}-k3s that the lower one wrote`,
        };
      return {
        risk: "interrupts",
        what: `k3s goes ${step === "down" ? "down " : ""}from ${from} to ${to} on ${name}`,
        why: `its container is replaced, nothing is drained${step === "major" || minors > 1 ? "; Kubernetes allows no minor release to be skipped" : ""}`,
        remedy: server
          ? `copy the volume ${name}-k3s first; do it outside observing hours, one minor release at a time`
          : "drain the node first; no agent may be newer than its server",
      };
    }),
  },
  {
    id: "node-mounts",
    explanation:
      "A node has another volume or folder of the host, or none, where its datastore, its identity or the data of all volumes were.",
    risk: "loses data",
    find: onEach(["docker_container"], (resource) => {
      if (resource.before === undefined || resource.after === undefined) return undefined;
      const after = mountsOf(resource.after);
      return [...mountsOf(resource.before)]
        .filter(([path, was]) => was !== "" && after.get(path) !== was)
        .map(([path, was]) => {
          const is = after.get(path);
          return {
            what: `${resource.name} finds ${is ?? "nothing"} in ${path} instead of ${was}`,
            why: was.startsWith("/")
              ? "the files stay in the old folder of the host, and every volume of this node begins empty"
              : "what the old volume holds is left behind: the node begins as a new one, and a server with an empty datastore",
            remedy: was.startsWith("/")
              ? "leave the folder, or stop the node and move all files first"
              : "restore the volume of the node",
          };
        });
    }),
  },
  {
    id: "node-replaced",
    explanation:
      "A node's container is deleted or replaced: every pod of it stops at once; with the server, the API too.",
    risk: "interrupts",
    find: onRemoval(["docker_container"], (resource, { resources }) => {
      const volumes = resources.filter(
        ({ type, name }) => type === "docker_volume" && name.startsWith(`${resource.name}-`),
      );
      const stay = volumes.some(goes) ? "" : "; its volumes stay";
      const what = `the ${nodeOf(resource)} ${isDone(resource)}`;
      const replaced: ResourceFinding = isK3sServer(resource)
        ? {
            what,
            why: `all its pods stop at once and the API is away until it is up again, at a site of one node that is the whole EFD${stay}`,
            remedy: "do it outside observing hours; Kafka keeps nothing that nobody could write meanwhile",
          }
        : {
            what,
            why: `the pods of this node stop at once, nothing is drained${stay}`,
            remedy:
              resource.action === "delete"
                ? "drain the node first, and delete it from the cluster"
                : "drain the node first",
          };
      return [replaced, ...networksSay(resource)];
    }),
  },
  {
    id: "admin-access",
    explanation: "The administrator's certificate or the kubeconfig is created again: copies of it expire.",
    risk: "changes access",
    find: onEach(
      ["tls_private_key", "tls_cert_request", "tls_locally_signed_cert", "local_sensitive_file"],
      (resource) => {
        if (isAuthority(resource) || resource.action === "create" || resource.action === "move") return undefined;
        return {
          what: `the access of the cluster's administrator changes (${resource.label} ${isDone(resource)})`,
          why: "copies of the kubeconfig on other machines work until their certificate expires, or stop working now where the authority changes",
          remedy: "remove copies and run access again",
        };
      },
    ),
  },
  {
    id: "node-changed",
    explanation: "A node is new, stops or starts again, or its container changes in place: limits and restart policy.",
    risk: "interrupts",
    find: onEach(["docker_container"], (resource) => {
      const node = nodeOf(resource);
      if (resource.action === "create")
        return {
          risk: "harmless",
          what: `the ${node} is new and joins`,
          why: "what runs stays where it is; new pods may come to it",
          remedy: "nothing",
        };
      if (resource.action !== "update") return undefined;
      const runs = differenceAt(resource, /^must_run$/) && at(resource.after, "must_run");
      if (runs === false)
        return {
          what: `the ${node} does not run`,
          why: "somebody stopped it, or it ended and did not come up again: its pods are away, with the server the API too",
          remedy: "find out why (`docker logs`); a deployment of the cluster layer starts it",
        };
      if (runs === true)
        return {
          risk: "restarts",
          what: `the ${node} does not run and is started`,
          why: "its pods come back, those that moved meanwhile stay where they are",
          remedy: "find out first why it does not run (`docker logs`)",
        };
      return {
        risk: "harmless",
        what: `the ${node} is changed in place`,
        why: "Docker changes limits and restart policy of a running container",
        remedy: "nothing",
      };
    }),
  },
];
