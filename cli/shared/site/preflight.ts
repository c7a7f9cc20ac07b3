/** What must hold before anything touches a site: one function for each check, all reported at once. */
import { GKE_LOGIN_PROGRAM } from "../../../constructs/cluster/gke-cluster";
import { INPUTS } from "../../../constructs/core/inputs";
import { TERRAFORM_VERSION } from "../../../ground/versions";
import type { Environment } from "../../../environments/schema";
import { compareVersions, DOCKER_HOST } from "../../../ground/units";
import { isInsideCluster, type Layer } from "../../../environments/derived/layers";
import type { DockerHost } from "../docker/docker";
import { joinTokenOf, leftoversOnHost } from "../apply/docker-leftovers";
import { linesOf, messageOf } from "../../../ground/errors";
import { givenInput, inputProblem, stateProblem } from "./inputs";
import type { Stack } from "./program";
import { dockerThings, requiredInputs } from "./stack-questions";
import { NO_TERRAFORM, type State } from "../terraform/terraform";

/** What a command is about to touch. */
export interface Subject {
  readonly environment: Environment;
  /** Stacks of the layers that it touches. */
  readonly stacks: readonly Stack[];
  /** Whether a new cluster may find data below the host path. @default false */
  readonly reuseData?: boolean;
}

/** What the checks look at; tests put fakes in its place. */
export interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Version of Terraform; undefined when there is none. */
  terraformVersion(): Promise<string | undefined>;
  docker(address: string): DockerHost;
  /** Addresses in the state of a layer; throws when providers or state cannot be had. */
  applied(layer: Layer): Promise<string[]>;
  /** State of a layer. */
  state(layer: Layer): Promise<State>;
  fileExists(path: string): boolean;
  /** Whether a program is on PATH. */
  programExists(name: string): Promise<boolean>;
}

/** A check: one line for each thing that is wrong, with its remedy. */
export type Check = (subject: Subject, around: Surroundings) => Promise<string[]>;

const touches = ({ stacks }: Subject, layer: Layer): Stack | undefined => stacks.find((one) => one.layer === layer);

/** What is wrong with this version of Terraform; undefined when nothing is. */
export function terraformProblem(version: string | undefined): string | undefined {
  if (version === undefined) return NO_TERRAFORM;
  const oldest = TERRAFORM_VERSION.replace(/^>= /, "");
  return compareVersions(version.replace(/-.*$/, ""), oldest) < 0
    ? `Terraform ${version} is too old: install Terraform ${oldest} or newer`
    : undefined;
}

/** Write-only attributes need Terraform 1.11. */
export const terraformIsNew: Check = async (_subject, around) => {
  const problem = terraformProblem(await around.terraformVersion());
  return problem ? [problem] : [];
};

const REDIRECTING = [
  /^KUBE_/,
  /^KUBECONFIG$/,
  /^DOCKER_(HOST|CONTEXT|CERT_PATH|TLS_VERIFY|API_VERSION)$/,
  /^HELM_/,
  /^GOOGLE_.*_CUSTOM_ENDPOINT$/,
  /^TF_(WORKSPACE|DATA_DIR|CLI_ARGS.*)$/,
];

/** Variables of the environment that make a provider or Terraform work somewhere else, or otherwise, than the site says. */
export function redirectingVariables(env: Surroundings["env"]): string[] {
  return Object.keys(env)
    .filter((name) => env[name] !== undefined && env[name] !== "" && REDIRECTING.some((pattern) => pattern.test(name)))
    .sort();
}

/** Providers obey such variables silently. */
export const nothingRedirects: Check = (_subject, { env }) => {
  const found = redirectingVariables(env);
  return Promise.resolve(
    found.length > 0
      ? [
          `${found.join(", ")} would send Terraform or a provider elsewhere than the site says: unset ${found.join(" ")}`,
        ]
      : [],
  );
};

/** Hosts whose address is one; that it is not is another check's line. */
function dockerHostsOf(subject: Subject, { env }: Surroundings): string[] {
  const stack = touches(subject, "cluster");
  const hosts = stack ? dockerThings(stack, env).map(({ host }) => host) : [];
  return [...new Set(hosts)].filter((host) => DOCKER_HOST.pattern.test(host));
}

async function answering(subject: Subject, around: Surroundings): Promise<{ address: string; host: DockerHost }[]> {
  const hosts = dockerHostsOf(subject, around).map((address) => ({ address, host: around.docker(address) }));
  const answers = await Promise.all(
    hosts.map(({ host }) =>
      host.version().then(
        () => true,
        () => false,
      ),
    ),
  );
  return hosts.filter((_, i) => answers[i]);
}

/** Every Docker host of the cluster layer answers. */
export const dockerAnswers: Check = async (subject, around) => {
  const lines = await Promise.all(
    dockerHostsOf(subject, around).map((address) =>
      around
        .docker(address)
        .version()
        .then(
          () => [],
          (error: unknown) => [
            address.startsWith("ssh://")
              ? `Docker host ${address} does not answer (${messageOf(error)}): see that \`ssh -o BatchMode=yes ${address} docker version\` works without a question`
              : `Docker does not answer at ${address} (${messageOf(error)}): start Docker, or let your account use its socket`,
          ],
        ),
    ),
  );
  return lines.flat();
};

/** Ports of a server's machine besides its API's: those of traefik's load balancer, and the kubelet's. */
export const SERVER_PORTS = [80, 443, 10250];

/** The ports that k3s opens on its machines are free, unless the cluster stands there already. */
export const portsAreFree: Check = async (subject, around) => {
  const { cluster } = subject.environment;
  if (cluster.kind !== "k3s") return [];
  const server = cluster.dockerHost ?? givenInput(INPUTS.dockerHost.name, around.env);
  const lines = await Promise.all(
    (await answering(subject, around)).map(async ({ address, host }) => {
      const isServer = address === server;
      const containers = await host.containers();
      const nodes = isServer
        ? [cluster.serverName]
        : cluster.agents.filter((one) => one.dockerHost === address).map(({ name }) => name);
      if (nodes.some((name) => containers.includes(name))) return [];
      const listening = await host.listening();
      const wanted = isServer ? [cluster.apiPort, ...SERVER_PORTS] : [10250];
      const taken = wanted.filter((port) => listening?.has(port));
      return taken.length > 0
        ? [
            `port ${taken.join(", ")} of ${address} ${taken.length > 1 ? "are" : "is"} taken: stop what listens there (\`ss -ltnp\` names it)`,
          ]
        : [];
    }),
  );
  return lines.flat();
};

/** Each container takes one or two inotify instances of root (containerd on control groups 2); Linux allows 128, kind recommends this. */
const INOTIFY_INSTANCES = 512;

/** The kernels of the machines are such that k3s comes up on them, and its Services answer. */
export const kernelsAreReady: Check = async (subject, around) => {
  const lines = await Promise.all(
    (await answering(subject, around)).map(async ({ address, host }) => {
      const kernel = await host.kernel();
      if (!kernel) return [];
      const { cgroups, filtersBridges, inotifyInstances } = kernel;
      return [
        ...(cgroups === 1
          ? [
              `${address} has control groups of version 1, on which no kubelet starts since Kubernetes 1.35: boot it with systemd.unified_cgroup_hierarchy=1, or a newer system`,
            ]
          : []),
        ...(filtersBridges
          ? []
          : [
              `${address} lacks the kernel module br_netfilter, without which no pod reaches a Service, DNS among them, that runs on its own node: \`modprobe br_netfilter\`, and name it in /etc/modules-load.d/`,
            ]),
        ...(inotifyInstances < INOTIFY_INSTANCES
          ? [
              `${address} allows ${inotifyInstances} inotify instances, too few for the containers of a node: \`sysctl -w fs.inotify.max_user_instances=${INOTIFY_INSTANCES}\`, and write it into /etc/sysctl.d/`,
            ]
          : []),
      ];
    }),
  );
  return lines.flat();
};

/**
 * Containers and volumes of the cluster's names belong to its state, or were left by a killed apply of it; data below
 * the host path belong to its cluster.
 */
export const nothingForeign: Check = async (subject, around) => {
  const stack = touches(subject, "cluster");
  const { cluster, storage } = subject.environment;
  if (!stack || cluster.kind !== "k3s" || !(await terraformMayRun(around))) return [];
  const known = await around.applied("cluster").catch(() => undefined);
  if (!known) return [];
  const token = known.length > 0 ? joinTokenOf(await around.state("cluster")) : undefined;
  const folders = [cluster.hostPath, ...storage.classes.flatMap(({ hostPath }) => hostPath ?? [])];
  const lines = await Promise.all(
    (await answering(subject, around)).map(async ({ address, host }) => {
      const unknown = dockerThings(stack, around.env).filter(
        (one) => one.host === address && !known.includes(one.address),
      );
      const { obstacles } = await leftoversOnHost(address, host, unknown, token);
      const isNew = !known.some((one) => /^docker_(container|volume)\./.test(one));
      const data = await Promise.all(
        (isNew ? folders : []).map((folder) => foreignData(subject, `${folder} of ${address}`, folder, host)),
      );
      return [...obstacles, ...data.flat()];
    }),
  );
  return lines.flat();
};

/** What lies below a host path of a new cluster, called `place`, and cannot stay there. */
async function foreignData(
  { environment: { secrets }, reuseData }: Subject,
  place: string,
  hostPath: string,
  host: DockerHost,
): Promise<string[]> {
  const unusable: Record<string, string> = reuseData
    ? {
        "/kafka": "volumes of a Kafka cluster with another id, which a new one refuses: move them away",
        ...(secrets.kind === "generated" && {
          "/influxdb": "an InfluxDB that knows only the passwords generated with its cluster: move it away",
        }),
      }
    : {
        "": "data that this site's state does not know: move it away, or say --reuse-data so that the new cluster's volumes find it",
      };
  const lines = await Promise.all(
    Object.entries(unusable).map(async ([folder, what]) =>
      (await host.hasFiles(`${hostPath}${folder}`))
        ? [`${place} holds ${folder ? `in ${folder.slice(1)} ` : ""}${what}`]
        : [],
    ),
  );
  return lines.flat();
}

/** Variables without default have a value that can be one, and the states can be found. */
export const inputsAreGiven: Check = ({ stacks }, { env }) =>
  Promise.resolve([
    ...new Set(
      [
        ...requiredInputs(stacks).map((input) => inputProblem(input, env)),
        ...stacks.map((stack) => stateProblem(stack, env)),
      ].filter((line) => line !== undefined),
    ),
  ]);

/** The kubeconfig of a cluster that we do not make is there. */
export const accessIsThere: Check = ({ environment: { name, cluster } }, around) =>
  Promise.resolve(
    cluster.kind === "existing" && !around.fileExists(cluster.kubeconfig)
      ? [`${cluster.kubeconfig}, the access to the cluster of ${name}, is not there: put its kubeconfig there`]
      : [],
  );

/** The kubeconfig of GKE holds no credential: a program logs in. */
export const loginProgramIsThere: Check = async ({ environment, stacks }, around) => {
  if (environment.cluster.kind !== "gke" || stacks.every(({ layer }) => !isInsideCluster(layer))) return [];
  return (await around.programExists(GKE_LOGIN_PROGRAM))
    ? []
    : [`${GKE_LOGIN_PROGRAM}, which logs in to GKE, is not there: gcloud components install ${GKE_LOGIN_PROGRAM}`];
};

/** Whether Terraform can be asked at all; why not is another check's line. */
async function terraformMayRun(around: Surroundings): Promise<boolean> {
  const redirected = redirectingVariables(around.env).some((name) => name.startsWith("TF_"));
  return !redirected && terraformProblem(await around.terraformVersion()) === undefined;
}

/** Providers and states of all layers concerned can be had. */
export const statesAreReadable: Check = async ({ stacks }, around) => {
  if (!(await terraformMayRun(around))) return [];
  const lines: string[] = [];
  for (const stack of stacks) {
    const { layer, name } = stack;
    // What is missing is another check's line.
    if (stateProblem(stack, around.env)) continue;
    try {
      await around.applied(layer);
    } catch (error) {
      lines.push(...linesOf(error).map((line) => `${name}: ${line}`));
    }
  }
  return lines;
};

/** All checks, in the order in which their lines are printed. */
export const CHECKS: readonly Check[] = [
  terraformIsNew,
  nothingRedirects,
  inputsAreGiven,
  accessIsThere,
  loginProgramIsThere,
  dockerAnswers,
  portsAreFree,
  kernelsAreReady,
  statesAreReadable,
  nothingForeign,
];

/** The checks before something is destroyed: whose things they are was settled when they were made. */
export const DESTROY_CHECKS: readonly Check[] = CHECKS.filter(
  (check) => ![portsAreFree, kernelsAreReady, nothingForeign].includes(check),
);

/** The checks before a review, which only looks: a layer that cannot be read is its own result. */
export const REVIEW_CHECKS: readonly Check[] = [terraformIsNew, nothingRedirects, inputsAreGiven, loginProgramIsThere];

/** Runs all checks; none stops at another's failure. */
export async function preflight(
  subject: Subject,
  around: Surroundings,
  checks: readonly Check[] = CHECKS,
): Promise<string[]> {
  const lines: string[] = [];
  for (const check of checks) lines.push(...(await check(subject, around)));
  return lines;
}
