/** Everything that reads Kafka in a layer, before and after. */
import type { Resource } from "../../read/resources";
import type { Tree } from "../../model/tree";
import { connectorLoads } from "../connect/connectors";
import { type Load, takesAll } from "../loads";
import { ifReadable, Unreadable } from "../reading";
import type { Unjudged } from "../rule";
import { telegrafLoads } from "../telegraf/configuration";

const READERS: Readonly<Record<string, (resource: Resource, side: Tree | undefined) => Load[]>> = {
  kubernetes_config_map_v1: telegrafLoads,
  KafkaConnector: connectorLoads,
};

/** Both sides. Of what cannot be read nothing is known. */
export interface AllLoads {
  readonly before: readonly Load[];
  readonly after: readonly Load[];
  /** Programs that change and cannot be read. */
  readonly unjudged: readonly Unjudged[];
}

const known = new WeakMap<readonly Resource[], AllLoads>();

/** What every program of a layer reads and writes; read once. */
export function allLoads(resources: readonly Resource[]): AllLoads {
  const found = known.get(resources) ?? readAll(resources);
  known.set(resources, found);
  return found;
}

function readAll(resources: readonly Resource[]): AllLoads {
  const all = { before: [] as Load[], after: [] as Load[], unjudged: [] as Unjudged[] };
  for (const resource of resources) {
    const read = READERS[resource.type];
    if (!read) continue;
    try {
      const [before, after] = [read(resource, resource.before), read(resource, resource.after)];
      all.before.push(...before);
      all.after.push(...after);
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error;
      if (resource.action !== "no-op" && isReader(resource)) all.unjudged.push({ resource, unread: error.message });
    }
  }
  return all;
}

/** Whether it reads Kafka, or did: a config map of another program may well be unknown. */
function isReader(resource: Resource): boolean {
  if (resource.type !== "kubernetes_config_map_v1" || /^telegraf-/.test(resource.name)) return true;
  return [resource.before, resource.after].some((side) => ifReadable(() => telegrafLoads(resource, side)).length > 0);
}

/** Who takes all topics of a load into the same place. */
export function heirsOf({ topics, database }: Load, loads: readonly Load[]): Load[] {
  return loads.filter((one) => one.database === database && takesAll(one.topics, topics));
}
