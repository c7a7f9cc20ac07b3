import { siteNotes } from "../../../../cli/shared/site/notes";
import { review } from "../../../../review/build";
import { verdict } from "../../../../review/render/verdict";
import { parseEnvironment } from "../../../../environments/parse";
import { siteWith } from "../../../support/environment";
import { stacksOf } from "../../../support/sites";

/** Notes on allowances of the small site. */
const toy = siteWith({ "kafka.topics": [{ name: "lsst.sal.Test.x" }] });
const stacks = stacksOf(toy);
const of = (allowDestroys: string[], changes = {}) =>
  siteNotes(parseEnvironment({ ...toy, ...changes, allowDestroys }), stacks).filter((line) =>
    line.includes("allowDestroys"),
  );

test("an entry of allowDestroys that names something is nothing to speak of", () => {
  const names = ["toy-efd", "toy-cluster", "toy-efd/kafka", "toy-efd/topic/lsst.sal.Test.x", "toy-efd/database/efd"];
  expect(of([...names, "toy-platform/influxdb"])).toEqual([]);
});

test("one that names nothing is said", () => {
  expect(of(["toy-efd", "toy-efd/kafca", "toy-platform/influx"])).toEqual([
    'toy.allowDestroys[1]: "toy-efd/kafca" allows nothing, for nothing in toy-efd has that name. Take the name from a finding of the review, or remove the entry once the thing has gone.',
    'toy.allowDestroys[2]: "toy-platform/influx" allows nothing, for nothing in toy-platform has that name. Take the name from a finding of the review, or remove the entry once the thing has gone.',
  ]);
  const existing = { cluster: { kind: "existing", kubeconfig: "/k", address: "192.0.2.1" } };
  const parsed = parseEnvironment({ ...toy, ...existing, allowDestroys: ["toy-cluster"] });
  const upper = stacks.filter(({ layer }) => layer !== "cluster");
  expect(siteNotes(parsed, upper)[0]).toBe(
    'toy.allowDestroys[0]: "toy-cluster" allows nothing, for this site has no such layer. Take the name from a finding of the review, or remove the entry once the thing has gone.',
  );
});

test("a review has the same lines in its verdict, whatever changes", () => {
  const about = { site: "toy", title: "toy", comparison: { kind: "plan" }, allowDestroys: [], layers: [] } as const;
  expect(verdict(review({ ...about, notes: ["toy.a: one", "toy.b: two"] })).notes).toEqual([
    "toy.a: one",
    "toy.b: two",
  ]);
  expect(review(about)).not.toHaveProperty("notes");
});
