/** Reads a kubeconfig: where the API server is, and how to log in. */
import type { KubeConfig, User } from "@kubernetes/client-node";
import { messageOf, UserError } from "../../../ground/errors";

/** A kubeconfig: the path of its file, or its content. */
export type KubeconfigSource = { readonly file: string } | { readonly content: string };

/**
 * Reads a kubeconfig with its current context.
 *
 * @throws {UserError} when it cannot be read, or names no cluster.
 */
export async function readKubeconfig(kubeconfig: KubeconfigSource): Promise<KubeConfig> {
  // The package loads some 800 modules in about a second: only commands that talk to a cluster pay for that.
  const { KubeConfig } = await import("@kubernetes/client-node");
  const config = new KubeConfig();
  const name = "file" in kubeconfig ? kubeconfig.file : "the kubeconfig";
  try {
    if ("file" in kubeconfig) config.loadFromFile(kubeconfig.file);
    else config.loadFromString(kubeconfig.content);
  } catch (error) {
    const reason = messageOf(error).split("\n")[0];
    throw new UserError(`${name} is no kubeconfig: ${reason}. Put a kubeconfig of the site's cluster there.`);
  }
  if (!config.getCurrentCluster())
    throw new UserError(`${name} has no cluster in its current context: name one with kubectl config use-context`);
  config.users.forEach(announceVersion);
  // The site's credentials go only to a server with the right certificate, even if the file has insecure-skip-tls-verify.
  config.clusters = config.clusters.map((cluster) => ({ ...cluster, skipTLSVerify: false }));
  return config;
}

/**
 * Sets `KUBERNETES_EXEC_INFO` for the login program of a user: it says which version of the answer is expected, and the
 * package does not set it.
 */
function announceVersion({ exec }: User): void {
  const login = exec as { apiVersion?: string; env?: { name: string; value: string }[] } | undefined;
  if (!login) return;
  const info = { apiVersion: login.apiVersion, kind: "ExecCredential", spec: { interactive: false } };
  login.env = [...(login.env ?? []), { name: "KUBERNETES_EXEC_INFO", value: JSON.stringify(info) }];
}
