/** What keeps a rehearsal on this machine: an environment that leads nowhere. */
import { join } from "node:path";

const LEADING = /^(KUBE|AWS_|GOOGLE_|CLOUDSDK_|DOCKER|HELM|PG|VAULT_|TF_VAR_|TF_WORKSPACE$|TF_DATA_DIR$|TF_CLI_ARGS)/;

/** The environment without all that could lead a provider or a backend to another cluster, account or registry. */
export function cleanEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !LEADING.test(name)));
}

/** The same, with caches of Helm and kubectl in a folder of the rehearsal's own. */
export function isolatedEnvironment(env: NodeJS.ProcessEnv, folder: string): NodeJS.ProcessEnv {
  const helm = (what: string) => join(folder, "helm", what);
  return {
    ...cleanEnvironment(env),
    HELM_CACHE_HOME: helm("cache"),
    HELM_CONFIG_HOME: helm("config"),
    HELM_DATA_HOME: helm("data"),
    KUBECACHEDIR: join(folder, "kubectl"),
  };
}
