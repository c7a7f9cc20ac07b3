/** The pull request of a run, and whether it changes the program that reviews it. */
import { list, type Send } from "./api";
import type { FollowedRun } from "./run";

interface PullRequest {
  readonly number: number;
  readonly head: { readonly sha: string; readonly repo?: { readonly full_name: string } | null };
  readonly merge_commit_sha?: string | null;
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

/** A pull request of this repository as it is now. */
export interface OpenPullRequest {
  /** Its newest commit. */
  readonly head: string;
  /** The commit that merging it would make. */
  readonly merge: string;
}

/** The open pull request of a number, as GitHub has it; undefined where there is none. */
async function openOne(send: Send, repository: string, number: string): Promise<PullRequest | undefined> {
  const open = await list<PullRequest>(send, `/repos/${repository}/pulls?state=open`);
  return open.find((one) => String(one.number) === number);
}

/** Newest commit of an open pull request; undefined where it is no longer open. */
export async function headOf(send: Send, repository: string, number: string): Promise<string | undefined> {
  return (await openOne(send, repository, number))?.head.sha;
}

/**
 * An open pull request whose code may run inside a site once somebody approved it.
 *
 * @throws with one line where there is none, or where it comes from a fork.
 */
export async function ownPullRequest(send: Send, repository: string, number: string): Promise<OpenPullRequest> {
  const found = await openOne(send, repository, number);
  if (!found) throw new Error(`pull request: got ${JSON.stringify(number)}, allowed the number of an open one`);
  const from = found.head.repo?.full_name;
  if (from !== repository)
    throw new Error(
      `pull request ${number} comes from ${from ?? "a fork that is gone"}: no code of a fork runs inside a site. Read it, push its branch into ${repository} and open a pull request from there.`,
    );
  const merge = found.merge_commit_sha ?? "";
  if (!/^[0-9a-f]{40}$/.test(merge))
    throw new Error(`pull request ${number} cannot be merged as it is: resolve its conflicts first`);
  return { head: found.head.sha, merge };
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
