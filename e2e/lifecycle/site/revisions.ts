/** The order of changes, by the revisions of the cluster's store: one number counts the changes of all objects. */
import { benchProgram } from "../../rehearsal/control-plane/control-plane";
import { inside, type ObjectJson } from "../../../synthesized/stack";
import { expect, type TestSite } from "./test-site";

/** What happened to an object. */
export interface Happening {
  readonly type: "ADDED" | "MODIFIED" | "DELETED";
  /** Path of the objects of its kind. */
  readonly path: string;
  readonly name: string;
  /** The object as it was; only what changes more than its status counts then. @default - every change counts */
  readonly before?: ObjectJson;
}

/** The store's revision now, for {@link happened}. */
export async function revision(testSite: TestSite): Promise<string> {
  return String(inside(await testSite.api.get("/api/v1/namespaces"), "metadata", "resourceVersion"));
}

/** The revision after `since` at which this happened first. */
export async function happened(
  testSite: TestSite,
  since: string,
  { type, path, name, before }: Happening,
): Promise<number> {
  const watch = `${path}?watch=1&timeoutSeconds=2&resourceVersion=${since}`;
  const kubectl = benchProgram(testSite.env, "kubectl");
  const text = await testSite.program(kubectl, "--kubeconfig", testSite.kubeconfig, "get", "--raw", watch);
  const events = text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as { type: string; object: ObjectJson });
  const event = events.find(
    ({ type: is, object: { metadata } }) =>
      is === type && metadata.name === name && (!before || metadata["generation"] !== before.metadata["generation"]),
  );
  expect(event !== undefined, `${name} was not ${type.toLowerCase()}: ${events.map((one) => one.type).join(", ")}`);
  return Number(event.object.metadata["resourceVersion"]);
}
