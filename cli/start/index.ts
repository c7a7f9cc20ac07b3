import { SITES } from "../../environments";
import type { Environment } from "../../environments/schema";
import { loveCapacity } from "../../environments/systems/love/frontends";
import { loveOf } from "../../environments/systems/love/schema";
import type { Context } from "../shared/terminal/context";
import { size, table } from "../shared/terminal/output";
import type { Stack } from "../shared/site/program";
import { synthesize } from "../shared/site/synthesis";
import { selectSites } from "../shared/site/sites";
import { figuresOf } from "../shared/site/stack-facts";

/** One row of figures for each stack, read from what was synthesized. */
export function overview(stacks: readonly Stack[]) {
  return stacks.map((stack) => ({ site: stack.site, layer: stack.layer, ...figuresOf(stack) }));
}

/** The overview as a table. */
export function overviewTable(stacks: readonly Stack[]): string {
  return table(
    ["site", "layer", "resources", "providers", "charts", "hosts", "storage"],
    overview(stacks).map(({ site, layer, resources, providers, charts, hosts, storage }) => [
      site,
      layer,
      resources,
      providers.join(" "),
      charts.length,
      hosts.length,
      size(storage),
    ]),
  );
}

/** What the LOVE of each site that has one can serve. */
const capacities = (sites: readonly Environment[]) =>
  sites.flatMap((site) => {
    const spec = loveOf(site);
    return spec ? [{ site: site.name, perView: spec.frontend.cpuPerView, ...loveCapacity(spec) }] : [];
  });

/** `npm start`: every site at a glance, and what to do next. Needs neither Docker nor Terraform nor credentials. */
export function start({ output }: Context): number {
  const environments = selectSites(SITES);
  output.step("synthesizing every layer of every site", false);
  const stacks = synthesize(environments);
  // The first site whose layers may all be destroyed again, to play with.
  const playground = environments.find(({ name, allowDestroys }) =>
    stacks.every((stack) => stack.site !== name || allowDestroys.includes(stack.name)),
  );
  const site = playground ?? environments[0];
  const next = `npm run deploy -- ${site?.name}`;
  output.print(overviewTable(stacks));
  output.print("");
  for (const { name, title } of environments) output.print(`${output.colour.bold(name)}: ${title}`);
  const love = capacities(environments);
  for (const { site: name, views, perView, cpu } of love)
    output.print(
      `LOVE at ${name}: its autoscaler is at its maximum with ${views} open views (${perView} of CPU each, ${cpu} in all)`,
    );
  output.print(`\nNext: ${output.colour.bold(next)}  (${site?.title}; asks before it changes anything)`);
  output.result({ stacks: overview(stacks), love, next });
  return 0;
}
