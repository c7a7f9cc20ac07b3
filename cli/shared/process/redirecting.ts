/** Variables of the environment by which a program would work on something else than a site says. */
import { existsSync, readFileSync } from "node:fs";

/** Variables of the environment. */
type Variables = Readonly<Record<string, string | undefined>>;

/** Read by Terraform itself: which state, which arguments, which process it takes for a provider. */
const TERRAFORM = /^TF_(WORKSPACE|DATA_DIR|CLI_ARGS.*|REATTACH_PROVIDERS|HTTP_.*|FORCE_LOCAL_BACKEND)$/;

/** Read by providers, backends, their clients and login programs, one line for each family. */
const OTHERS = [
  /^(KUBE_.*|KUBECONFIG|KUBERNETES_MASTER)$/,
  /^HELM_/,
  /^DOCKER_(HOST|CONTEXT|API_VERSION|DEFAULT_PLATFORM|CERT_PATH|TLS.*|(CA|CERT|KEY)_MATERIAL)$/,
  // The account of a bucket is its user's (`AWS_PROFILE`, keys), where the bucket is, is not.
  /^AWS_(?!USE_)(.*_)?ENDPOINT(_URL.*|_MODE)?$/,
  /^AWS_METADATA_URL$/,
  /^(GOOGLE|CLOUDSDK)_.*(_CUSTOM_ENDPOINT|ENDPOINT_OVERRIDES.*|UNIVERSE_DOMAIN)$/,
  /^(GCE_METADATA_.*|.*_EMULATOR_HOST)$/,
  // libpq's, which complete or override `PG_CONN_STR`; passwords and client certificates do not lead elsewhere.
  /^(PG(HOST|HOSTADDR|PORT|DATABASE|USER|SERVICE|SERVICEFILE|SYSCONFDIR|OPTIONS|SSLMODE|TARGETSESSIONATTRS))$/,
  /^PG_(?!CONN_STR$)/,
  /^CLOUDSDK_PROXY_/,
];

/** Traffic goes to somebody else first. */
const PROXY = /^(https?|all)_proxy$/i;

/** Whoever reads along, or answers in the place of a server, is not noticed. */
const UNSEEN = /^SSLKEYLOGFILE$/;

/** Files of Terraform's own settings. */
const SETTINGS = /^(TF_CLI_CONFIG_FILE|TERRAFORM_CONFIG)$/;

function readText(path: string): string {
  return existsSync(path) ? readFileSync(path, "utf8") : "";
}

/** Whether settings of Terraform put a program of somebody's own in the place of a provider. A mirror of providers is none. */
function overridesProviders(settings: string): boolean {
  return /^\s*dev_overrides\b/m.test(settings);
}

function redirects(name: string, value: string, env: Variables, read: (path: string) => string): boolean {
  if (SETTINGS.test(name)) return overridesProviders(read(value));
  if (PROXY.test(name)) return (env["NO_PROXY"] || env["no_proxy"]) !== "*";
  if (name === "NODE_TLS_REJECT_UNAUTHORIZED") return value === "0";
  return [TERRAFORM, ...OTHERS, UNSEEN].some((pattern) => pattern.test(name));
}

/**
 * Names of the variables by which Terraform, a provider or a login program would use something else than the site says.
 * More authorities that are trusted (`SSL_CERT_FILE`, `NODE_EXTRA_CA_CERTS`) are not among them: they lead nowhere, and
 * networks that inspect TLS need them.
 */
export function redirectingVariables(env: Variables, read: (path: string) => string = readText): string[] {
  return Object.entries(env)
    .filter(([name, value]) => value !== undefined && value !== "" && redirects(name, value, env, read))
    .map(([name]) => name)
    .sort();
}

/** One line for all of them with what to do; undefined where there is none. */
export function redirectionProblem(names: readonly string[]): string | undefined {
  return names.length > 0
    ? `${names.join(", ")} would make Terraform or a provider use something else than the site says: unset ${names.join(" ")}`
    : undefined;
}

/** Those of them that Terraform itself reads. */
export function redirectingTerraform(env: Variables): string[] {
  return redirectingVariables(env).filter((name) => TERRAFORM.test(name) || SETTINGS.test(name));
}
