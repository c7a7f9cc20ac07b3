/** A made-up site that checks look at. */
import type { CheckProps, Verdict } from "../../../cli/check/model/verdict";
import type { SiteClients } from "../../../cli/shared/clients/clients";
import type { HttpReply } from "../../../cli/shared/clients/http";
import type { LiveObject } from "../../../cli/shared/kubernetes/client";
import { UserError } from "../../../ground/errors";
import { parseEnvironment } from "../../../environments/parse";
import { smallSite } from "../../support/environment";
import { surroundings } from "../support";

/** The time of all checks here. */
export const NOW = Date.parse("2026-11-30T12:00:00Z");

/** A time so many seconds before now, as Kubernetes writes it. */
export const ago = (seconds: number): string => new Date(NOW - seconds * 1000).toISOString();

/** What the API server has: an object, or a list, by its path without the query. */
export type Objects = Readonly<Record<string, object | readonly object[]>>;

/** What a made-up site answers. */
export interface World {
  readonly objects?: Objects;
  /** Answers of programs, by path. */
  readonly http?: Readonly<Record<string, Partial<HttpReply>>>;
  readonly clients?: Partial<SiteClients>;
}

const unasked = (): never => {
  throw new UserError("nobody may ask this");
};

/** Ways into a made-up site. */
export function fakeClients({ objects = {}, http = {}, clients = {} }: World = {}): SiteClients {
  const at = (path: string) => objects[path.replace(/\?.*/, "")];
  return {
    cluster: {
      get: (path) => Promise.resolve(at(path) as LiveObject | undefined),
      list: (path) => Promise.resolve((at(path) ?? []) as LiveObject[]),
      patch: unasked,
      clock: () => Promise.resolve(NOW),
    },
    secret: (_namespace, name) => Promise.reject(new UserError(`there is no Secret ${name}`)),
    tunnelTo: unasked,
    inside: () => ({
      ask: ({ path }) => {
        const reply = http[path];
        if (!reply) throw new UserError(`nothing answers at ${path}`);
        return Promise.resolve({ status: 200, headers: {}, text: "", ...reply });
      },
      stream: unasked,
    }),
    outside: unasked,
    influxdb: unasked,
    kafka: unasked,
    close: () => undefined,
    ...clients,
  };
}

/** What a check of a made-up site gets. */
export function checkProps(world: World = {}, changes: Partial<CheckProps> = {}): CheckProps {
  return {
    site: parseEnvironment(smallSite()),
    clients: fakeClients(world),
    signal: new AbortController().signal,
    stacks: [],
    machine: surroundings(),
    now: () => NOW,
    ...changes,
  };
}

/** Verdicts in short: `warn pod kafka/a: not ready`. */
export const short = (verdicts: readonly Verdict[]): string[] =>
  verdicts.map(({ level, what, measured }) => `${level} ${what}: ${measured}`);

/** That every verdict which is not `ok` says what to do. */
export function expectRemedies(verdicts: readonly Verdict[]): void {
  for (const { level, remedy } of verdicts) if (level !== "ok") expect(remedy).toBeTruthy();
}
