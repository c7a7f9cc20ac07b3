/** Kafka as Strimzi runs it: cluster and node pools. */
import { same, type Tree } from "../../model/tree";
import { differenceAt, type Resource, sides } from "../../read/resources";
import { hoursOf, shorter, hoursInWords } from "../retention";
import { at, bytesOf, listAt, numberAt, textAt, Unreadable } from "../reading";
import { onEach, onRemoval, onUpdate, stepOf, type Rule, type ResourceFinding } from "../rule";

const idsOf = (side: Tree | undefined): string =>
  textAt(side, "metadata", "annotations", "strimzi.io/next-node-ids") ?? "";

/** Volumes by their ids; a pool without a list of them has one. */
function volumesOf(side: Tree | undefined): Map<string, Tree> {
  const storage = at(side, "spec", "storage");
  const volumes = at(storage, "volumes") === undefined ? [storage ?? {}] : listAt(storage, "volumes");
  return new Map(volumes.map((one) => [textAt(one, "id") ?? "0", one]));
}

function volumeSays(name: string, before: Tree, after: Tree | undefined): ResourceFinding | undefined {
  if (after === undefined)
    return {
      what: `${name} is removed`,
      why: "what is on it is lost unless every partition has another replica elsewhere",
      remedy: "move its partitions to another volume first",
    };
  const [size, newSize] = [textAt(before, "size"), textAt(after, "size")];
  if (at(before, "deleteClaim") !== true && at(after, "deleteClaim") === true)
    return {
      what: `${name} is deleted with its PVC from now on`,
      why: "when its pool or the cluster goes, so does what it stores",
      remedy: "keep deleteClaim: false",
    };
  if (!same(at(before, "class"), at(after, "class")) || !same(at(before, "type"), at(after, "type")))
    return {
      risk: "interrupts",
      what: `${name} gets another storage class`,
      why: "Strimzi does not move data: it refuses the change, and the Kafka is not ready",
      remedy: "add a pool with the new class, move the partitions, remove the old pool",
    };
  if (size === undefined || newSize === undefined || bytesOf(size) === bytesOf(newSize)) return undefined;
  if (bytesOf(newSize) < bytesOf(size))
    return {
      risk: "interrupts",
      what: `${name} cannot shrink from ${size} to ${newSize}`,
      why: "Strimzi ignores every change of the pool's storage then, and warns: the volumes stay as they are, no broker restarts, and the program says what is not so",
      remedy: "put the old size back; for smaller volumes add a pool, move the partitions, remove the old pool",
    };
  const local = /local/.test(textAt(after, "class") ?? "");
  return {
    risk: local ? "interrupts" : "harmless",
    what: local ? `${name} cannot grow from ${size} to ${newSize}` : `${name} grows from ${size} to ${newSize}`,
    why: local
      ? "the class cannot grow volumes: Strimzi leaves the old size, and warns; no broker restarts, and the program says what is not so"
      : "a class that cannot grow volumes leaves the old size; brokers restart only where the class needs it",
    remedy: local
      ? "put the old size back: on such a class it is only a name, the file system of the host is the limit"
      : "check that its class can grow volumes",
  };
}

const namesOf = (side: Tree | undefined): string[] =>
  listAt(side, "spec", "kafka", "listeners").map((one) => textAt(one, "name") ?? "");

const bytesInWords = (count: number): string => (count < 0 ? "any number of bytes" : `${count} bytes of a partition`);

const SHORTENS = /^spec\.kafka\.config\["(log\.retention\.(ms|minutes|hours|bytes)|log\.cleanup\.policy)"\]$/;

const configOf = (side: Tree | undefined): Tree | undefined => at(side, "spec", "kafka", "config");

/** Kafka's own limit of a message, with what belongs to its batch. */
const MESSAGE_BYTES = 1048588;

const MESSAGE_SIZE = /"(message|replica\.fetch)\.max\.bytes"/;

/** Whether messages that were taken are refused from now on. */
function smallerMessages(resource: Resource): ResourceFinding[] {
  if (resource.type !== "Kafka") return [];
  const [was, is] = sides(resource, (side) => numberAt(MESSAGE_BYTES, configOf(side), "message.max.bytes"));
  if (is >= was) return [];
  return [
    {
      what: `${resource.label} takes messages of at most ${is} bytes instead of ${was}`,
      why: "brokers refuse larger ones: a producer or a mirror that has one stops there, or drops it; every broker restarts",
      remedy: "look how large the largest messages are first",
    },
  ];
}

/** All of them. */
export const BROKER_RULES: readonly Rule[] = [
  {
    id: "kafka-goes",
    explanation:
      "A Kafka cluster or node pool leaves the program: without the mark keep it is removed, with it it runs on and nobody looks after it.",
    risk: "loses data",
    find: onRemoval(["Kafka", "KafkaNodePool", "KafkaConnect", "KafkaMirrorMaker2"], (resource) => {
      const holdsData = resource.type === "Kafka" || resource.type === "KafkaNodePool";
      if (resource.keep)
        return {
          risk: "interrupts",
          what: `${resource.label} leaves the program and runs on`,
          why: "it is marked to be kept: data, ports and host names stay with it, so another in its place does not come up, and no change reaches it any more",
          remedy: "restore the old name, or remove it by hand once nothing uses it",
        };
      return {
        risk: holdsData ? "loses data" : "interrupts",
        why: holdsData ? "its brokers go, and with their PVCs what they store" : "what it moves no longer arrives",
        remedy: "restore its name and its mark helm.sh/resource-policy: keep",
      };
    }),
  },
  {
    id: "kafka-nodes",
    explanation: "Fewer brokers, other node ids or other roles: a broker's data are known by its id.",
    risk: "loses data",
    find: onUpdate(["KafkaNodePool"], (resource) => {
      const [was, is] = sides(resource, (side) => numberAt(1, side, "spec", "replicas"));
      const [id, newId] = sides(resource, idsOf);
      if (is < was)
        return {
          what: `${resource.label} goes from ${was} to ${is} nodes`,
          why: "partitions of the nodes that go lose a replica, those without another lose all; Strimzi refuses while it sees one",
          remedy: "move the partitions away first, then take the node out",
        };
      if (id !== newId)
        return {
          what: `${resource.label} gets the node ids ${newId || "of Strimzi's choice"} instead of ${id || "Strimzi's choice"}`,
          why: "a node is known by its id: under another it is a new one with an empty volume",
          remedy: "restore the old ids, and only add new ones",
        };
      if (differenceAt(resource, /^spec\.roles/))
        return {
          risk: "interrupts",
          what: `${resource.label} has other roles`,
          why: "controllers elect again or brokers leave, and Strimzi refuses what would lose the quorum",
          remedy: "add a pool with the new role first",
        };
      return (
        is > was && {
          risk: "harmless",
          what: `${resource.label} goes from ${was} to ${is} nodes`,
          why: "a new broker holds nothing until partitions are moved to it",
          remedy: "move partitions afterwards",
        }
      );
    }),
  },
  {
    id: "kafka-disk",
    explanation: "A broker's volume is removed, is deleted with its PVC, gets another storage class, or another size.",
    risk: "loses data",
    find: onUpdate(["KafkaNodePool"], (resource) => {
      const [was, is] = sides(resource, volumesOf);
      return [...was].flatMap(
        ([id, before]) => volumeSays(`volume ${id} of ${resource.label}`, before, is.get(id)) ?? [],
      );
    }),
  },
  {
    id: "kafka-retention",
    explanation: "Kafka keeps messages for a shorter time or in fewer bytes: older ones go within minutes.",
    risk: "loses data",
    find: onEach(["Kafka"], (resource) => {
      if (resource.action !== "update" || !differenceAt(resource, SHORTENS)) return undefined;
      const [was, is] = sides(resource, (side) => hoursOf(configOf(side), "log.retention"));
      const [size, newSize] = sides(resource, (side) => numberAt(-1, configOf(side), "log.retention.bytes"));
      const [policy, newPolicy] = sides(resource, (side) => textAt(configOf(side), "log.cleanup.policy") ?? "delete");
      const less = shorter(was, is) || shorter(size, newSize);
      const what = `${resource.label} keeps ${[
        ...(was === is ? [] : [`messages for ${hoursInWords(is)} instead of ${hoursInWords(was)}`]),
        ...(size === newSize ? [] : [`${bytesInWords(newSize)} instead of ${bytesInWords(size)}`]),
        ...(policy === newPolicy ? [] : [`topics by ${newPolicy} instead of ${policy}`]),
      ].join(" and ")}`;
      return less
        ? {
            what,
            why: "older messages go within minutes; what no consumer has read by then never arrives in InfluxDB, and a repair reads less",
            remedy: "check that every consumer has read all, then shorten",
          }
        : {
            risk: "harmless",
            what,
            why: "brokers need more of their volumes",
            remedy: "compare with the size of the brokers' volumes",
          };
    }),
  },
  {
    id: "kafka-version",
    explanation: "Kafka's version or the version of its metadata changes: brokers roll; metadata never go back.",
    risk: "loses data",
    find: onUpdate(["Kafka"], (resource) => {
      const [from, to] = sides(resource, (side) => textAt(side, "spec", "kafka", "version"));
      const [meta, newMeta] = sides(resource, (side) => textAt(side, "spec", "kafka", "metadataVersion"));
      const down = stepOf(from, to) === "down" || stepOf(meta, newMeta) === "down";
      if (from === to && meta === newMeta) return undefined;
      if ((from !== to && stepOf(from, to) === "unknown") || (meta !== newMeta && stepOf(meta, newMeta) === "unknown"))
        throw new Unreadable("a version is not named on both sides, or is none");
      const what = `${resource.label} goes from ${from === to ? `metadata ${meta}` : from} to ${from === to ? `metadata ${newMeta}` : to}`;
      return down
        ? {
            what,
            why: "a lower version may not read what the higher one wrote; Strimzi refuses, or brokers do not start",
            remedy: "stay on the higher version",
          }
        : {
            risk: "restarts",
            what,
            why: `every broker restarts, one after the other${meta === newMeta ? "" : "; there is no way back to the old metadata"}`,
            remedy: "version first, metadata when all brokers run; do it outside observing hours",
          };
    }),
  },
  {
    id: "kafka-listeners",
    explanation:
      "A listener is added, removed or changed its port, host name or login, or messages must be smaller: clients are cut off, and brokers roll.",
    risk: "interrupts",
    find: onUpdate(["Kafka"], (resource) => {
      const smaller = smallerMessages(resource);
      const changed = resource.differences.filter(({ path }) => path.startsWith("spec.kafka.listeners"));
      if (changed.length === 0) return smaller;
      const [was, is] = sides(resource, namesOf);
      const added = is.filter((name) => !was.includes(name));
      const onlyAdded = changed.every(({ path }) => added.some((name) => path === `spec.kafka.listeners[${name}]`));
      const gone = was.filter((name) => !is.includes(name));
      const paths = changed.map(({ path }) => path.replace("spec.kafka.", "")).slice(0, 3);
      const listeners: ResourceFinding = {
        risk: onlyAdded ? "restarts" : "interrupts",
        what: onlyAdded
          ? `${resource.label} gets the listener ${added.join(", ")}`
          : `listeners of ${resource.label} change: ${gone.length > 0 ? `${gone.join(", ")} is removed` : paths.join(", ")}`,
        why: onlyAdded
          ? "every broker restarts, one after the other"
          : "clients that use the old port, host name or login are cut off until they are changed; every broker restarts",
        remedy: onlyAdded
          ? "do it outside observing hours"
          : "tell the producers first; add the new listener beside the old one",
      };
      return [listeners, ...smaller];
    }),
  },
  {
    id: "kafka-config",
    explanation:
      "Settings, resources or templates of Kafka change: Strimzi restarts brokers one after the other where it must.",
    risk: "restarts",
    find: onUpdate(["Kafka", "KafkaNodePool"], (resource) => {
      const told = smallerMessages(resource).length > 0;
      const found = resource.differences.filter(
        ({ path }) =>
          !(told && MESSAGE_SIZE.test(path)) &&
          /^spec\.(kafka|resources|template|jvmOptions)/.test(path) &&
          !/^spec\.kafka\.(listeners|version|metadataVersion|template\.podSet\.metadata)/.test(path) &&
          !SHORTENS.test(path),
      );
      if (found.length === 0) return undefined;
      return {
        what: `${resource.label} changes ${found.length === 1 ? found[0]?.path : `${found.length} settings`}`,
        why: "Strimzi restarts each node that the change concerns, one after the other",
        remedy: "do it outside observing hours",
      };
    }),
  },
];
