/**
 * The guard of a rehearsal: reads what Terraform would read, and refuses whatever leads off this machine before
 * Terraform starts.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { isAbsolute, join, relative, resolve } from "node:path";
import { UserError } from "../../../ground/errors";
import type { Stack } from "../../../cli/shared/site/program";
import { blocks, fieldsIn, inside, type Json } from "../../../synthesized/stack";
import { readYaml } from "../../../synthesized/yaml";

/** What a rehearsal may use. */
export interface Allowed {
  /** Folder of the rehearsal: states, access files and charts of ours lie below it. */
  readonly folder: string;
  /** Where charts come from; undefined when from their own repositories, which is the one way off the machine. */
  readonly charts?: string;
  /** Docker's socket. @default - no Docker */
  readonly docker?: string;
}

/** Providers that reach a cluster, a socket or nothing. Any other one reaches somebody's account. */
const PROVIDERS = ["helm", "kubernetes", "docker", "local", "random", "tls"];
/** Data sources that read from the outside or run programs. */
const READS_OUTSIDE = ["http", "external", "terraform_remote_state", "dns_a_record_set"];
const LOOPBACK = /^(127(\.\d+){3}|localhost|\[::1\]|::1)$/;

const list = (value: unknown): Json[] => [value ?? []].flat() as Json[];
const isBelow = (folder: string, path: string): boolean => {
  const way = relative(folder, path);
  return way !== "" && !way.startsWith("..") && !isAbsolute(way);
};

/** Whether an address such as `https://127.0.0.1:6443` or a local socket is on this machine. */
export function isHere(address: string): boolean {
  if (/^unix:\/\/\/\S+$/.test(address)) return true;
  const url = /^[a-z+]+:\/\//i.test(address) ? address : `tcp://${address}`;
  return URL.canParse(url) && LOOPBACK.test(new URL(url).hostname);
}

/** What is wrong with a kubeconfig, one line each: clusters elsewhere, proxies, programs that log in. */
export function kubeconfigFaults(name: string, text: string): string[] {
  const config: unknown = readYaml(text, { place: name });
  const [clusters, users] = [list(inside(config, "clusters")), list(inside(config, "users"))];
  const servers = clusters.map((one) => String(inside(one, "cluster", "server")));
  const proxies = clusters.flatMap((one) => inside(one, "cluster", "proxy-url") ?? []);
  const programs = users.filter((one) => inside(one, "user", "exec") ?? inside(one, "user", "auth-provider"));
  return [
    ...(servers.length === 0 ? [`${name} names no cluster`] : []),
    ...[...servers, ...proxies.map(String)].filter((one) => !isHere(one)).map((one) => `${name} leads to ${one}`),
    ...programs.map(() => `${name} logs in by another program`),
  ];
}

function fileFaults(path: string): string[] {
  return existsSync(path) ? kubeconfigFaults(path, readFileSync(path, "utf8")) : [];
}

function backendFaults(stack: Stack, { folder }: Allowed): string[] {
  const terraform = stack.json.terraform as { backend?: Json; cloud?: unknown } | undefined;
  const kinds = Object.entries(terraform?.backend ?? {});
  const faults = terraform?.cloud ? ["its state is in HCP Terraform"] : [];
  for (const [kind, body] of kinds) {
    const path = String(inside(body, "path") ?? "");
    if (kind !== "local") faults.push(`its state is in ${kind}`);
    else if (!isBelow(folder, resolve(stack.folder, path))) faults.push(`its state is ${path}, not below ${folder}`);
  }
  return kinds.length === 0 && !terraform?.cloud ? ["it names no backend"] : faults;
}

/** Keys of a provider that name an address, in whatever block. */
const ADDRESS_KEYS = ["host", "url", "proxy_url", "address", "ca_address", "endpoint", "server"];

function addressesIn(value: unknown): [key: string, value: string][] {
  return fieldsIn(value).flatMap(({ key, value: address }) =>
    typeof address === "string" && address !== "" && ADDRESS_KEYS.includes(key) ? [[key, address]] : [],
  );
}

function pathsIn(value: unknown): string[] {
  const named = fieldsIn(value).filter(({ key }) => ["config_path", "config_paths"].includes(key));
  return named.flatMap((one) => list(one.value).map(String));
}

function providerFaults(stack: Stack, allowed: Allowed): string[] {
  return Object.entries(stack.json.provider ?? {}).flatMap(([name, body]) => {
    if (!PROVIDERS.includes(name)) return [`provider ${name} reaches an account`];
    return list(body).flatMap((one) => {
      const elsewhere = addressesIn(one).filter(([, address]) => !isHere(address));
      const paths = pathsIn(one).map((path) => resolve(stack.folder, path));
      const cluster = name === "helm" || name === "kubernetes";
      const docker = name === "docker" ? (one["host"] as string | undefined) : undefined;
      return [
        ...elsewhere.map(([key, address]) => `provider ${name}: ${key} is ${address}`),
        ...(cluster && paths.length === 0 && !addressesIn(one).some(([key]) => key === "host")
          ? [`provider ${name} names no cluster: it would take whatever this machine's user has`]
          : []),
        ...paths
          .filter((path) => !isBelow(allowed.folder, path))
          .map((path) => `provider ${name}: access file ${path} is not the rehearsal's own`),
        ...paths.flatMap(fileFaults).map((fault) => `provider ${name}: ${fault}`),
        ...(cluster && fieldsIn(one).some(({ key }) => key === "exec")
          ? [`provider ${name} logs in by another program`]
          : []),
        ...(name === "docker" && docker !== allowed.docker
          ? [
              `provider docker: host is ${docker ?? "whatever this machine's user has"}, allowed ${allowed.docker ?? "none"}`,
            ]
          : []),
      ];
    });
  });
}

function chartFaults(stack: Stack, { charts }: Allowed): string[] {
  return stack.resources("helm_release").flatMap(({ address, body }) => {
    const [repository, chart] = [body["repository"] as string | undefined, String(body["chart"])];
    const remote = repository ?? (/^[a-z]+:\/\//.test(chart) ? chart : undefined);
    return remote !== undefined && charts !== undefined ? [`${address}: chart from ${remote}, not from ${charts}`] : [];
  });
}

function blockFaults(stack: Stack): string[] {
  const data = blocks(stack.json.data).filter(({ type }) => READS_OUTSIDE.includes(type));
  const programs = stack.resources().filter(({ body }) => body["provisioner"] ?? body["connection"]);
  const modules = Object.keys((stack.json as Json)["module"] ?? {});
  return [
    ...data.map(({ address }) => `data source ${address} reads from elsewhere`),
    ...programs.map(({ address }) => `${address} runs a program`),
    ...modules.map((name) => `module ${name} comes from elsewhere`),
  ];
}

/** Files beside the stack that Terraform would read too. */
function strayFiles({ folder }: Stack): string[] {
  return readdirSync(folder)
    .filter((file) => /\.(tf|tofu|tfvars)(\.json)?$/.test(file) && file !== "cdk.tf.json")
    .map((file) => `Terraform would also read ${join(folder, file)}`);
}

/** Everything in these stacks that leads off this machine, one line each. */
export function faultsOf(stacks: readonly Stack[], allowed: Allowed): string[] {
  return stacks.flatMap((stack) =>
    [
      ...strayFiles(stack),
      ...backendFaults(stack, allowed),
      ...providerFaults(stack, allowed),
      ...chartFaults(stack, allowed),
      ...blockFaults(stack),
    ].map((fault) => `${stack.name}: ${fault}`),
  );
}

/**
 * A rehearsal reaches this machine, the repositories of charts where it is given none, and nothing else.
 *
 * @throws {UserError} with a line for each way off it.
 */
export function refuseElsewhere(stacks: readonly Stack[], allowed: Allowed): void {
  const faults = faultsOf(stacks, allowed);
  if (faults.length > 0)
    throw new UserError(
      ["a rehearsal reaches this machine only, nothing was started:", ...faults.map((one) => `- ${one}`)].join("\n"),
    );
}
