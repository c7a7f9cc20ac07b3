/** What the Pod Security level `restricted` asks of every pod that we write. */

/** Security context of a pod that runs as this user. */
export function restrictedPod(user: number) {
  return {
    runAsNonRoot: true,
    runAsUser: String(user),
    runAsGroup: String(user),
    fsGroup: String(user),
    seccompProfile: { type: "RuntimeDefault" },
  };
}

/** Security context of each of its containers. */
export const RESTRICTED_CONTAINER = {
  allowPrivilegeEscalation: false,
  readOnlyRootFilesystem: true,
  runAsNonRoot: true,
  capabilities: { drop: ["ALL"] },
};
