/** Objects of the bench's site are such that an API server takes them, and commands find programs behind Services. */
import { synthesize } from "../../../../cli/shared/site/synthesis";
import { inTemporaryFolder } from "../../../../cli/shared/process/temporary-folder";
import { objectsOf } from "../../../../e2e/using/site/objects";
import { pathOf } from "../../../../e2e/using/site/paths";
import { ADDRESS, BROKERS, site } from "../../../../e2e/using/site/site";
import { parseEnvironment } from "../../../../environments/parse";
import { inside, type ObjectJson } from "../../../../synthesized/stack";

let objects: ObjectJson[];

beforeAll(() =>
  inTemporaryFolder("objects", (folder) => {
    const environment = parseEnvironment(site("/nowhere/kubeconfig"));
    objects = objectsOf(environment, synthesize([environment], folder));
    return Promise.resolve();
  }),
);

const labelsOf = ({ kind, metadata, spec }: ObjectJson): unknown =>
  kind === "Pod" ? metadata["labels"] : inside(spec, "template", "metadata", "labels");

test("each object is there once, and its namespace before it", () => {
  const paths = objects.map(pathOf);
  expect(new Set(paths).size).toBe(paths.length);
  const namespaces = objects.filter(({ kind }) => kind === "Namespace").map(({ metadata }) => metadata.name);
  for (const { metadata } of objects) if (metadata.namespace) expect(namespaces).toContain(metadata.namespace);
});

test("behind every Service are pods", () => {
  const services = objects.filter(({ kind }) => kind === "Service");
  expect(services.length).toBeGreaterThan(5);
  const empty = services.filter(({ metadata, spec }) => {
    const selector = Object.entries((spec?.["selector"] ?? {}) as Record<string, string>);
    return !objects.some((one) => {
      const labels = (labelsOf(one) ?? {}) as Record<string, string>;
      const isSelected = selector.length > 0 && selector.every(([key, value]) => labels[key] === value);
      return isSelected && one.kind !== "CronJob" && one.metadata.namespace === metadata.namespace;
    });
  });
  expect(empty.map(({ metadata }) => metadata.name)).toEqual([]);
});

test("every broker has its pod, and nobody but this machine is asked", () => {
  const pods = objects.filter(({ kind }) => kind === "Pod").map(({ metadata }) => metadata.name);
  for (const id of BROKERS) expect(pods).toContain(`efd-broker-${id}`);
  expect(ADDRESS).toMatch(/^127\./);
});
