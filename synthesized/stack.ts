/** A synthesized stack, read the way Terraform reads it. */
import { readYaml } from "./yaml";

/** A JSON object. */
export type Json = Record<string, unknown>;

/** Blocks of one sort, by type and id. */
export type Blocks = Readonly<Record<string, Readonly<Record<string, Json>>>>;

/** The parts of a `cdk.tf.json` that we look at. */
export interface TerraformJson {
  readonly terraform?: {
    readonly required_version?: string;
    readonly backend?: Readonly<Record<string, Json>>;
    readonly required_providers?: Readonly<Record<string, { version?: string; source?: string }>>;
  };
  readonly provider?: Readonly<Record<string, Json | Json[]>>;
  readonly resource?: Blocks;
  readonly data?: Blocks;
  readonly ephemeral?: Blocks;
  readonly variable?: Readonly<Record<string, Json>>;
  readonly output?: Readonly<Record<string, Json>>;
  readonly locals?: Json;
}

/** A resource, data source or ephemeral resource. */
export interface Block {
  /** Such as `helm_release.kafka_efd`. */
  readonly address: string;
  readonly type: string;
  readonly id: string;
  readonly body: Json;
}

/** A Kubernetes object. */
export interface ObjectJson extends Json {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { name: string; namespace?: string; annotations?: Record<string, string> } & Json;
  readonly spec?: Json;
}

/** Every block of a section. */
export function blocks(section: Blocks | undefined, type?: string): Block[] {
  return Object.entries(section ?? {})
    .filter(([each]) => type === undefined || each === type)
    .flatMap(([each, byId]) =>
      Object.entries(byId).map(([id, body]) => ({ address: `${each}.${id}`, type: each, id, body })),
    );
}

/** A text as another program gets it: `literal` of synthesized/text.ts undone. */
export function unescaped(text: string): string {
  return text.replaceAll("$${", "${").replaceAll("%%{", "%{");
}

/**
 * Values of a release as data.
 *
 * @throws {UserError} where the text is no YAML, or has aliases, by which a small text can stand for a huge value.
 */
export function parseValues(text: string): unknown {
  return readYaml(text, { maxAliases: 0 });
}

const opened = new WeakMap<Json, Json>();

/** Values of a Helm release, as an object; read once, so not to be written to. */
export function releaseValues(body: Json): Json {
  const known = opened.get(body);
  if (known) return known;
  const texts = (body["values"] ?? []) as string[];
  const values = Object.assign({}, ...texts.map((text) => parseValues(unescaped(text)) as Json)) as Json;
  opened.set(body, values);
  return values;
}

/** Whether a value is an object of JSON: neither null, nor a list, nor an object of a class. */
export function isObject(value: unknown): value is Json {
  if (value === null || typeof value !== "object" || Array.isArray(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

/**
 * Looks into a value by keys; blocks that Terraform writes as a list of one are seen through. Undefined where a key is
 * not there, or where something else than JSON stands, such as the marks of a review.
 */
export function inside(value: unknown, ...keys: string[]): unknown {
  return keys.reduce<unknown>((outer, key) => {
    const one: unknown = Array.isArray(outer) ? outer[0] : outer;
    return isObject(one) && Object.hasOwn(one, key) ? one[key] : undefined;
  }, value);
}

/** Every field inside a value, at any depth: its key, its value, and the object that has it. */
export function fieldsIn(value: unknown): { key: string; value: unknown; holder: Json }[] {
  if (Array.isArray(value)) return value.flatMap(fieldsIn);
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([key, inner]) => [{ key, value: inner, holder: value }, ...fieldsIn(inner)]);
}

/** Name of our own chart, whose values are Kubernetes objects. */
export const OWN_CHART = "resources";

/** Whether a release is of our own chart, which lies in the stack's folder. */
export function isOwnChart(body: Json): boolean {
  return String(body["chart"]).startsWith("./assets/");
}

/** Questions to one synthesized stack. */
export class StackView<L extends string = string> {
  constructor(
    /** Name of the site. */
    readonly site: string,
    /** Layer of the site. */
    readonly layer: L,
    /** The file, byte for byte. */
    readonly text: string,
    /** Names of the stacks that are applied before. */
    readonly dependencies: readonly string[],
    /** Folder that Terraform runs in. */
    readonly folder: string = "",
  ) {
    this.json = JSON.parse(text) as TerraformJson;
  }

  /** The file as an object. */
  readonly json: TerraformJson;

  /** Name of the stack. */
  get name(): string {
    return `${this.site}-${this.layer}`;
  }

  /** All resources, or those of one type. */
  resources(type?: string): Block[] {
    return blocks(this.json.resource, type);
  }

  /** The resource of this address; an error where there is none. */
  resource(address: string): Json {
    const found = this.resources().find((one) => one.address === address);
    if (!found) throw new Error(`${this.name} has no ${address}`);
    return found.body;
  }

  /** Helm releases by name, with their values as an object. */
  releases(): { name: string; namespace: string; body: Json; values: Json }[] {
    return this.resources("helm_release").map(({ body }) => ({
      name: String(body["name"]),
      namespace: String(body["namespace"]),
      body,
      values: releaseValues(body),
    }));
  }

  /** Values of the release of this name; an error where there is none. */
  values(release: string): Json {
    const found = this.releases().find(({ name }) => name === release);
    if (!found) throw new Error(`${this.name} has no Helm release ${release}`);
    return found.values;
  }

  /** Objects that go through our own chart, each with the namespace that Helm gives it; all or those of a kind. */
  customResources(kind?: string): ObjectJson[] {
    return this.releases()
      .filter(({ body }) => isOwnChart(body))
      .flatMap(({ namespace, values }) =>
        ((values["resources"] ?? []) as ObjectJson[]).map((one) => ({
          ...one,
          metadata: { ...one.metadata, namespace: one.metadata.namespace ?? namespace },
        })),
      )
      .filter((one) => kind === undefined || one.kind === kind);
  }

  /** Telegraf's configurations, as Telegraf gets them; `careful.conf` is what a consumer reads with after a panic. */
  telegrafConfigurations(
    file: "telegraf.conf" | "careful.conf" = "telegraf.conf",
  ): { address: string; text: string }[] {
    return this.resources("kubernetes_config_map_v1").flatMap(({ address, body }) => {
      const text = (body["data"] as Record<string, string> | undefined)?.[file];
      return text === undefined ? [] : [{ address, text: unescaped(text) }];
    });
  }
}
