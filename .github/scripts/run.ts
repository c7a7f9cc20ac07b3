/** Where a job runs, as GitHub tells it: in variables and in the file of the event. Nothing of it is trusted. */
import { readFileSync } from "node:fs";
import { z } from "zod";

/** The repository and where its interface and its pages are. */
export interface Repository {
  /** `owner/name`. */
  readonly name: string;
  readonly api: string;
  readonly pages: string;
  readonly token: string;
}

const REPOSITORY = /^[A-Za-z0-9._-]+\/[A-Za-z0-9._-]+$/;

/**
 * The repository of this job.
 *
 * @throws with one line that names what is missing.
 */
export function repositoryOf(env: NodeJS.ProcessEnv, needsToken = true): Repository {
  const name = env["GITHUB_REPOSITORY"] ?? "";
  const token = env["GITHUB_TOKEN"] ?? "";
  const missing = [
    ...(REPOSITORY.test(name) ? [] : [`GITHUB_REPOSITORY: got "${name}", allowed owner/name`]),
    ...(needsToken && token === "" ? ["GITHUB_TOKEN is missing: the job passes it as env"] : []),
  ];
  if (missing.length > 0) throw new Error(missing.join("\n"));
  return {
    name,
    token,
    api: env["GITHUB_API_URL"] ?? "https://api.github.com",
    pages: env["GITHUB_SERVER_URL"] ?? "https://github.com",
  };
}

const workflowRun = z.object({
  workflow_run: z.object({
    id: z.int(),
    event: z.string(),
    head_sha: z.string().regex(/^[0-9a-f]{40}$/),
    head_branch: z.string(),
    head_repository: z.object({ owner: z.object({ login: z.string() }) }),
  }),
});

/** The run of another workflow that a job follows. */
export interface FollowedRun {
  readonly id: number;
  readonly commit: string;
  readonly branch: string;
  /** Owner of the repository or fork that the branch is in. */
  readonly owner: string;
}

/**
 * Reads the event of a `workflow_run`; undefined where that run was of no pull request.
 *
 * @throws when the file is none of such an event.
 */
export function followedRun(path: string | undefined): FollowedRun | undefined {
  if (!path) throw new Error("GITHUB_EVENT_PATH is missing: this runs in a job of GitHub, or with --event <file>");
  const event = workflowRun.safeParse(JSON.parse(readFileSync(path, "utf8")));
  if (!event.success) throw new Error(`${path} is no event of a workflow_run`);
  const { id, event: kind, head_sha: commit, head_branch: branch, head_repository: head } = event.data.workflow_run;
  if (kind !== "pull_request") return undefined;
  return { id, commit, branch, owner: head.owner.login };
}
