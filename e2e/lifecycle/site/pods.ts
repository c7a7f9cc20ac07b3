/** Runs what a pod of a CronJob would run, as its kubelet would: no kubelet does on the bench. */
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { inside, type Json } from "../../../synthesized/stack";
import type { RunResult } from "../../../cli/shared/process/process";
import { benchProgram } from "../../rehearsal/control-plane/control-plane";
import { readYaml, toYaml } from "../../../synthesized/yaml";
import { expect, type TestSite } from "./test-site";

/** Where every pod finds the token of its account. */
const ACCOUNT = "/var/run/secrets/kubernetes.io/serviceaccount";

interface Container {
  /** @default - what the image begins with */
  readonly command?: readonly string[];
  readonly args?: readonly string[];
  readonly env?: readonly {
    readonly name: string;
    readonly value?: string;
    readonly valueFrom?: { readonly secretKeyRef?: { readonly name: string; readonly key: string } };
  }[];
  readonly volumeMounts?: readonly { readonly name: string; readonly mountPath: string }[];
}

interface PodSpec {
  readonly serviceAccountName?: string;
  readonly automountServiceAccountToken?: boolean;
  readonly containers: readonly [Container];
  readonly volumes?: readonly { readonly name: string; readonly configMap?: { readonly name: string } }[];
}

/** The pod of a CronJob. */
async function podOf(testSite: TestSite, namespace: string, name: string): Promise<PodSpec> {
  const object = await testSite.api.get(`/apis/batch/v1/namespaces/${namespace}/cronjobs/${name}`);
  expect(object !== undefined, `there is no CronJob ${namespace}/${name}`);
  return inside(object, "spec", "jobTemplate", "spec", "template", "spec") as PodSpec;
}

/** Runs kubectl as the account of a CronJob whose image is kubectl: with its own arguments, or with others. */
export async function runKubectlOf(
  testSite: TestSite,
  namespace: string,
  name: string,
  instead?: readonly string[],
): Promise<RunResult> {
  const { serviceAccountName = "", automountServiceAccountToken, containers } = await podOf(testSite, namespace, name);
  expect(automountServiceAccountToken === true, `the pod of ${namespace}/${name} gets no token`);
  const [{ command, args = [] }] = containers;
  expect(command === undefined, `CronJob ${namespace}/${name} runs ${command?.join(" ")}, not its image's own program`);
  const { token } = await login(testSite, namespace, serviceAccountName);
  const config = readYaml(readFileSync(testSite.kubeconfig, "utf8")) as Json & { users: { name: string }[] };
  const file = join(mkdtempSync(join(testSite.folder, "pod-")), "kubeconfig");
  const users = config.users.map((user) => ({ name: user.name, user: { token } }));
  writeFileSync(file, toYaml({ ...config, users }), { mode: 0o600 });
  return testSite.run(benchProgram(testSite.env, "kubectl"), instead ?? args, { KUBECONFIG: file });
}

/** URL of the API server. */
export const apiServerOf = ({ kubeconfig }: TestSite): string =>
  String(inside(readYaml(readFileSync(kubeconfig, "utf8")), "clusters", "cluster", "server"));

/**
 * Runs the command of a CronJob: scripts out of its ConfigMaps, variables out of its Secrets, a token of its account.
 * `instead` replaces variables: there is no network of the cluster.
 */
export async function runCronJob(
  testSite: TestSite,
  namespace: string,
  name: string,
  instead: Readonly<Record<string, string>>,
): Promise<RunResult> {
  const pod = await podOf(testSite, namespace, name);
  const [container] = pod.containers;
  const root = mkdtempSync(join(testSite.folder, "pod-"));
  const mounts = new Map([["/tmp", root]]);
  for (const { name: volume, mountPath } of container.volumeMounts ?? []) {
    const config = pod.volumes?.find((one) => one.name === volume)?.configMap?.name;
    if (config === undefined) continue;
    const found = await testSite.api.get(`/api/v1/namespaces/${namespace}/configmaps/${config}`);
    mounts.set(mountPath, write(join(root, volume), found?.["data"] as Record<string, string>));
  }
  if (pod.automountServiceAccountToken)
    mounts.set(ACCOUNT, write(join(root, "account"), await login(testSite, namespace, pod.serviceAccountName ?? "")));
  const here = (text: string): string =>
    [...mounts].reduce(
      (each, [path, folder]) => (each.startsWith(path) ? folder + each.slice(path.length) : each),
      text,
    );
  const env: Record<string, string> = { TMPDIR: root };
  for (const { name: variable, value, valueFrom } of container.env ?? [])
    env[variable] = valueFrom?.secretKeyRef
      ? await valueOf(testSite, namespace, valueFrom.secretKeyRef)
      : here(value ?? "");
  const [command = "", ...args] = (container.command ?? []).map(here);
  return testSite.run(command, args, { ...env, ...instead });
}

async function valueOf(
  testSite: TestSite,
  namespace: string,
  { name, key }: { name: string; key: string },
): Promise<string> {
  const secret = await testSite.api.get(`/api/v1/namespaces/${namespace}/secrets/${name}`);
  const value = secret?.data?.[key];
  expect(value !== undefined, `Secret ${namespace}/${name} has no key ${key}: the pod would not start`);
  return Buffer.from(value, "base64").toString();
}

/** What the API server gives a pod of this account. */
async function login(testSite: TestSite, namespace: string, account: string): Promise<Record<string, string>> {
  const token = await testSite.api.create(`/api/v1/namespaces/${namespace}/serviceaccounts/${account}/token`, {
    spec: { expirationSeconds: 600 },
  });
  const cluster = inside(readYaml(readFileSync(testSite.kubeconfig, "utf8")), "clusters", "cluster") as Json;
  const data = cluster["certificate-authority-data"];
  const authority =
    typeof data === "string"
      ? Buffer.from(data, "base64").toString()
      : readFileSync(String(cluster["certificate-authority"]), "utf8");
  return { token: String(inside(token, "status", "token")), "ca.crt": authority };
}

function write(folder: string, files: Readonly<Record<string, string>>): string {
  mkdirSync(folder, { recursive: true });
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text, { mode: 0o600 });
  return folder;
}
