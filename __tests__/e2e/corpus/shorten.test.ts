/** Recordings are as short as `npm run corpus` makes them, and what it takes out makes no difference. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { shortened } from "../../../e2e/corpus/shorten";
import type { ObservedRelease } from "../../../review/read/release-drift";
import type { Json } from "../../../synthesized/stack";

const FOLDER = join(__dirname, "..", "..", "review", "corpus");

interface Recorded {
  layer: string;
  comparison: "plan" | "drift";
  plan: Json;
  releases?: ObservedRelease[];
}

const RECORDED = readdirSync(FOLDER).map((name): [string, Recorded] => [
  name.replace(".json", ""),
  JSON.parse(readFileSync(join(FOLDER, name), "utf8")) as Recorded,
]);
const DRIFT = RECORDED.filter(([, { comparison }]) => comparison === "drift");

const short = ({ releases = [], ...recorded }: Recorded): Json => shortened({ ...recorded, releases });

test.each(DRIFT)("%s is in its short form", (_name, recorded) => {
  expect(short(recorded)).toEqual(recorded.plan);
});

test("of what a provider changes by itself one of a kind stays, what stays as it is is taken out, what a rule reads stays", () => {
  const body = { metadata: [{ name: "a", uid: "1" }], spec: [{ replicas: 1, paused: false }], wait: true };
  const drift = (name: string, before: object, after: object) => ({
    address: `kubernetes_deployment_v1.${name}`,
    mode: "managed",
    type: "kubernetes_deployment_v1",
    name,
    change: {
      actions: ["update"],
      before,
      after,
      after_unknown: {},
      before_sensitive: { spec: [{}] },
      after_sensitive: {},
    },
  });
  const stopped = { ...body, spec: [{ replicas: 0, paused: false }] };
  const refreshed = { ...body, metadata: [{ name: "a", uid: "2" }] };
  const plan = {
    format_version: "1.2",
    terraform_version: "1.11.4",
    configuration: {},
    resource_drift: [drift("stopped", body, stopped), drift("b", body, refreshed), drift("c", body, refreshed)],
  };
  const found = short({ layer: "efd", comparison: "drift", plan });
  expect(found["resource_drift"]).toEqual([
    expect.objectContaining({
      name: "stopped",
      change: expect.objectContaining({
        before: { metadata: [{ name: "a" }], spec: [{ replicas: 1 }] },
        after: { metadata: [{ name: "a" }], spec: [{ replicas: 0 }] },
        before_sensitive: {},
      }) as object,
    }),
    // One of those whose change is of the same kind, without what stays.
    expect.objectContaining({
      name: "b",
      change: expect.objectContaining({
        before: { metadata: [{ name: "a", uid: "1" }] },
        after: { metadata: [{ name: "a", uid: "2" }] },
      }) as object,
    }),
  ]);
});
