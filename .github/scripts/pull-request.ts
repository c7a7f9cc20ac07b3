/** The pull request of a run, and whether it changes the program that reviews it. */
import { list, type Send } from "./api";
import type { FollowedRun } from "./run";

interface PullRequest {
  readonly number: number;
  readonly head: { readonly sha: string };
}

/**
 * The open pull request whose newest commit a run looked at; undefined where there is none any more. GitHub does not
 * name it in the event when it comes from a fork, and what the run says of itself is not asked.
 */
export async function pullRequestOf(send: Send, repository: string, run: FollowedRun): Promise<number | undefined> {
  const query = new URLSearchParams({ state: "open", head: `${run.owner}:${run.branch}` });
  const open = await list<PullRequest>(send, `/repos/${repository}/pulls?${query.toString()}`);
  return open.find((one) => one.head.sha === run.commit)?.number;
}

/** What makes the review, and what npm obeys when it installs and runs that: who changes it can make it say anything. */
const REVIEWER =
  /^(review|cli|tools|\.github)\/|^(package|package-lock|npm-shrinkwrap|tsconfig|cdktf)\.json$|(^|\/)\.(npmrc|env|node-version|nvmrc)$/;

/** Files of a pull request that belong to what reviews it. */
export async function changedReviewer(send: Send, repository: string, pullRequest: number): Promise<string[]> {
  const files = await list<{ filename: string; previous_filename?: string }>(
    send,
    `/repos/${repository}/pulls/${pullRequest}/files`,
  );
  // A file that was moved away is missing where it was.
  return files.flatMap(({ filename, previous_filename: before }) =>
    [filename, before].some((name) => name !== undefined && REVIEWER.test(name)) ? [filename] : [],
  );
}
