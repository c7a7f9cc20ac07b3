/** The few calls of GitHub's REST interface that the workflows make. */

/** A call: method, path below the interface's address, and what is sent. */
export interface Call {
  readonly method: "GET" | "POST" | "PATCH";
  readonly path: string;
  readonly body?: unknown;
}

/** Sends calls; tests and dry runs put others in its place. */
export type Send = (call: Call) => Promise<unknown>;

/** Entries of one page, and pages that are read at most. */
const PER_PAGE = 100;
const MOST_PAGES = 20;
/** Milliseconds until a call is given up. */
const PATIENCE = 30_000;

/**
 * Sends calls to GitHub.
 *
 * @throws when GitHub refuses, with its words and without the token.
 */
export function sender(api: string, token: string, fetching: typeof fetch = fetch): Send {
  return async ({ method, path, body }) => {
    const answer = await fetching(`${api}${path}`, {
      method,
      headers: {
        accept: "application/vnd.github+json",
        authorization: `Bearer ${token}`,
        "x-github-api-version": "2022-11-28",
        ...(body === undefined ? {} : { "content-type": "application/json" }),
      },
      signal: AbortSignal.timeout(PATIENCE),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`GitHub refused ${method} ${path}: ${answer.status} ${text.slice(0, 300)}`);
    return text === "" ? undefined : (JSON.parse(text) as unknown);
  };
}

/** Sends nothing: prints each call as one line of JSON, and finds nothing. */
export function dryRun(print: (line: string) => void): Send {
  return (call) => {
    print(JSON.stringify(call));
    return Promise.resolve(call.method === "GET" ? [] : undefined);
  };
}

/**
 * Every entry of a list, page by page.
 *
 * @throws when there are more than 2,000.
 */
export async function list<T>(send: Send, path: string): Promise<T[]> {
  const found: T[] = [];
  for (let page = 1; page <= MOST_PAGES; page++) {
    const entries = (await send({
      method: "GET",
      path: `${path}${path.includes("?") ? "&" : "?"}per_page=${PER_PAGE}&page=${page}`,
    })) as T[];
    found.push(...entries);
    if (entries.length < PER_PAGE) return found;
  }
  throw new Error(`GitHub has more than ${MOST_PAGES * PER_PAGE} entries at ${path}`);
}
