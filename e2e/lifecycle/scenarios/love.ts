/** LOVE comes to a site, lives there and goes again. */
import { fieldsIn, inside, type Json } from "../../../synthesized/stack";
import { kafkaUser } from "../../../constructs/kafka/secrets";
import { SAL_ACCOUNT } from "../../../environments/systems/kafka/sal";
import { NAMESPACE } from "../../../ground/namespaces";
import { withExternalSecrets } from "../site/external-secrets";
import { apiServerOf, runCronJob, runKubectlOf } from "../site/pods";
import { LAYERS_OF_SITE, LOVE, withLove } from "../site/smallest";
import { expect, type TestSite } from "../site/test-site";
import { destroy } from "./removal";
import { newValue, replaceSecret } from "./rotation";

const DEPLOYMENTS = `/apis/apps/v1/namespaces/${NAMESPACE.love}/deployments`;
const PVCS = `/api/v1/namespaces/${NAMESPACE.love}/persistentvolumeclaims`;
const FRONTEND = "love-manager-frontend";
const AUTOSCALER = `/apis/autoscaling/v2/namespaces/${NAMESPACE.love}/horizontalpodautoscalers/${FRONTEND}`;

/**
 * LOVE is added, with a database of its own. What the clock and new passwords change there is in no plan: one producer
 * more is one resource more. Without LOVE all of it goes, its database only where somebody allows that.
 */
export async function love(testSite: TestSite): Promise<string> {
  let added = 0;
  await withExternalSecrets(testSite, async () => {
    added = (await testSite.change(withLove)).done.length;
  });
  const programs = await readersOfSecrets(testSite);
  expect((await restarted(testSite)).length === 0, "programs restart that have read what their Secrets hold");
  await byTheClock(testSite);
  await newPasswords(testSite, programs);
  await oneProducer(testSite);
  await withExternalSecrets(testSite, () => goes(testSite));
  return `${added} changes brought it; its ${programs.length} programs restarted in order; a producer is one resource`;
}

/** Deployments of LOVE whose pods start with keys of Secrets. */
async function readersOfSecrets(testSite: TestSite): Promise<string[]> {
  const all = await testSite.items(DEPLOYMENTS);
  const found = all.filter(({ spec }) => fieldsIn(spec).some(({ key }) => key === "secretKeyRef"));
  return found.map(({ metadata }) => metadata.name).sort();
}

/** Runs the CronJob that restarts programs; the ones that it restarted, in its order. */
async function restarted(testSite: TestSite): Promise<string[]> {
  const { code, stdout, stderr } = await runCronJob(testSite, NAMESPACE.love, "rollouts", {
    PATH: testSite.env["PATH"] ?? "",
    API_SERVER: apiServerOf(testSite),
    PAUSE: "0.5",
  });
  expect(code === 0, `rollouts ended with ${code}: ${stderr.trim()}`);
  return [...stdout.matchAll(/^\S+\/(\S+) restarts, /gm)].map((match) => match[1] ?? "");
}

/** What runs by the clock does its work with the only right of its account. */
async function byTheClock(testSite: TestSite): Promise<void> {
  const run = (task: string, ...instead: string[]) =>
    runKubectlOf(testSite, NAMESPACE.love, `${FRONTEND}-${task}`, instead.length > 0 ? instead : undefined);
  const least = async () => inside(await testSite.api.get(AUTOSCALER), "spec", "minReplicas");
  for (const [task, wanted] of [
    ["night", LOVE.frontend.nightReplicas],
    ["day", LOVE.frontend.minReplicas],
    // The plans that follow find another number than theirs.
    ["night", LOVE.frontend.nightReplicas],
  ] as const) {
    const { code, stderr } = await run(task);
    const found = await least();
    expect(code === 0 && found === wanted, `${task}: at least ${String(found)} frontends, not ${wanted}: ${stderr}`);
  }
  const { code, stderr } = await run("recycle");
  const frontend = await testSite.api.get(`${DEPLOYMENTS}/${FRONTEND}`);
  const marks = inside(frontend, "spec", "template", "metadata", "annotations") as Json | undefined;
  expect(code === 0 && marks?.["kubectl.kubernetes.io/restartedAt"] !== undefined, `frontends stay: ${stderr}`);

  for (const [task, resource] of [
    ["night", "horizontalpodautoscalers.autoscaling"],
    ["day", "horizontalpodautoscalers.autoscaling"],
    ["recycle", "deployments.apps"],
  ] as const) {
    const { stdout } = await run(task, "auth", "can-i", "--list", "--no-headers", `--namespace=${NAMESPACE.love}`);
    // Everybody may ask who he is and what he may.
    const rights = stdout.split("\n").filter((line) => /^[a-z]/.test(line) && !line.startsWith("selfsubject"));
    const words = rights.map((line) => line.replace(/[[\]]/g, "").trim().split(/\s+/).sort().join(" "));
    expect(words.join() === [resource, FRONTEND, "get", "patch"].sort().join(" "), `${task} may ${rights.join("; ")}`);
    const other = await run(task, "delete", `--namespace=${NAMESPACE.love}`, `${resource}/${FRONTEND}`);
    expect(other.code !== 0 && other.stderr.includes("Forbidden"), `${task} is not refused: ${other.stderr}`);
  }
}

/** All programs start with new passwords: stores before those who log in to them, producers last. */
async function newPasswords(testSite: TestSite, programs: readonly string[]): Promise<void> {
  for (const name of ["love", kafkaUser(SAL_ACCOUNT).name]) {
    const source = await testSite.api.get(`/api/v1/namespaces/${NAMESPACE.externalSecrets}/secrets/${name}`);
    const keys = Object.keys(source?.data ?? {});
    expect(keys.length > 0, `the generated Secret ${name} holds nothing`);
    await replaceSecret(testSite, name, Object.fromEntries(keys.map((key) => [key, newValue()])));
  }
  await withExternalSecrets(testSite);
  const order = await restarted(testSite);
  expect([...order].sort().join() === programs.join(), `restarted: ${order.join()}; these read: ${programs.join()}`);
  const place = (part: string) => order.findIndex((name) => name.includes(part));
  const ranks = ["database", "redis", "manager-producer", "manager-frontend", "love-producer"].map(place);
  expect(
    ranks.every((rank, i) => rank >= 0 && rank > (ranks[i - 1] ?? -1)),
    `in another order: ${order.join()}`,
  );
  expect((await restarted(testSite)).length === 0, "a second run restarts what has its new passwords");
}

/** One producer more is one resource more, and one less is one less. */
async function oneProducer(testSite: TestSite): Promise<void> {
  const change = (...producers: { name: string; csc: string }[]) =>
    testSite.change((one) => ({ ...one, love: { ...LOVE, producers: [...LOVE.producers, ...producers] } }), "love");
  for (const { done } of [await change({ name: "test2", csc: "Test:2" }), await change()])
    expect(
      done.length === 1 && (done[0] ?? "").startsWith("kubernetes_deployment_v1.producers_test2"),
      `a producer is more than one resource: ${done.join()}`,
    );
}

/** Switched off it would go with its namespace, which the user reads; destroyed before, its database stays. */
async function goes(testSite: TestSite): Promise<void> {
  const precious = testSite.site((one) => ({ ...one, allowDestroys: [] }));
  const off = testSite.site((one) => ({ ...one, allowDestroys: [], love: { ...LOVE, enabled: false } }));
  const { printed } = await testSite.deploy(off, { dryRun: true, layers: ["platform"] });
  expect(
    /loses data: namespace love is deleted/.test(printed),
    `nobody said what goes with the namespace:\n${printed}`,
  );
  const claims = async () => (await testSite.items(PVCS)).map(({ metadata }) => String(metadata["uid"])).join();
  const before = await claims();
  const [result] = await destroy(testSite, precious, "love");
  const said = result?.lines.join("; ") ?? "";
  expect(
    /^kept, because allowDestroys .* toy-love: .*love-manager-database/.test(said),
    `nobody said what stays: ${said}`,
  );
  expect(before !== "" && (await claims()) === before, "LOVE's database went");
  expect((await testSite.items(DEPLOYMENTS)).length === 0, "programs of LOVE stayed");
  await testSite.change((one) => ({ ...one, love: { ...LOVE, enabled: false } }));
  expect((await testSite.api.get(`/api/v1/namespaces/${NAMESPACE.love}`)) === undefined, "LOVE's namespace stayed");
  testSite.adopt(({ love: _gone, ...one }) => ({ ...one, allowDestroys: LAYERS_OF_SITE }));
}
