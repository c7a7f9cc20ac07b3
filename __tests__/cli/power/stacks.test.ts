/** What the stacks make is found by the components: by labels, and in the waves of LOVE. */
import { componentsOf } from "../../../cli/power/components";
import { PowerMemory } from "../../../cli/shared/power/memory";
import { statesOf } from "../../../cli/power/state";
import { inside, unescaped } from "../../../synthesized/stack";
import { allStacks, SITE_NAMES, environmentOf } from "../../support/sites";
import { FakeCluster } from "./cluster";

/** A cluster with the Deployments, pools and scripts that a site's stacks make themselves; without its charts'. */
function clusterOf(name: string): FakeCluster {
  const api = new FakeCluster();
  for (const stack of allStacks().filter(({ site, layer }) => site === name && (layer === "efd" || layer === "love"))) {
    for (const { body } of stack.resources("kubernetes_deployment_v1")) {
      const of = (...keys: string[]) => inside(body, "metadata", ...keys);
      const replicas = Number(inside(body, "spec", "replicas") ?? 1);
      const labels = of("labels") as Record<string, string>;
      api.workload("deployments", String(of("namespace")), String(of("name")), replicas, labels);
    }
    for (const { body } of stack.resources("kubernetes_config_map_v1")) {
      const waves = (body["data"] as Record<string, string> | undefined)?.["waves"];
      const place = [inside(body, "metadata", "namespace"), inside(body, "metadata", "name")].map(String);
      if (waves !== undefined)
        api.put(`/api/v1/namespaces/${place[0]}/configmaps/${place[1]}`, { data: { waves: unescaped(waves) } });
    }
  }
  return api;
}

test.each(SITE_NAMES)("each Deployment of %s belongs to exactly one component", async (name) => {
  const api = clusterOf(name);
  const states = await statesOf(api, await PowerMemory.read(api), componentsOf(environmentOf(name)));
  const found = states.flatMap(({ groups }) => groups.flatMap(({ parts }) => parts.map((part) => part.name)));
  const made = [...api.objects.keys()].flatMap((path) => {
    const [, namespace, own] = /namespaces\/([^/]+)\/deployments\/(.+)$/.exec(path) ?? [];
    return own ? [`Deployment ${namespace}/${own}`] : [];
  });
  expect(made.length).toBeGreaterThan(1);
  expect(found.sort()).toEqual(made.sort());
});

test("LOVE goes down from its producers to its stores; nginx and the sound go first", async () => {
  const [name] = SITE_NAMES.filter((one) =>
    componentsOf(environmentOf(one)).some((each) => each.name === "love"),
  ).slice(-1);
  const api = clusterOf(name ?? "");
  const love = componentsOf(environmentOf(name ?? "")).find((one) => one.name === "love");
  const groups = (await love?.look(api)) ?? [];
  const kinds = groups.map(({ parts }) => [
    ...new Set(
      parts.map(
        (part) =>
          /(nginx|audio|redis|producer|frontend|commander)/.exec(
            part.name.replace("manager-producer", "manager-set"),
          )?.[0] ?? part.name,
      ),
    ),
  ]);
  expect(kinds.at(-1)?.sort()).toEqual(["audio", "nginx"]);
  expect(kinds.at(-2)).toEqual(["producer"]);
  expect(kinds[0]).toEqual(["redis"]);
});
