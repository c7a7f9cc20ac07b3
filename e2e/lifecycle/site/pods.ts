/** Runs what a pod of a CronJob would run, as its kubelet would: no kubelet does on the bench. */
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { inside, type Json } from "../../../synthesized/stack";
import type { RunResult } from "../../../cli/shared/process/process";
import { readYaml } from "../../../synthesized/yaml";
import { expect, type TestSite } from "./test-site";

/** Where every pod finds the token of its account. */
const ACCOUNT = "/var/run/secrets/kubernetes.io/serviceaccount";

interface Container {
  readonly command: readonly string[];
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
  const object = await testSite.api.get(`/apis/batch/v1/namespaces/${namespace}/cronjobs/${name}`);
  expect(object !== undefined, `there is no CronJob ${namespace}/${name}`);
  const pod = inside(object, "spec", "jobTemplate", "spec", "template", "spec") as PodSpec;
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
  const [command = "", ...args] = container.command.map(here);
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
