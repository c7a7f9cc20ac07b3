/** The order of changes, by the revisions of the cluster's store: one number counts the changes of all objects. */
import { request } from "node:https";
import { createInterface } from "node:readline";
import type { LiveObject } from "../../../cli/shared/kubernetes/client";
import { until } from "../../../cli/shared/process/until";
import { messageOf } from "../../../ground/errors";
import { inside, type ObjectJson } from "../../../synthesized/stack";
import { expect, type TestSite } from "./test-site";

/** One change of the store, as a watch tells it; `THERE` is what was there when the watch began. */
export interface Change {
  readonly type: "THERE" | "ADDED" | "MODIFIED" | "DELETED";
  readonly object: LiveObject;
}

/** What happens to an object. */
interface Happening {
  readonly type: Change["type"];
  readonly name: string;
  /** The object as it was; only what changes more than its status counts then. @default - every change counts */
  readonly before?: ObjectJson;
}

/** Seconds in which a watch tells what has happened already; it ends only a watch that tells nothing any more. */
const PATIENCE = 120;

const revisionOf = (object: unknown): number => Number(inside(object, "metadata", "resourceVersion"));

/** Tells of every change at some paths of the API while something is done. */
export class Watched {
  private readonly changes: Change[] = [];
  private trouble: string | undefined;

  /**
   * Watches these paths, which may select labels, while something is done. No change is missed however short what it made
   * was there, and none is forgotten: a server keeps past changes for a minute or so.
   */
  static async during<T>(
    testSite: TestSite,
    paths: readonly string[],
    act: (watched: Watched) => Promise<T>,
  ): Promise<T> {
    const stop = new AbortController();
    const watched = new Watched();
    try {
      for (const path of paths) await watched.follow(testSite, path, stop.signal);
      return await act(watched);
    } finally {
      stop.abort();
    }
  }

  /** The revision at which this happened first; what has happened is waited for until it is told. */
  async happened({ type, name, before }: Happening): Promise<number> {
    const change = await this.told(`${name} was not ${type.toLowerCase()}`, (changes) =>
      changes.find(
        ({ type: is, object }) =>
          is === type &&
          object.metadata.name === name &&
          (!before || object.metadata.generation !== before.metadata["generation"]),
      ),
    );
    return revisionOf(change.object);
  }

  /** What there is to see in the changes, once it is told. */
  async told<T>(otherwise: string, look: (changes: readonly Change[]) => T | undefined): Promise<T> {
    const seen = await until(PATIENCE, () => {
      const found = look(this.changes);
      expect(found !== undefined || this.trouble === undefined, `${otherwise}, and ${this.trouble}`);
      return Promise.resolve(found);
    });
    expect(seen !== undefined, `${otherwise}: ${this.changes.map(({ type }) => type).join(", ") || "nothing changed"}`);
    return seen;
  }

  private async follow({ api }: TestSite, path: string, signal: AbortSignal): Promise<void> {
    const list = await api.get(path);
    expect(list !== undefined, `there is nothing to watch at ${path}`);
    for (const object of (list["items"] ?? []) as LiveObject[]) this.changes.push({ type: "THERE", object });
    const { server, options } = await api.login();
    const url = new URL(path, server);
    url.searchParams.set("watch", "1");
    url.searchParams.set("resourceVersion", String(revisionOf(list)));
    const ends = (why: string) => void (this.trouble ??= `the watch of ${path} ended: ${why}`);
    await new Promise<void>((begins) => {
      const call = request(url, { ...options, signal }, (reply) => {
        if (reply.statusCode !== 200) ends(`status ${reply.statusCode}`);
        createInterface({ input: reply })
          .on("line", (line) => this.take(line, ends))
          .on("error", (error) => ends(messageOf(error)))
          .on("close", () => ends("the server ended it"));
        begins();
      });
      call.on("error", (error) => {
        ends(messageOf(error));
        begins();
      });
      call.end();
    });
  }

  private take(line: string, ends: (why: string) => void): void {
    const { type, object } = JSON.parse(line) as { type: Change["type"] | "ERROR"; object: LiveObject };
    if (type === "ERROR") ends(String(inside(object, "message")));
    else this.changes.push({ type, object });
  }
}

/** Revisions between which objects ended. */
interface End {
  /** At which the first of them was told to end. */
  readonly begins: number;
  /** At which the last of them was gone. */
  readonly gone: number;
}

/** When those that were there ended; undefined until the last one is gone, and where there was none. */
export function endOf(changes: readonly Change[], isOne: (object: LiveObject) => boolean): End | undefined {
  const of = changes.filter(({ object }) => isOne(object));
  const there = new Set(of.flatMap(({ type, object }) => (type === "THERE" ? [object.metadata.uid] : [])));
  const theirs = of.filter(({ object }) => there.has(object.metadata.uid));
  const gone = theirs.filter(({ type }) => type === "DELETED");
  if (there.size === 0 || gone.length < there.size) return undefined;
  const ending = theirs.filter(({ object }) => object.metadata.deletionTimestamp !== undefined);
  const revisions = (some: readonly Change[]) => some.map(({ object }) => revisionOf(object));
  return { begins: Math.min(...revisions([...ending, ...gone])), gone: Math.max(...revisions(gone)) };
}
