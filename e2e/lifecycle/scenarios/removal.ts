/** A site that is destroyed, and one that is built again on the same host path. */
import { destroyScopeOf } from "../../../cli/destroy/destroy-scope";
import { inside, type Json, type ObjectJson } from "../../../synthesized/stack";
import { destroyLayer } from "../../../cli/destroy";
import type { LayerResult } from "../../../cli/shared/session/layer-results";
import type { Layer } from "../../../environments/derived/layers";
import type { Environment } from "../../../environments/schema";
import { NAMESPACE } from "../../../ground/namespaces";
import { shortHash } from "../../../synthesized/text";
import { EXTERNAL_SECRETS_PATH, withExternalSecrets } from "../site/external-secrets";
import { endOf, Watched } from "../site/revisions";
import { withStrimzi } from "../site/strimzi";
import { expect, type TestSite } from "../site/test-site";

/** Destroys a site, or layers of it; what became of each. */
export async function destroy(testSite: TestSite, site: Environment, ...layers: Layer[]): Promise<LayerResult[]> {
  const { session, context } = testSite.session(site);
  const results: LayerResult[] = [];
  for (const { layer } of [...session.stacks].reverse()) {
    if (layers.length > 0 && !layers.includes(layer)) continue;
    const result = await destroyLayer(context, session, layer, await destroyScopeOf(session, layer));
    const { status, lines } = result;
    expect(["destroyed", "kept", "absent"].includes(status), `${layer} ${status}: ${lines.join("; ")}`);
    results.push(result);
  }
  return results;
}

const namesOf = (objects: readonly ObjectJson[]): string[] => objects.map(({ metadata }) => metadata.name).sort();

const PVCS = "/api/v1/persistentvolumeclaims";
const KAFKAS = "/apis/kafka.strimzi.io/v1/kafkas";

/**
 * Without `allowDestroys` all goes but what holds data, and a deployment finds it again, with the passwords that the
 * data know; with it, all goes.
 */
export async function destroyed(testSite: TestSite): Promise<string> {
  await withExternalSecrets(testSite);
  const before = await pvcs(testSite);
  const secrets = await generatedSecrets(testSite);
  expect(secrets.length > 3, "the site has no generated secrets");
  const precious = testSite.site((one) => ({ ...one, allowDestroys: [] }));
  await withExternalSecrets(testSite, async () => void (await destroy(testSite, precious)));
  expect((await testSite.items(EXTERNAL_SECRETS_PATH)).length === 0, "ExternalSecrets outlive their operator");
  await expectSame(before, testSite);
  expectEqual(secrets, await generatedSecrets(testSite), "a destroy");
  expect(namesOf(await testSite.items(KAFKAS)).join() === "efd", "the Kafka cluster went");
  expect((await testSite.items("/apis/apps/v1/namespaces/influxdb/statefulsets")).length === 0, "InfluxDB stayed");
  await withExternalSecrets(testSite, async () => void (await testSite.settle(precious)));
  await expectSame(before, testSite);
  expectEqual(secrets, await generatedSecrets(testSite), "a deployment over what was kept");
  await withStrimzi(testSite, () =>
    brokersFirst(testSite, () =>
      withExternalSecrets(testSite, async () => void (await destroy(testSite, testSite.site()))),
    ),
  );
  testSite.doubt();
  const left = namesOf(await testSite.items("/api/v1/namespaces"));
  expect(!left.some((name) => ["kafka", "influxdb", "strimzi"].includes(name)), `namespaces stayed: ${left.join()}`);
  expect((await pvcs(testSite)).length === 0, "claims stayed");
  return `${before.length} claims, ${secrets.length} passwords and the Kafka cluster stayed without allowDestroys, nothing with it; brokers ended first`;
}

/** Label of the pods of Kafka's nodes. */
const POOL = "strimzi.io/pool-name";

/** Does something in which Kafka's nodes end: the last broker was gone before a controller was told to end. */
async function brokersFirst(testSite: TestSite, act: () => Promise<unknown>): Promise<void> {
  // Of all namespaces: this one goes.
  await Watched.during(testSite, [`/api/v1/pods?labelSelector=${POOL}`], async (watched) => {
    await act();
    const [brokers, controllers] = await watched.told("Kafka's nodes did not end", (changes) => {
      const [one, other] = ["broker", "controller"].map((pool) =>
        endOf(changes, ({ metadata }) => metadata.labels?.[POOL] === pool),
      );
      return one && other && ([one, other] as const);
    });
    expect(
      brokers.gone < controllers.begins,
      `Kafka's controllers did not outlive its brokers: they began to end at ${controllers.begins}, the last broker was gone at ${brokers.gone}`,
    );
  });
}

/** Every generated value, with where it lies: the source of the site's secrets, and the setup's own in InfluxDB's namespace. */
async function generatedSecrets(testSite: TestSite): Promise<string[]> {
  const found: string[] = [];
  for (const namespace of [NAMESPACE.externalSecrets, NAMESPACE.influxdb])
    for (const { metadata, ...secret } of await testSite.items(`/api/v1/namespaces/${namespace}/secrets`))
      if (secret["immutable"] === true)
        for (const [key, value] of Object.entries((secret["data"] ?? {}) as Record<string, string>))
          found.push(`${namespace}/${metadata.name} ${key} ${shortHash(value)}`);
  return found.sort();
}

function expectEqual(before: readonly string[], after: readonly string[], what: string): void {
  const changed = before.filter((one) => !after.includes(one));
  expect(changed.length === 0 && before.length === after.length, `${what} changed secrets: ${changed.join(", ")}`);
}

/** Each claim with the uid of its object: the same claim, not one of the same name. */
async function pvcs(testSite: TestSite): Promise<string[]> {
  const items = await testSite.items(PVCS);
  return items.map(({ metadata }) => `${metadata.namespace}/${metadata.name}/${String(metadata["uid"])}`).sort();
}

async function expectSame(before: readonly string[], testSite: TestSite): Promise<void> {
  const now = await pvcs(testSite);
  const [gone, come] = [before.filter((one) => !now.includes(one)), now.filter((one) => !before.includes(one))];
  expect(gone.length + come.length === 0, `claims went: ${gone.join(", ")}; others came: ${come.join(", ") || "none"}`);
}

/** Folders of claims below the host path, as the cluster's storage class says. */
async function folders(testSite: TestSite, items: readonly ObjectJson[]): Promise<string[]> {
  const classes = await testSite.api.get("/apis/storage.k8s.io/v1/storageclasses/local-path");
  const pattern = String(inside(classes, "parameters", "pathPattern"));
  return items
    .map(({ metadata }) =>
      pattern.replace(/\{\{ *\.PVC\.(\w+) *\}\}/g, (_all, key: string) =>
        String((metadata as Json)[key.toLowerCase()]),
      ),
    )
    .sort();
}

/** A cluster that was lost and is built again: its claims have the folders of the old one's. */
export async function rebuilt(testSite: TestSite): Promise<string> {
  const { pvcs: first } = await testSite.undisturbed();
  if (testSite.rebuilds === 0) await testSite.rebuild();
  await testSite.ready();
  const before = await folders(testSite, first);
  const claims = await testSite.items(PVCS);
  const after = await folders(testSite, claims);
  expect(before.length > 2 && new Set(before).size === before.length, `folders are shared: ${before.join()}`);
  expect(
    before.every((one) => /^[a-z-]+\/[a-z0-9-]+\/$/.test(one)),
    `folders are not by claim: ${before.join()}`,
  );
  expect(before.join() === after.join(), `other folders: ${before.join()} and ${after.join()}`);
  const volumes = await testSite.items("/api/v1/persistentvolumes");
  const paths = volumes.map((one) => String(inside(one, "spec", "local", "path"))).sort();
  // What no pod mounts, such as the volumes of backups before the first one, is not bound.
  const bound = await folders(
    testSite,
    claims.filter((one) => inside(one, "status", "phase") === "Bound"),
  );
  // Of another type a kubelet would make a folder that is not there.
  expect(
    bound.length > 2 && bound.map((one) => `/opt/local-path-provisioner/${one.slice(0, -1)}`).join() === paths.join(),
    `volumes of the type local are in ${paths.join()}`,
  );
  return after.join(", ");
}
