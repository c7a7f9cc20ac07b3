/** Runs what the pods of a synthesized CronJob would run, with folders of this machine for their volumes. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { run, type RunResult } from "../../cli/shared/process/process";
import { inside, type Json, type StackView, unescaped } from "../../synthesized/stack";

interface Container {
  readonly name: string;
  readonly command: readonly string[];
  readonly env: readonly { readonly name: string; readonly value?: string; readonly value_from?: Json }[];
  readonly volume_mount: readonly { readonly name: string; readonly mount_path: string }[];
}

/** Where a pod finds what is not of this machine. */
export interface Surroundings {
  /** Folders by the name of the volume. */
  readonly volumes: Readonly<Record<string, string>>;
  /** Value of each key of each Secret, as `secret/key`. */
  readonly secrets: Readonly<Record<string, string>>;
  /** Variables that have another value here, such as hosts and ports. */
  readonly instead: Readonly<Record<string, string>>;
}

/** Scripts of the stack's ConfigMaps, each in a folder of its own below this one, by `namespace/name`. */
export function writeScripts(stack: StackView, folder: string): Map<string, string> {
  return new Map(
    stack.resources("kubernetes_config_map_v1").map(({ body }) => {
      const { namespace, name } = body["metadata"] as { namespace: string; name: string };
      const target = join(folder, namespace, name);
      mkdirSync(target, { recursive: true });
      for (const [file, text] of Object.entries(body["data"] as Record<string, string>))
        writeFileSync(join(target, file), unescaped(text), { mode: 0o600 });
      return [`${namespace}/${name}`, target];
    }),
  );
}

/** Runs all containers of a CronJob's pod, one after the other, as far as they succeed. */
export async function runPod(
  stack: StackView,
  scripts: ReadonlyMap<string, string>,
  name: string,
  { volumes, secrets, instead }: Surroundings,
): Promise<RunResult> {
  const body = stack
    .resources("kubernetes_cron_job_v1")
    .map((one) => one.body)
    .find((one) => inside(one, "metadata", "name") === name);
  if (!body) throw new Error(`${stack.name} has no CronJob ${name}`);
  const namespace = String(inside(body, "metadata", "namespace"));
  const pod = inside(body, "spec", "job_template", "spec", "template", "spec") as Json;
  const folders = new Map(
    (pod["volume"] as Json[]).map((volume) => {
      const config = configMapOf(stack, volume);
      return [
        String(volume["name"]),
        config === undefined ? volumes[String(volume["name"])] : scripts.get(`${namespace}/${config}`),
      ];
    }),
  );
  const results: RunResult[] = [];
  for (const container of [...((pod["init_container"] ?? []) as Container[]), ...(pod["container"] as Container[])]) {
    const here = (text: string): string => {
      const mount = container.volume_mount.find(({ mount_path: path }) => text === path || text.startsWith(`${path}/`));
      if (!mount) return text;
      const folder = folders.get(mount.name);
      if (folder === undefined) throw new Error(`${name} mounts ${mount.name}, which has no folder here`);
      return folder + text.slice(mount.mount_path.length);
    };
    const env = Object.fromEntries(
      container.env.map(({ name: variable, value, value_from }) => {
        const { name: secret, key } = (inside(value_from, "secret_key_ref") ?? {}) as Json;
        const given = secret === undefined ? here(value ?? "") : secrets[`${String(secret)}/${String(key)}`];
        if (given === undefined) throw new Error(`${String(secret)} has no ${String(key)} here`);
        return [variable, given];
      }),
    );
    const [command = "", ...args] = container.command.map(here);
    const result = await run(command, args, { env: { PATH: process.env["PATH"], ...env, ...instead } });
    results.push(result);
    if (result.code !== 0) break;
  }
  return {
    code: results.at(-1)?.code ?? 1,
    stdout: results.map(({ stdout }) => stdout).join("\n"),
    stderr: results.map(({ stderr }) => stderr).join("\n"),
  };
}

/** Name of a volume's ConfigMap, which may be a reference to the resource that makes it. */
function configMapOf(stack: StackView, volume: Json): string | undefined {
  const named = inside(volume, "config_map", "name");
  if (named === undefined) return undefined;
  const [, address] = /^\$\{(kubernetes_config_map_v1\.[\w-]+)\./.exec(String(named)) ?? [];
  return address === undefined ? String(named) : String(inside(stack.resource(address), "metadata", "name"));
}
