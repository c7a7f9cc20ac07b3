/** The program `helm`: renders charts and fetches them. Only `npm run charts` needs it. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { toYaml } from "../../synthesized/yaml";
import { IMAGES } from "../../ground/versions";
import { UserError } from "../../ground/errors";
import type { Run, RunResult } from "../shared/process/process";
import type { Json } from "../../synthesized/stack";
import { API_VERSIONS } from "../shared/kubernetes/kinds";

/** Kubernetes that charts are rendered for: that of the clusters. */
export const KUBERNETES_VERSION = IMAGES.kubectl.tag;

/** A release to render. */
export interface ReleaseValues {
  readonly name: string;
  readonly namespace: string;
  readonly values: Json;
}

/** Says that there is no helm, and what to do. */
export const NO_HELM = "helm was not found: install Helm 3 or 4 (https://helm.sh) and put it on PATH";

/** Runs helm with folders of its own, so that repositories, plugins and accounts of the user change nothing. */
export class Helm {
  private readonly folder = mkdtempSync(join(tmpdir(), "efd-helm-"));
  private readonly env: NodeJS.ProcessEnv;

  constructor(
    private readonly runProgram: Run,
    env: NodeJS.ProcessEnv,
  ) {
    const kept = Object.entries(env).filter(([name]) => !/^(HELM_|KUBE)/.test(name));
    const own = ["CACHE", "CONFIG", "DATA"].map((what) => [`HELM_${what}_HOME`, join(this.folder, what.toLowerCase())]);
    this.env = Object.fromEntries([...kept, ...own]) as NodeJS.ProcessEnv;
  }

  /** Where helm keeps the indexes of repositories. */
  get indexes(): string {
    return join(this.folder, "cache", "repository");
  }

  /** Version of helm; undefined where there is none. */
  async version(): Promise<string | undefined> {
    const { code, stdout } = await this.run("version", "--template", "{{.Version}}");
    return code === 0 ? stdout.trim() : undefined;
  }

  run(...args: string[]): Promise<RunResult> {
    return this.runProgram("helm", args, { env: this.env });
  }

  /**
   * Renders a release of a chart, with CRDs and hooks, for the Kubernetes of the clusters.
   *
   * @throws {UserError} with helm's reason: a required value is missing, or the chart's schema refuses one.
   */
  async render(path: string, { name, namespace, values }: ReleaseValues): Promise<string> {
    const file = join(this.folder, "values.yaml");
    writeFileSync(file, toYaml(values));
    const { code, stdout, stderr } = await this.run(
      ...["template", name, path, "--namespace", namespace, "--values", file, "--include-crds"],
      ...["--kube-version", KUBERNETES_VERSION, "--api-versions", API_VERSIONS.join(",")],
    );
    if (code === 0) return stdout;
    throw new UserError(code === 127 ? NO_HELM : reasonOf(stderr));
  }

  close(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** The reason in what helm says, in one line. */
export function reasonOf(stderr: string): string {
  const said = stderr.split("\n").filter((line) => line.trim() !== "" && !/^(WARNING|Use --debug)/.test(line));
  return said
    .map((line) => line.replace(/^Error: /, "").trim())
    .join(" ")
    .replace(/^.*execution error at \(([^)]*)\): /, "$1: ");
}
