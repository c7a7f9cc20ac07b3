/** The schema registry of a site, through the API server. */
import { REGISTRY } from "../../../constructs/registry/access";
import { messageOf, UserError } from "../../../ground/errors";
import { NAMESPACE } from "../../../ground/namespaces";
import type { SiteClients } from "./clients";
import type { HttpQuestion } from "./http";

/** Port of the registry's Service (constructs/registry). */
const PORT = 8081;
/** Media type of the registry's interface. */
const JSON_TYPE = "application/vnd.schemaregistry.v1+json";
/** The registry's numbers for a subject that it does not have, and for a version that it does not have. */
const NOT_THERE = [40401, 40402];

/** Subject of the schemas of a topic's records, as SAL's producers name it. */
export function subjectOf(topic: string): string {
  return `${topic}-value`;
}

/** The schema registry. Every function throws a {@link UserError} when it does not answer or refuses. */
export interface Registry {
  /** Names of all subjects. */
  subjects(): Promise<string[]>;
  /** READWRITE, READONLY, READONLY_OVERRIDE or IMPORT. */
  mode(): Promise<string>;
  /** Which changes of a schema it takes: NONE, BACKWARD and so on. */
  compatibility(): Promise<string>;
  /** Whether it has a schema of this number. */
  hasSchema(id: number): Promise<boolean>;
  /** Version of a schema in a subject; undefined where the subject does not have it. */
  versionOf(subject: string, schema: string): Promise<number | undefined>;
  /** Whether a subject takes a schema, and what speaks against it; a subject that is new takes any. */
  takes(subject: string, schema: string): Promise<{ readonly isCompatible: boolean; readonly messages: string[] }>;
  /**
   * Registers a schema; one that the subject has already stays the version that it is.
   *
   * @returns the number of the schema.
   */
  register(subject: string, schema: string): Promise<number>;
}

/** What the registry answers instead of what it was asked. */
interface Failure {
  readonly error_code?: number;
  readonly message?: string;
}

/** The registry of a site. */
export function registryOf(clients: Pick<SiteClients, "inside">): Registry {
  const way = clients.inside({ namespace: NAMESPACE.kafka, service: REGISTRY, port: PORT });
  /** Asks; undefined where it does not have what was asked for. */
  const ask = async <T>(question: HttpQuestion): Promise<T | undefined> => {
    const headers = { accept: `${JSON_TYPE}, application/json`, "content-type": JSON_TYPE };
    const { status, text } = await way.ask({ ...question, headers });
    let body: unknown;
    try {
      body = JSON.parse(text);
    } catch (error) {
      throw new UserError(
        `the schema registry answers ${question.path} with status ${status} and no JSON: ${messageOf(error)}`,
      );
    }
    if (status < 300) return body as T;
    const { error_code: code = status, message = "no reason given" } = body as Failure;
    if (status === 404 || NOT_THERE.includes(code)) return undefined;
    throw new UserError(`the schema registry refuses ${question.path}: ${message} (${code})`);
  };
  const body = (schema: string): string => JSON.stringify({ schema });
  const of = (subject: string): string => `/subjects/${encodeURIComponent(subject)}`;
  return {
    subjects: async () => (await ask<string[]>({ path: "/subjects" })) ?? [],
    mode: async () => (await ask<{ mode: string }>({ path: "/mode" }))?.mode ?? "READWRITE",
    compatibility: async () =>
      (await ask<{ compatibilityLevel: string }>({ path: "/config" }))?.compatibilityLevel ?? "BACKWARD",
    hasSchema: async (id) => (await ask({ path: `/schemas/ids/${id}` })) !== undefined,
    versionOf: async (subject, schema) =>
      (await ask<{ version: number }>({ method: "POST", path: of(subject), body: body(schema) }))?.version,
    takes: async (subject, schema) => {
      const path = `/compatibility${of(subject)}/versions/latest?verbose=true`;
      const answer = await ask<{ is_compatible: boolean; messages?: string[] }>({
        method: "POST",
        path,
        body: body(schema),
      });
      return { isCompatible: answer?.is_compatible ?? true, messages: answer?.messages ?? [] };
    },
    register: async (subject, schema) => {
      const answer = await ask<{ id: number }>({ method: "POST", path: `${of(subject)}/versions`, body: body(schema) });
      if (answer === undefined) throw new UserError(`the schema registry does not take subject ${subject}`);
      return answer.id;
    },
  };
}
