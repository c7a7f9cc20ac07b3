/** Who talks to whom: read from the addresses that configurations name. */
import { parse as parseToml } from "smol-toml";
import { type Block, inside, isOwnChart, releaseValues, unescaped } from "../../synthesized/stack";
import type { GraphEdge, Member } from "./model";

/** A Service as a configuration names it: `schema-registry.kafka:8081`, `influxdb.influxdb.svc.cluster.local`. */
const ADDRESS = /(?<![\w.-])([a-z0-9][a-z0-9-]*)\.([a-z0-9][a-z0-9-]*)(?:\.svc\b|:\d)/g;

/** An address, and whether data come from there. */
interface Mention {
  readonly service: string;
  readonly namespace: string;
  readonly input: boolean;
}

/** The lines of data between these constructs. */
export function dataEdges(members: readonly Member[]): GraphEdge[] {
  const edges = new Map<string, GraphEdge>();
  const add = (from: Member, to: Member) => {
    if (from.id !== to.id) edges.set(JSON.stringify([from.id, to.id]), { from: from.id, to: to.id, kind: "data" });
  };
  const services = servicesOf(members);
  for (const member of members) {
    for (const { service, namespace, input } of member.blocks.flatMap(mentions)) {
      const other = serving(services, service, namespace);
      if (other && input) add(other, member);
      else if (other) add(member, other);
    }
    for (const { controller: name, service } of member.blocks.flatMap(routes)) {
      const controller = members.find(({ blocks }) => blocks.some((block) => releaseName(block) === name));
      if (controller) add(controller, serving(services, service, member.namespace) ?? member);
    }
  }
  return [...edges.values()];
}

function mentions({ body }: Block): Mention[] {
  const { data, ...rest } = body;
  const files = Object.values((data ?? {}) as Record<string, unknown>).map(String);
  return [...addresses(JSON.stringify(rest)), ...files.flatMap((file) => addresses(file, inputsOf(unescaped(file))))];
}

/** What stands below `inputs` of a configuration of Telegraf: data come from there. */
function inputsOf(file: string): string {
  try {
    return JSON.stringify(inside(parseToml(file), "inputs") ?? {});
  } catch {
    return "";
  }
}

function addresses(text: string, inputs = ""): Mention[] {
  const given = new Set([...inputs.matchAll(ADDRESS)].map(([, ...names]) => names.join(".")));
  return [...text.matchAll(ADDRESS)].map(([, service = "", namespace = ""]) => {
    return { service, namespace, input: given.has(`${service}.${namespace}`) };
  });
}

function releaseName({ type, body }: Block): string | undefined {
  return type === "helm_release" ? String(body["name"]) : undefined;
}

/** Names that a construct's Services may have: its Services, its releases, what its operator makes Services for. */
function namesOf({ type, body }: Block): string[] {
  if (type === "kubernetes_service_v1") return [String(inside(body, "metadata", "name"))];
  if (type !== "helm_release") return [];
  if (!isOwnChart(body)) return [String(body["name"])];
  const objects = (inside(releaseValues(body), "resources") ?? []) as unknown[];
  return objects
    .filter((object) => inside(object, "spec", "kafka", "listeners") !== undefined)
    .map((object) => String(inside(object, "metadata", "name")));
}

/** A name, or the beginning of one, under which a construct answers. */
interface Service {
  readonly member: Member;
  readonly namespace: string;
  readonly name: string;
}

/** The longest names first. */
function servicesOf(members: readonly Member[]): Service[] {
  return members
    .flatMap((member) => member.blocks.flatMap(namesOf).map((name) => ({ member, namespace: member.namespace, name })))
    .sort((a, b) => b.name.length - a.name.length);
}

/** The construct behind a Service: the one that makes it, else the one whose name it begins with. */
function serving(services: readonly Service[], service: string, namespace: string): Member | undefined {
  const here = services.filter((one) => one.namespace === namespace);
  return (here.find(({ name }) => name === service) ?? here.find(({ name }) => service.startsWith(`${name}-`)))?.member;
}

/** The Services that an ingress leads to; the controller of a class bears its name. */
function routes({ type, body }: Block): { controller: string; service: string }[] {
  if (type !== "kubernetes_ingress_v1") return [];
  const controller = inside(body, "spec", "ingress_class_name");
  if (typeof controller !== "string") return [];
  return [...JSON.stringify(body["spec"]).matchAll(/"service":\{"name":"([^"]+)"/g)].map(([, service = ""]) => ({
    controller,
    service,
  }));
}
