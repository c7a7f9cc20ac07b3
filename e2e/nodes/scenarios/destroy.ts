/** `destroy` takes the site away, and leaves what the operator guide says. */
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { NAMESPACE } from "../../../ground/namespaces";
import type { Checks } from "../../data-path/check";
import type { Part } from "../site/part";
import type { RunningSite } from "../site/running-site";
import { layersIn, statuses } from "../site/layers";
import type { Scenario } from "../site/scenario";

/** Namespaces whose pods keep files. */
const KEEPS = [NAMESPACE.chronograf, NAMESPACE.influxdb, NAMESPACE.kafka, NAMESPACE.kapacitor];

async function run(site: RunningSite, checks: Checks): Promise<void> {
  const names = async (...args: string[]) => (await site.docker(...args)).stdout.split(/\s+/).filter(Boolean);
  const nodes = await names("ps", "--all", "--format", "{{.Names}}");
  const volumes = new Set(await names("inspect", "--format", "{{range .Mounts}}{{.Name}} {{end}}", ...nodes));
  const begin = Date.now();
  const { code, stdout } = await site.command("destroy", "--yes");
  checks.same("destroy: exit code", code, 0);
  const layers = layersIn(site);
  const all = Object.fromEntries(layers.map((one) => [one, "destroyed"]));
  checks.same("destroy: layers", statuses(stdout, layers), all);
  console.log(`        destroy took ${Math.round((Date.now() - begin) / 1000)} s`);
  checks.same("containers that are left", await names("ps", "--all", "--format", "{{.Names}}"), []);
  const left = (await names("volume", "ls", "--format", "{{.Name}}")).filter((one) => volumes.has(one));
  checks.same(`of ${volumes.size} volumes of the nodes are left`, left, []);
  checks.same("the kubeconfig is left", existsSync(site.kubeconfig), false);
  const folders = readdirSync(site.data).sort();
  checks.same("folders with data below /data stay", folders, [...KEEPS].sort());
  // A stub writes nothing.
  const written = folders.filter((one) => !site.simulated.has(one === NAMESPACE.kafka ? "strimzi" : (one as Part)));
  const claims = written.flatMap((one) => readdirSync(join(site.data, one)).map((claim) => join(one, claim)));
  checks.same(
    "claims' folders without a file",
    claims.filter((one) => readdirSync(join(site.data, one)).length === 0),
    [],
  );
}

/** Takes it away. Not in CI until a run with Strimzi's own operator has shown that it ends within CI's time. */
export const destroy: Scenario = {
  name: "destroy",
  title: "takes the site away, and leaves its data",
  run,
};
