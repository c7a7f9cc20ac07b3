/** The whole program, synthesized into a folder and read back. */
import { App } from "cdktf";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { SITES } from "../environments";
import { parseEnvironment } from "../environments/parse";
import { layersOf, Site, stackName } from "../stacks/site";
import { StackView } from "./stack-view";

/** What `cdktf` writes beside the stacks. */
interface Manifest {
  readonly stacks: Readonly<Record<string, { synthesizedStackPath: string; dependencies: string[] }>>;
}

/** Writes every stack of these sites into a folder, with all validations, as main.ts does. */
export function synthesize(outdir: string, inputs: readonly unknown[] = SITES): App {
  const app = new App({ outdir });
  for (const input of inputs) new Site(app, parseEnvironment(input));
  app.synth();
  return app;
}

/** Reads the stacks of these sites from such a folder. */
export function readProgram(outdir: string, inputs: readonly unknown[] = SITES): StackView[] {
  const { stacks } = JSON.parse(readFileSync(join(outdir, "manifest.json"), "utf8")) as Manifest;
  return inputs
    .map((input) => parseEnvironment(input))
    .flatMap((environment) =>
      layersOf(environment).map((layer) => {
        const stack = stacks[stackName(environment.name, layer)];
        if (!stack) throw new Error(`${outdir} has no stack ${stackName(environment.name, layer)}`);
        const text = readFileSync(join(outdir, stack.synthesizedStackPath), "utf8");
        return new StackView(environment.name, layer, text, stack.dependencies);
      }),
    );
}
