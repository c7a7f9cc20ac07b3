/** Lets an operator answer: a simulated one, or the real one as a process beside the API server. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { messageOf, UserError } from "../../ground/errors";
import { inside } from "../../synthesized/stack";
import { readYaml } from "../../synthesized/yaml";
import { Cluster } from "../../cli/shared/kubernetes/client";
import { run } from "../../cli/shared/process/process";
import { until } from "../../cli/shared/process/until";
import { benchProgram } from "../rehearsal/control-plane/control-plane";
import { Operators } from "../rehearsal/operators/operators";
import { type Answers, answersTo } from "./answers";
import type { Compared } from "./operators";

/** Where it answers. */
export interface Place {
  readonly kubeconfig: string;
  /** A folder of its own. */
  readonly folder: string;
  readonly env: NodeJS.ProcessEnv;
}

/** What a simulated operator answers. */
export async function simulatedAnswers({ cases, simulated }: Compared, place: Place): Promise<Answers> {
  const { kubeconfig, folder, env } = place;
  const content = readFileSync(kubeconfig, "utf8");
  const kubectl = benchProgram(env, "kubectl");
  const operators = new Operators({ kubeconfig: content, kubectl, folder, env, run, simulated: [simulated] });
  operators.start();
  try {
    return await askedAt(kubeconfig, cases);
  } finally {
    await operators.stop();
  }
}

/** Seconds for which it is waited until a real operator works. */
const START = 240;

/**
 * What the real operator answers.
 *
 * @throws {UserError} when its program ends before it has answered.
 */
export async function realAnswers(
  program: string,
  { cases, args, settings, works }: Compared,
  place: Place,
): Promise<Answers> {
  const { kubeconfig, folder, env } = place;
  const log = join(folder, `${cases.operator}.log`);
  const out = openSync(log, "w");
  const operator = spawn(program, args(kubeconfig), {
    env: { ...env, ...settings, KUBECONFIG: kubeconfig },
    stdio: ["ignore", out, out],
  });
  const ended = once(operator, "exit").then(
    (): never => {
      const lines = readFileSync(log, "utf8").trim().split("\n");
      throw new UserError(`${program} ended: ${lines.slice(-3).join(" ")}`);
    },
    (error: unknown): never => {
      throw new UserError(`--record ${program} does not start: ${messageOf(error)}. Give the path of a program.`);
    },
  );
  try {
    const isUp = () => Promise.resolve(!works || works.test(readFileSync(log, "utf8")) || undefined);
    if (!(await Promise.race([until(START, isUp), ended]))) throw new UserError(`${program} does not work: see ${log}`);
    return await Promise.race([askedAt(kubeconfig, cases, cases.quiet), ended]);
  } finally {
    ended.catch(() => undefined);
    operator.kill("SIGTERM");
  }
}

async function askedAt(kubeconfig: string, cases: Compared["cases"], quiet?: number): Promise<Answers> {
  const api = new Cluster({ file: kubeconfig, cleanup: true });
  const [cluster] = (inside(readYaml(readFileSync(kubeconfig, "utf8")), "clusters") ?? []) as unknown[];
  try {
    await withDeployment(api, cases.operator);
    return await answersTo(cases, api, String(inside(cluster, "cluster", "server")), quiet);
  } finally {
    api.close();
  }
}

/** Where an operator's Deployment is: a simulated one does nothing without. It has no pods, for a process answers. */
async function withDeployment(api: Cluster, name: string): Promise<void> {
  const labels = { app: name };
  await api.create("/api/v1/namespaces", { metadata: { name } });
  await api.create(`/apis/apps/v1/namespaces/${name}/deployments`, {
    metadata: { name },
    spec: {
      replicas: 0,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [{ name: "a", image: "a:1" }] } },
    },
  });
}
