/** Helm's own record of a release: Secrets of its namespace, one a revision. */
import { gunzipSync, gzipSync } from "node:zlib";
import { UserError } from "../../../ground/errors";
import type { KubernetesApi } from "../kubernetes/client";
import { inside, type Json, type ObjectJson } from "../../../synthesized/stack";

/** One revision of a release. */
interface ReleaseRevision {
  readonly revision: number;
  /** As Helm writes it: `deployed`, `failed`, `pending-install`, … */
  readonly status: string;
  readonly secret: ObjectJson;
}

/** The newest revision of a release. */
export interface ReleaseRecord extends ReleaseRevision {
  readonly chart: string;
}

/**
 * States that Helm refuses to continue from: "another operation is in progress", "cannot re-use a name", "has no deployed
 * releases". From `failed` it continues: the next upgrade repairs a half-done operation.
 */
const STUCK = ["pending-install", "pending-upgrade", "pending-rollback", "uninstalling"];

/** Whether Helm continues with this release only after it is marked as failed. */
export function isStuck({ status }: ReleaseRecord): boolean {
  return STUCK.includes(status);
}

/** The newest revision of a release; undefined where there is none. */
export async function releaseRecord(
  api: KubernetesApi,
  namespace: string,
  name: string,
): Promise<ReleaseRecord | undefined> {
  const [newest] = await revisionsOf(api, namespace, name);
  return newest && { ...newest, chart: String(inside(unpack(newest.secret), "chart", "metadata", "name")) };
}

/** Revisions that Helm keeps of a release, the newest first. */
async function revisionsOf(api: KubernetesApi, namespace: string, name: string): Promise<ReleaseRevision[]> {
  const selector = encodeURIComponent(`owner=helm,name=${name}`);
  const list = await api.get(`/api/v1/namespaces/${namespace}/secrets?labelSelector=${selector}`);
  return ((list?.["items"] ?? []) as ObjectJson[])
    .map((secret) => ({
      revision: Number(inside(secret, "metadata", "labels", "version")),
      status: String(inside(secret, "metadata", "labels", "status")),
      secret,
    }))
    .sort((a, b) => b.revision - a.revision);
}

/** Chart, values and manifest of a revision of a release. It holds secrets. */
export interface ReleaseContent {
  readonly revision: number;
  readonly status: string;
  readonly chart: string;
  readonly version: string;
  /** Our values, without the chart's defaults. */
  readonly values: unknown;
  /** YAML of all objects but those of hooks. */
  readonly manifest: string;
}

/**
 * Every revision that Helm keeps of a release, the newest first.
 *
 * @throws {UserError} when the API does not answer or refuses, or when a record is no record of Helm.
 */
export async function releaseContents(api: KubernetesApi, namespace: string, name: string): Promise<ReleaseContent[]> {
  return (await revisionsOf(api, namespace, name)).map(({ revision, status, secret }) => {
    try {
      const release = unpack(secret);
      return {
        revision,
        status,
        chart: String(inside(release, "chart", "metadata", "name")),
        version: String(inside(release, "chart", "metadata", "version")),
        values: release["config"] ?? {},
        manifest: String(release["manifest"] ?? ""),
      };
    } catch {
      throw new UserError(
        `Secret ${namespace}/${secret.metadata.name} is no record of Helm 3: see it with helm history ${name} -n ${namespace}`,
      );
    }
  });
}

/**
 * Marks a release that nobody works on any more as failed. Nothing else of it changes, and nothing is deleted.
 *
 * @throws {UserError} when somebody changed it meanwhile.
 */
export async function markFailed(api: KubernetesApi, { secret, status }: ReleaseRecord): Promise<void> {
  const release = unpack(secret);
  const info = { ...(release["info"] as Json), status: "failed", description: `${status}, and its apply was killed` };
  const { name, namespace, resourceVersion } = secret.metadata;
  await api.patch(`/api/v1/namespaces/${namespace}/secrets/${name}`, {
    metadata: { resourceVersion, labels: { status: "failed" } },
    data: { release: pack({ ...release, info }) },
  });
}

/** A Secret's base64, and in it Helm's own. */
function unpack(secret: Json): Json {
  const own = Buffer.from(String(inside(secret, "data", "release")), "base64").toString();
  return JSON.parse(gunzipSync(Buffer.from(own, "base64")).toString()) as Json;
}

function pack(release: Json): string {
  return Buffer.from(gzipSync(JSON.stringify(release)).toString("base64")).toString("base64");
}
