import { randomBytes } from "node:crypto";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { SITES } from "../../environments";
import { DEFAULTS } from "../../environments/defaults";
import type { Environment } from "../../environments/schema";
import { provisionerOf } from "../../stacks/base-stack";
import { layersOf, stackName } from "../../stacks/site";
import type { Context } from "../lib/context";
import { adminKeyOf, ControlPlane } from "../lib/control-plane";
import { UserError } from "../lib/errors";
import { secondsSince, table } from "../lib/output";
import { findPlanted, type Planted, type Searched, textsBelow, unzip } from "../lib/planted";
import { terraformProblem } from "../lib/preflight";
import type { Run } from "../lib/process";
import { type Stack, synthesize } from "../lib/program";
import { progress } from "../lib/progress";
import { selectSite } from "../lib/sites";
import { requiredInputs } from "../lib/stack-questions";
import { type Outcome, Terraform, terraformVersion } from "../lib/terraform";

/** What a rehearsal is told. */
export interface RehearseOptions {
  /** Folder with the charts. @default - where the site gets them */
  readonly charts?: string;
  /** Leaves everything for a look. */
  readonly keep?: boolean;
}

/** What a rehearsal found out about a layer. */
interface Rehearsed {
  readonly stack: string;
  readonly resources: number;
  readonly apply: number;
  readonly secondPlan: string;
  destroy?: number;
}

const SIMULATED =
  "Real: API server, scheduler, controllers, Terraform, its providers, every chart. " +
  "Simulated: nodes, pods, the success of Jobs, volumes; operators do not run, so custom resources stay as they were applied.";

/** `npm run rehearse -- <site>`: a site's upper layers on a throw-away control plane, with the real providers. */
export async function rehearse(context: Context, name: string, options: RehearseOptions): Promise<number> {
  const { output } = context;
  const environment = selectSite(SITES, name);
  const mirror = options.charts === undefined ? undefined : resolve(options.charts);
  if (mirror !== undefined && !existsSync(mirror)) throw new UserError(`there is no folder ${mirror} with charts`);
  const problem = terraformProblem(await terraformVersion(context.run));
  if (problem) throw new UserError(problem);

  const folder = mkdtempSync(join(tmpdir(), "efd-rehearsal-"));
  const env = { ...cleanEnvironment(context.env), ...helmFolders(join(folder, "helm")) };
  const controlPlane = new ControlPlane(join(folder, "control-plane"), context.run, env, output);
  try {
    const kubeconfig = await controlPlane.up(environment.kafka.brokerNodeSelector);
    const work = join(folder, "work");
    const stacks = synthesizeRehearsal(environment, kubeconfig, work, mirror);
    const planted = plant(stacks);
    const said: Searched[] = [];
    const runs = stacks.map((stack) => ({
      stack,
      terraform: new Terraform({
        folder: stack.folder,
        run: recording(context.run, stack.name, said),
        env: { ...env, ...Object.fromEntries(planted.map((one) => [`TF_VAR_${one.name}`, one.value])) },
      }),
    }));
    const rows: Rehearsed[] = [];
    for (const { stack, terraform } of runs) rows.push(await applyTwice(context, stack, terraform, said));
    const secrets = [
      ...planted,
      { name: "the key of the cluster's administrator", value: adminKeyOf(readFileSync(kubeconfig, "utf8")) },
    ];
    const texts = [...textsBelow(work), ...said];
    const leaks = findPlanted(secrets, texts);
    if (!options.keep)
      for (const [i, { stack, terraform }] of [...runs.entries()].reverse())
        Object.assign(rows[i] ?? {}, { destroy: await remove(context, stack, terraform) });
    report(context, name, rows, leaks, `searched for ${secrets.length} in ${texts.length} texts`);
    return leaks.length === 0 && rows.every(({ secondPlan }) => secondPlan === NOTHING) ? 0 : 1;
  } finally {
    if (options.keep) output.note(`kept in ${folder}; remove it with: ${controlPlane.removal} && rm -r ${folder}`);
    else {
      output.step("removing the control plane");
      await controlPlane.down();
      rmSync(folder, { recursive: true, force: true });
    }
  }
}

const NOTHING = "nothing to do";

/** The environment without all that could lead a provider to another cluster, account or registry. */
export function cleanEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const leading = /^(KUBE|AWS_|GOOGLE_|CLOUDSDK_|DOCKER|HELM|VAULT_|TF_VAR_|TF_WORKSPACE$|TF_DATA_DIR$|TF_CLI_ARGS)/;
  return Object.fromEntries(Object.entries(env).filter(([name]) => !leading.test(name)));
}

function helmFolders(folder: string): NodeJS.ProcessEnv {
  return Object.fromEntries(["CACHE", "CONFIG", "DATA"].map((what) => [`HELM_${what}_HOME`, join(folder, what)]));
}

/** The same site on a cluster that is there already, states in a folder, every destroy allowed. */
function synthesizeRehearsal(environment: Environment, kubeconfig: string, work: string, mirror?: string): Stack[] {
  const { name, cluster } = environment;
  const { address, hostPath = DEFAULTS.k3s.hostPath } = cluster.kind === "gke" ? {} : cluster;
  const onExisting: Environment = {
    ...environment,
    cluster: { kind: "existing", kubeconfig, address, hostPath, provisioner: provisionerOf(environment) },
  };
  return synthesize(
    [{ ...onExisting, allowDestroys: layersOf(onExisting).map((layer) => stackName(name, layer)) }],
    join(work, "out"),
    {
      access: { kubeconfig },
      backend: { kind: "folder", path: join(work, "state") },
      ...(mirror ? { charts: { mirror } } : {}),
    },
  );
}

/** A random value for every required input. */
function plant(stacks: readonly Stack[]): Planted[] {
  return requiredInputs(stacks).map(({ name }) => ({
    name,
    value: `planted-${randomBytes(24).toString("hex")}`,
  }));
}

function recording(run: Run, name: string, said: Searched[]): Run {
  return async (command, args, options) => {
    const result = await run(command, args, options);
    said.push({ name: `output of terraform ${args[0]} of ${name}`, text: `${result.stdout}\n${result.stderr}` });
    return result;
  };
}

function mustSucceed({ ok, errors }: Outcome, stack: string): void {
  if (!ok) throw new UserError(errors.map((line) => `${stack}: ${line}`).join("\n"));
}

/** What a saved plan says, as Terraform shows it and as it is. */
async function planTexts(stack: Stack, terraform: Terraform, which: string): Promise<Searched[]> {
  const name = `${which} plan of ${stack.name}`;
  const inner = unzip(readFileSync(terraform.planFile)).map((one) => ({ ...one, name: `${name} (${one.name})` }));
  return [{ name: `terraform show of the ${name}`, text: await terraform.showPlan() }, ...inner];
}

async function applyTwice(
  { output }: Context,
  stack: Stack,
  terraform: Terraform,
  said: Searched[],
): Promise<Rehearsed> {
  const start = Date.now();
  output.step(`${stack.name}: planning`);
  await terraform.init();
  mustSucceed(await terraform.plan({}, progress(output, stack.name)), stack.name);
  said.push(...(await planTexts(stack, terraform, "first")));
  const applied = await terraform.apply(progress(output, stack.name));
  mustSucceed(applied, stack.name);
  const seconds = secondsSince(start);
  output.step(`${stack.name}: planning again`);
  const second = await terraform.plan();
  mustSucceed(second, stack.name);
  said.push(...(await planTexts(stack, terraform, "second")));
  const changed = second.actions.map(({ address, action }) => `${action} ${address}`).join(", ");
  return {
    stack: stack.name,
    resources: applied.changes.add,
    apply: seconds,
    secondPlan: second.changed ? changed || "changes outputs" : NOTHING,
  };
}

async function remove({ output }: Context, stack: Stack, terraform: Terraform): Promise<number> {
  const start = Date.now();
  output.step(`${stack.name}: planning the removal`);
  mustSucceed(await terraform.plan({ destroy: true }, progress(output, stack.name)), stack.name);
  mustSucceed(await terraform.apply(progress(output, stack.name)), stack.name);
  return secondsSince(start);
}

function report({ output }: Context, site: string, rows: Rehearsed[], leaks: string[], searched: string): void {
  const seconds = (value?: number): string => (value === undefined ? "-" : `${value} s`);
  output.print(
    table(
      ["layer", "resources", "plan and apply", "second plan", "destroy"],
      rows.map(({ stack, resources, apply, secondPlan, destroy }) => [
        stack,
        resources,
        seconds(apply),
        secondPlan,
        seconds(destroy),
      ]),
    ),
  );
  output.print(
    `secrets in states, plans and output: ${leaks.length === 0 ? "none" : output.colour.red("found")} (${searched})`,
  );
  for (const leak of leaks) output.print(`  ${leak}`);
  output.print(SIMULATED);
  output.result({ site, layers: rows, leaks, searched, simulated: SIMULATED });
}
