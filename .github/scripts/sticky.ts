/** One comment or issue for each site, found again by a mark in it. */
import type { Send } from "./api";
import { list } from "./api";

/** Who writes with the token of a job. Anybody can write our mark, but not as this account. */
const OURS = "github-actions[bot]";

/** The mark; nobody sees it. Names of sites have letters, digits and hyphens. */
export function mark(kind: string, site: string): string {
  return `<!-- efd ${kind}: ${site} -->`;
}

interface Written {
  readonly id: number;
  readonly number?: number;
  readonly state?: "open" | "closed";
  readonly body?: string | null;
  readonly user?: { readonly login: string } | null;
  readonly pull_request?: unknown;
}

const ours = (marked: string) => (one: Written) =>
  one.user?.login === OURS && one.pull_request === undefined && (one.body ?? "").startsWith(marked);

/** What was done. */
export type Done = "created" | "updated" | "reopened" | "closed" | "unchanged" | "nothing to say";

/**
 * Writes the comment of a site below a pull request, or brings it up to date. A site that never had anything to say
 * gets none.
 */
export async function putComment(
  send: Send,
  repository: string,
  pullRequest: number,
  site: string,
  text: string,
  quiet: boolean,
): Promise<Done> {
  const marked = mark("review", site);
  const body = `${marked}\n${text}`;
  const old = (await list<Written>(send, `/repos/${repository}/issues/${pullRequest}/comments`)).find(ours(marked));
  if (!old) {
    if (quiet) return "nothing to say";
    await send({ method: "POST", path: `/repos/${repository}/issues/${pullRequest}/comments`, body: { body } });
    return "created";
  }
  if (old.body === body) return "unchanged";
  await send({ method: "PATCH", path: `/repos/${repository}/issues/comments/${old.id}`, body: { body } });
  return "updated";
}

/** What an issue about drift says; undefined where there is none. */
export interface Drift {
  readonly title: string;
  readonly text: string;
}

/** Label of the issues about drift. */
const LABEL = "drift";

/** Issues about drift. */
function issues(send: Send, repository: string, state: "all" | "open"): Promise<Written[]> {
  const query = new URLSearchParams({ state, labels: LABEL, creator: OURS });
  return list(send, `/repos/${repository}/issues?${query.toString()}`);
}

async function close(
  send: Send,
  repository: string,
  { number }: Written,
  reason: "completed" | "not_planned",
  why: string,
): Promise<void> {
  const path = `/repos/${repository}/issues/${number}`;
  await send({ method: "POST", path: `${path}/comments`, body: { body: why } });
  await send({ method: "PATCH", path, body: { state: "closed", state_reason: reason } });
}

/** Opens the issue of a site, brings it up to date, opens it again, or closes it when nothing drifts any more. */
export async function putIssue(send: Send, repository: string, site: string, drift: Drift | undefined): Promise<Done> {
  const marked = mark("drift", site);
  const old = (await issues(send, repository, "all")).find(ours(marked));
  if (!drift) {
    if (old?.state !== "open") return "nothing to say";
    await close(send, repository, old, "completed", "What runs is again what Terraform made.");
    return "closed";
  }
  const body = `${marked}\n${drift.text}`;
  if (!old) {
    await send({
      method: "POST",
      path: `/repos/${repository}/issues`,
      body: { title: drift.title, body, labels: [LABEL] },
    });
    return "created";
  }
  if (old.state === "open" && old.body === body) return "unchanged";
  const path = `/repos/${repository}/issues/${old.number}`;
  await send({ method: "PATCH", path, body: { title: drift.title, body, state: "open" } });
  return old.state === "open" ? "updated" : "reopened";
}

/**
 * Closes the open issues of all sites but these: nobody looks for their drift any more.
 *
 * @returns names of the sites whose issue was closed.
 */
export async function closeIssuesBut(send: Send, repository: string, sites: readonly string[]): Promise<string[]> {
  const closed: string[] = [];
  const marked = new RegExp(`^${mark("drift", "([a-z0-9-]+)")}`);
  for (const issue of (await issues(send, repository, "open")).filter(ours(""))) {
    const [, site] = marked.exec(issue.body ?? "") ?? [];
    if (site === undefined || sites.includes(site)) continue;
    const why = `Nobody looks for drift of ${site} any more: it left the program, or its state is a file on one machine now.`;
    await close(send, repository, issue, "not_planned", why);
    closed.push(site);
  }
  return closed;
}
