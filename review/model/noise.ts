/** Differences that a provider writes by itself. */
import type { Difference, Shown } from "./model";

/** Paths that a provider writes, by the beginning of a type. */
const WRITTEN_BY_PROVIDER: readonly (readonly [type: string, path: RegExp])[] = [
  ["", /^(id|timeouts)(\.|$)/],
  ["helm_release", /^(metadata|manifest|status|resources)(\.|\[|$)/],
  ["kubernetes_", /^metadata\.(uid|resource_version|generation|self_link)$/],
  ["kubernetes_", /^(status|wait_for_rollout|spec\.volume_name|spec\.cluster_ips?)(\.|\[|$)/],
  ["kubernetes_service_account", /^(default_secret_name|secret)(\.|\[|$)/],
  ["docker_image", /^(image_id|repo_digest)$/],
  [
    "docker_container",
    /^(bridge|container_logs|exit_code|hostname|network_data|healthcheck|platform|init|ipc_mode|runtime|security_opts|shm_size|stop_signal|gateway|ip_address)(\.|\[|$)/,
  ],
  ["docker_volume", /^(driver|mountpoint)$/],
];

/**
 * Paths that our own schedules write beside what Terraform says, which ignores them: a restart marks its pods, and the
 * least number of LOVE's frontends follows the hours of observing.
 */
const WRITTEN_BY_SCHEDULES: readonly (readonly [type: string, path: RegExp])[] = [
  [
    "kubernetes_",
    /^spec\.template\.metadata\.annotations\["(kubectl\.kubernetes\.io\/restartedAt|efd\/(secrets|topics))"\]$/,
  ],
  ["kubernetes_", /^metadata\.annotations\["efd\/(secrets|topics)-are"\]$/],
  ["kubernetes_horizontal_pod_autoscaler_v2", /^spec\.min_replicas$/],
];

/** Defaults that the API server writes into a new object. */
const DEFAULTS_OF_API =
  /(^|\.)(selector|completion_mode|image_pull_policy|termination_message_policy|scheduler_name)(\.|\[|$)/;

/** Types whose providers return a default for what nobody set. */
const FILLED_IN = /^(docker_container$|google_)/;

/** Whether a side is such a default: empty, false or zero. */
function saysNothing(side: Shown | undefined): boolean {
  if (side === undefined) return true;
  if (side.kind !== "value") return false;
  const { value } = side;
  return (
    value === null || value === false || value === 0 || value === "" || (Array.isArray(value) && value.length === 0)
  );
}

/** Whether nobody decided a difference: a provider or the API server wrote it. */
export function isOwnNoise(
  type: string,
  { path, before, after }: Difference,
  when: "create" | "update" | "drift",
): boolean {
  // Of a new resource, what is not known is what the provider fills in.
  if (after?.kind === "unknown" && when === "create") return true;
  if (FILLED_IN.test(type) && saysNothing(before) && saysNothing(after)) return true;
  const isIn = (paths: typeof WRITTEN_BY_PROVIDER) =>
    paths.some(([begin, pattern]) => type.startsWith(begin) && pattern.test(path));
  if (when === "drift" && isIn(WRITTEN_BY_SCHEDULES)) return true;
  const written = isIn(WRITTEN_BY_PROVIDER);
  if (written) return type !== "docker_container" || after?.kind === "unknown" || when === "drift";
  const wasEmpty = before === undefined || (before.kind === "value" && before.value === "");
  return when === "drift" && wasEmpty && DEFAULTS_OF_API.test(path);
}
