/** What must hold before a rehearsal starts anything; all reported at once. */
import { existsSync, readFileSync, statfsSync } from "node:fs";
import { freemem, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { packedFiles } from "../../cli/shared/helm/chart-package";
import type { DockerClient } from "../../cli/shared/docker/docker";
import { messageOf, UserError } from "../../ground/errors";
import { terraformProblem } from "../../cli/shared/checks/terraform";
import type { Run } from "../../cli/shared/process/process";
import type { Context } from "../../cli/shared/terminal/context";
import { inside, isOwnChart, type StackView } from "../../synthesized/stack";
import { terraformVersion } from "../../cli/shared/terraform/terraform";
import { readYaml } from "../../synthesized/yaml";
import { checkBench } from "./control-plane/control-plane";
import { chartName } from "./charts/stubs";

/** Bytes that a rehearsal wants free: the control plane takes 0.6 GB, Terraform and its providers as much again. */
const MEMORY = 1.5 * 2 ** 30;
/** Bytes in the folder for temporary files: the datastore, logs, plans. */
const DISK = 2 ** 30;

/** What is looked at. */
export interface Subject {
  /** Stacks of the site, as its file says them. */
  readonly stacks: readonly StackView[];
  /** Folder with the charts; undefined where they come from elsewhere. */
  readonly charts?: string;
  readonly docker?: DockerNeeds;
}

/** What a rehearsal needs of Docker. */
export interface DockerNeeds {
  readonly host: Pick<DockerClient, "version" | "hasImage" | "pull" | "listening"> & { readonly address: string };
  /** Images with their tags; those that are not there are pulled. */
  readonly images: readonly string[];
  /** Ports of this machine that its containers take. */
  readonly ports: readonly number[];
}

/** What the checks look at; tests put fakes in its place. */
export interface Machine extends Pick<Context, "run" | "env"> {
  /** Bytes of memory that programs can still have. */
  freeMemory(): number;
  /** Bytes free in the file system of a folder. */
  freeDisk(folder: string): number;
}

/** Memory that Linux would give, caches included. */
function availableMemory(): number {
  const kilobytes = existsSync("/proc/meminfo")
    ? /^MemAvailable:\s+(\d+)/m.exec(readFileSync("/proc/meminfo", "utf8"))?.[1]
    : undefined;
  return kilobytes === undefined ? freemem() : Number(kilobytes) * 1024;
}

/** This machine. */
export function thisMachine(run: Run, env: NodeJS.ProcessEnv): Machine {
  const freeDisk = (folder: string): number => {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize;
  };
  return { run, env, freeMemory: availableMemory, freeDisk };
}

const gigabytes = (bytes: number): string => `${Math.round((bytes / 2 ** 30) * 10) / 10} GiB`;

function roomProblems(machine: Machine): string[] {
  const [memory, folder] = [machine.freeMemory(), tmpdir()];
  const disk = machine.freeDisk(folder);
  return [
    ...(memory < MEMORY
      ? [`${gigabytes(memory)} of memory are free, a rehearsal needs ${gigabytes(MEMORY)}: end other programs`]
      : []),
    ...(disk < DISK
      ? [`${folder} has ${gigabytes(disk)} free, a rehearsal needs ${gigabytes(DISK)}: make room, or set TMPDIR`]
      : []),
  ];
}

/** What is wrong with a chart package; undefined when nothing is. */
export function chartProblem(path: string, name: string, version: string): string | undefined {
  if (!existsSync(path)) return `chart ${path} is missing: npm run charts -- pull ${dirname(path)}`;
  try {
    const text = packedFiles(readFileSync(path), name).get("Chart.yaml");
    if (text === undefined) return `chart ${path} has no ${name}/Chart.yaml: get it anew`;
    const about: unknown = readYaml(text);
    const is = `${String(inside(about, "name"))} ${String(inside(about, "version"))}`;
    if (is !== `${name} ${version}`) return `chart ${path} holds ${is}, not ${name} ${version}: get it anew`;
  } catch (error) {
    return `chart ${path} is corrupt (${messageOf(error)}): get it anew`;
  }
  return undefined;
}

/** What is wrong with the charts that these stacks need. */
export function chartProblems({ stacks, charts }: Subject): string[] {
  if (charts === undefined) return [];
  if (!existsSync(charts)) return [`there is no folder ${charts} with charts: name one, or leave --charts out`];
  const needed = new Map(
    stacks
      .flatMap((stack) => stack.releases())
      .filter(({ body }) => !isOwnChart(body))
      .map(({ body }) => [`${chartName(body)}-${String(body["version"])}.tgz`, body]),
  );
  return [...needed].flatMap(
    ([file, body]) => chartProblem(join(charts, file), chartName(body), String(body["version"])) ?? [],
  );
}

/** What Docker lacks. What it can pull it does not lack afterwards. */
async function dockerProblems({ host, images, ports }: DockerNeeds): Promise<string[]> {
  try {
    await host.version();
  } catch (error) {
    return [
      /ENOENT/.test(messageOf(error))
        ? `there is no Docker at ${host.address}: install and start it, or name its socket by DOCKER_HOST`
        : `Docker does not answer at ${host.address} (${messageOf(error)}): start it, or let your account use its socket`,
    ];
  }
  const listening = await host.listening();
  const taken = ports.filter((port) => listening?.has(port));
  const missing: string[] = [];
  for (const image of images)
    if (!(await host.hasImage(image)))
      await host.pull(image).catch((error: unknown) => {
        missing.push(`image ${image} is not on this Docker and cannot be pulled (${messageOf(error)}): load it there`);
      });
  return [
    ...(taken.length > 0
      ? [`port ${taken.join(", ")} of this machine is taken: stop what listens there (\`ss -ltnp\` names it)`]
      : []),
    ...missing,
  ];
}

/** Everything that is wrong, one line each. */
export async function rehearsalProblems(subject: Subject, machine: Machine): Promise<string[]> {
  return [
    terraformProblem(await terraformVersion(machine.run)) ?? [],
    await checkBench(machine.run, machine.env),
    roomProblems(machine),
    chartProblems(subject),
    subject.docker ? await dockerProblems(subject.docker) : [],
  ].flat();
}

/**
 * Lets nothing start where something is wrong.
 *
 * @throws {UserError} with a line for everything that is.
 */
export async function checkRehearsal(subject: Subject, machine: Machine): Promise<void> {
  const lines = await rehearsalProblems(subject, machine);
  if (lines.length > 0)
    throw new UserError(
      ["a rehearsal cannot start here, nothing was started:", ...lines.map((line) => `- ${line}`)].join("\n"),
    );
}
