import { join, resolve } from "node:path";
import { SITES } from "../../environments";
import { catalogueCharts } from "./chart";
import { Helm, NO_HELM } from "./helm";
import { imageList, imageListText } from "./images";
import { type PulledChart, type PullProps, pullCharts, writeAtomically } from "./mirror";
import { type ChartFinding, type Verification, verifyCharts } from "./verify";
import { inTemporaryFolder } from "../shared/process/temporary-folder";
import type { Context } from "../shared/terminal/context";
import { UserError } from "../../ground/errors";
import { shownPath, table } from "../shared/terminal/output";
import type { Stack } from "../shared/site/program";
import { synthesize } from "../shared/site/synthesis";
import { selectSites } from "../shared/site/sites";

/** Options of both commands. */
type ChartsOptions = Pick<PullProps, "repository">;

const IMAGES_FILE = "images.txt";

/** `npm run charts -- pull <dir>`: packages of every chart and the list of every image, for a site without internet. */
export async function pull(context: Context, folder: string, options: ChartsOptions = {}): Promise<number> {
  const { output } = context;
  const place = resolve(folder);
  return withHelm(context, async (helm) => {
    if ((await helm.version()) === undefined) throw new UserError(NO_HELM);
    const pulled = await pullInto(context, helm, place, options);
    const complete = pulled.every(({ state }) => state !== "failed");
    const images = complete ? await writeImages(context, helm, place) : undefined;
    output.print(
      table(
        ["chart", "state"],
        pulled.map(({ file, state }) => [file, state === "failed" ? output.colour.red(state) : state]),
      ),
    );
    for (const { file, lines } of pulled) for (const line of lines) output.print(`${file}: ${line}`);
    output.print(
      images
        ? `${images.images.length} images are listed in ${shownPath(join(place, IMAGES_FILE))}`
        : `${IMAGES_FILE} was not written: it needs every chart; the same command continues from here`,
    );
    for (const line of images?.inputs ?? []) output.print(`not in the list: ${line}`);
    output.result({ folder: place, charts: pulled, ...(images ?? {}) });
    return complete ? 0 : 1;
  });
}

function pullInto({ output }: Context, helm: Helm, folder: string, options: ChartsOptions): Promise<PulledChart[]> {
  return pullCharts({
    folder,
    charts: catalogueCharts(),
    helm,
    ...options,
    step: (text) => output.step(`pulling ${text}`),
  });
}

async function writeImages({ output }: Context, helm: Helm, folder: string) {
  output.step("listing images");
  const stacks = synthesize(selectSites(SITES));
  const { objects, findings } = await verifyCharts({ stacks, folder, helm });
  const unrendered = findings.filter(({ check }) => check === "rendering");
  if (unrendered.length > 0) throw new UserError(unrendered.map(lineOf).join("\n"));
  const list = imageList(stacks, objects);
  writeAtomically(join(folder, IMAGES_FILE), imageListText(list));
  return list;
}

/**
 * `npm run charts -- verify [dir]`: checks the values of every site against the charts in a folder, by
 * default against those that each site uses. Where templates or helm are missing, it says which checks were not run.
 */
export async function verify(context: Context, folder?: string, options: ChartsOptions = {}): Promise<number> {
  const { output } = context;
  return withHelm(context, async (helm) => {
    const usable = (await helm.version()) === undefined ? undefined : helm;
    const environments = selectSites(SITES);
    const stacks = synthesize(environments);
    const step = (text: string) => output.step(`verifying ${text}`, false);
    const results: { source: string; result: Verification }[] = [];
    const look = async (source: string, some: readonly Stack[], path: string) =>
      results.push({ source, result: await verifyCharts({ stacks: some, folder: path, helm: usable, step }) });

    if (folder !== undefined) await look(folder, stacks, resolve(folder));
    else
      for (const source of new Set(environments.map(({ chartSource }) => chartSource))) {
        const sites = environments.filter((one) => one.chartSource === source).map(({ name }) => name);
        const some = stacks.filter(({ site }) => sites.includes(site));
        if (source !== "upstream") await look(source, some, source);
        else
          await inTemporaryFolder("charts", async (path) => {
            if (!usable) throw new UserError(NO_HELM);
            const failed = (await pullInto(context, usable, path, options)).filter(({ state }) => state === "failed");
            const lines = failed.flatMap((one) => one.lines.map((line) => `${one.file}: ${line}`));
            if (failed.length > 0) throw new UserError(lines.join("\n"));
            await look(source, some, path);
          });
      }
    return report(context, results);
  });
}

async function withHelm(context: Context, work: (helm: Helm) => Promise<number>): Promise<number> {
  const helm = new Helm(context.run, context.env);
  try {
    return await work(helm);
  } finally {
    helm.close();
  }
}

const lineOf = ({ sites, text }: ChartFinding): string => `${sites.join(", ")}: ${text}`;

function report({ output }: Context, results: readonly { source: string; result: Verification }[]): number {
  const { red, green, yellow } = output.colour;
  const all = results.flatMap(({ result }) => result.findings);
  for (const { source, result } of results) {
    const rows = result.checks.map(({ check, looked, notRun }) => {
      const count = result.findings.filter((one) => one.check === check).length;
      const word = count > 0 ? red(`${count} wrong`) : notRun === undefined ? green("ok") : yellow("NOT RUN");
      return [check, word, notRun === undefined ? looked : `${looked}, because ${notRun}`];
    });
    output.print(table([`charts of ${source}`, "result", "looked at"], rows));
  }
  for (const finding of all) output.print(lineOf(finding));
  output.result(results.map(({ source, result: { findings, checks } }) => ({ source, findings, checks })));
  return all.length > 0 ? 1 : 0;
}
