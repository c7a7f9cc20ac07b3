/** What keeps a rehearsal on this machine: an environment that leads nowhere. */
import { join } from "node:path";
import { redirectingVariables } from "../../cli/shared/process/redirecting";

/** Accounts, and places where tools look for one. */
const OF_SOMEBODY = /^(KUBE|AWS_|GOOGLE_|CLOUDSDK_|DOCKER|HELM|PG|VAULT_|TF_VAR_|TF_TOKEN_)/;

/** Charts and providers may come through a proxy; what runs here is reached by the loopback address, which none gets. */
const PROXY = /_proxy$/i;

/** The environment without all that could lead a provider or a backend to another cluster, account or registry. */
export function cleanEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const led = new Set(redirectingVariables(env).filter((name) => !PROXY.test(name)));
  return Object.fromEntries(Object.entries(env).filter(([name]) => !OF_SOMEBODY.test(name) && !led.has(name)));
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
