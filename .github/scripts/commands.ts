/** The commands of the workflows. */
import { messageOf } from "../../ground/errors";
import { selectSites } from "../../cli/shared/site/sites";
import { SITES } from "../../environments";
import type { Review } from "../../review/model/model";
import { renderMarkdown } from "../../review/render/markdown";
import { code } from "../../review/render/markdown-text";
import type { Send } from "./api";
import { changedReviewer, headOf, pullRequestOf } from "./pull-request";
import { readReview } from "./reviews";
import { followedRun, type Repository } from "./run";
import { closeIssuesBut, putComment, putIssue } from "./sticky";

/** What a command works with. */
export interface Connected {
  readonly send: Send;
  readonly repository: Repository;
  /** Folder of the downloaded reviews. */
  readonly dir: string;
  /** File of the event. */
  readonly event?: string;
  /** The pull request whose plan against its sites was made. @default - the event says what was reviewed */
  readonly planned?: PlannedPullRequest;
  readonly note: (line: string) => void;
}

/** A pull request that site-plan.yml planned. */
interface PlannedPullRequest {
  readonly number: string;
  /** Its newest commit then. */
  readonly head: string;
  /** The run of the workflow. */
  readonly run: string;
}

/** Names of the sites; `remote` leaves out those whose state is a file of one machine. */
export function siteList(remote: boolean): string[] {
  return selectSites(SITES)
    .filter(({ state }) => !remote || state.kind !== "local")
    .map(({ name }) => name);
}

/**
 * The name of a site, if there is one of that name.
 *
 * @throws with one line that lists those that there are.
 */
export function knownSite(name: string, remote = true): string {
  const sites = siteList(remote);
  if (!sites.includes(name)) throw new Error(`site: got ${JSON.stringify(name)}, allowed ${sites.join(", ")}`);
  return name;
}

/** Files that are named where a pull request changes its own reviewer. */
const MOST_FILES = 10;
/** Bytes of a comment without its mark. GitHub refuses one of more than 65,536 characters. */
const MOST_BYTES = 65_000;

const pageOf = ({ pages, name }: Repository, run: number | string) => `${pages}/${name}/actions/runs/${run}`;

/** What each kind is worth. */
const MADE = {
  plan: "Made inside the site after an approval, by the code of this pull request.",
  review:
    "Made by the code of this pull request, without access to the site: a comment is worth as much as the code that wrote it. Read that before you open the page.",
} as const;

/** The comment of a site: what must be known of the review itself, the review, and who made it. */
export function commentText(
  review: Review,
  kind: keyof typeof MADE,
  runPage: string,
  reviewer: readonly string[],
): string {
  const named = reviewer.slice(0, MOST_FILES).map(code).join(", ");
  const more = reviewer.length > MOST_FILES ? ` and ${reviewer.length - MOST_FILES} more` : "";
  const warning =
    reviewer.length > 0
      ? `> [!WARNING]\n> This pull request changes the program that made this review: read ${named}${more} first.\n\n`
      : "";
  const end = `\n[The whole review as an HTML page](${runPage}#artifacts)\n\n_${MADE[kind]}_\n`;
  return `${warning}${renderMarkdown(review, MOST_BYTES - Buffer.byteLength(warning + end))}${end}`;
}

/** What is commented: the pull request, what was looked at, and the run that did. */
interface Commented {
  readonly number: number;
  readonly kind: keyof typeof MADE;
  readonly run: number | string;
}

/** The review that the followed run made; why there is nothing to comment otherwise. A plan never comes this way. */
async function reviewOf(send: Send, { name }: Repository, event: string | undefined): Promise<Commented | string> {
  const run = followedRun(event);
  if (!run) return "the run was of no pull request";
  const number = await pullRequestOf(send, name, run);
  if (number === undefined) return "no open pull request has this commit as its newest";
  return { number, kind: "review", run: run.id };
}

/** The plan that this run made of a pull request; why there is nothing to comment where it is another one by now. */
async function planOf(send: Send, { name }: Repository, planned: PlannedPullRequest): Promise<Commented | string> {
  if ((await headOf(send, name, planned.number)) !== planned.head)
    return `pull request ${planned.number} is closed, or has changed since its plan was made`;
  return { number: Number(planned.number), kind: "plan", run: planned.run };
}

/** Writes one comment a site. Reviews are data of the pull request; texts are made by this revision's program. */
export async function comment({ send, repository, dir, event, planned, note }: Connected): Promise<number> {
  const found = planned ? await planOf(send, repository, planned) : await reviewOf(send, repository, event);
  if (typeof found === "string") {
    note(`${found}: nothing to comment`);
    return 0;
  }
  const { number, kind, run } = found;
  const reviewer = await changedReviewer(send, repository.name, number);
  const page = pageOf(repository, run);
  return inTurn(
    siteList(false).map((site) => async () => {
      const review = readReview(dir, kind, site);
      if (!review) return;
      const text = commentText(review, kind, page, reviewer);
      const quiet = review.risk === undefined && review.layers.every(({ status }) => status === "unchanged");
      note(`${site}: ${await putComment(send, repository.name, number, site, text, quiet)}`);
    }),
    note,
  );
}

/** Does one after the other, each whatever becomes of the others; 1 where one fails, the reasons noted at the end. */
async function inTurn(tasks: readonly (() => Promise<void>)[], note: Connected["note"]): Promise<number> {
  const failed: string[] = [];
  for (const task of tasks) await task().catch((error: unknown) => failed.push(messageOf(error)));
  for (const line of failed) note(line);
  return failed.length > 0 ? 1 : 0;
}

/** The issue of a site that drifts; undefined where nothing does. */
export function driftOf(review: Review, runPage: string): { title: string; text: string } | undefined {
  const odd = review.layers.filter(({ status }) => status === "failed" || status === "planned");
  if (odd.length === 0) return undefined;
  return {
    title: `${review.site}: what runs is not what Terraform made`,
    text: `${renderMarkdown(review)}\n[The run, with the HTML page](${runPage}#artifacts)\n\nThis issue closes when nothing drifts any more.\n`,
  };
}

/**
 * One issue a site. It stays as it is where the job left no review, or where a layer could not be looked at, and is
 * closed where the site is none any more.
 */
export async function updateDriftIssues({
  send,
  repository,
  dir,
  note,
  run,
}: Connected & { readonly run: string }): Promise<number> {
  const sites = siteList(true);
  const update = async (site: string) => {
    const review = readReview(dir, "drift", site);
    if (!review) return "no review, its issue stays as it is";
    const found = driftOf(review, pageOf(repository, run));
    if (!found && review.layers.some(({ status }) => status === "blocked"))
      return "not all of it could be looked at, its issue stays as it is";
    return putIssue(send, repository.name, site, found);
  };
  const closeOthers = async () => {
    for (const site of await closeIssuesBut(send, repository.name, sites))
      note(`${site}: no site any more, its issue is closed`);
  };
  return inTurn([...sites.map((site) => async () => note(`${site}: ${await update(site)}`)), closeOthers], note);
}
