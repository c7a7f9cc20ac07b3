import { dependenciesOf, Timeline, timesOf } from "../../../../e2e/rehearsal/layers/timeline";
import { StackView } from "../../../../synthesized/stack";

/** a → b → c by dependency and reference; d stands alone. */
const stack = new StackView(
  "toy",
  "efd",
  JSON.stringify({
    resource: {
      helm_release: {
        a: { name: "a" },
        b: { name: "b", depends_on: ["helm_release.a", "kubernetes_job_v1.unknown"] },
        d: { name: "d" },
      },
      kubernetes_job_v1: { c: { name: "${helm_release.b.name}" } },
    },
  }),
  [],
);
const span = (start: number, end: number) => ({ start: start * 1000, end: end * 1000 });

test("what a resource needs is read from dependencies and references", () => {
  expect([...dependenciesOf(stack)].map(([address, needs]) => [address, [...needs]])).toEqual([
    ["helm_release.a", []],
    ["helm_release.b", ["helm_release.a"]],
    ["helm_release.d", []],
    ["kubernetes_job_v1.c", ["helm_release.b"]],
  ]);
});

test("the chain that took longest is not that of the longest resource", () => {
  const spans = new Map([
    ["helm_release.a", span(0, 4)],
    ["helm_release.d", span(0, 8)],
    ["helm_release.b", span(4, 7)],
    ["kubernetes_job_v1.c", span(7, 10)],
  ]);
  const times = timesOf(stack, spans);
  expect(times.chain.map(({ address }) => address)).toEqual([
    "helm_release.a",
    "helm_release.b",
    "kubernetes_job_v1.c",
  ]);
  expect(times.apply).toBe(10);
  expect(times.slowestRelease).toEqual({ address: "helm_release.d", seconds: 8 });
});

test("what took longest may be a Job or a workload, but nothing without pods", () => {
  const spans = new Map([
    ["helm_release.a", span(0, 4)],
    ["kubernetes_job_v1.c", span(4, 10)],
    ["kubernetes_config_map_v1.e", span(0, 9)],
  ]);
  expect(timesOf(stack, spans)).toMatchObject({
    slowest: { address: "kubernetes_job_v1.c", seconds: 6 },
    slowestRelease: { address: "helm_release.a", seconds: 4 },
  });
  expect(timesOf(stack, new Map([["kubernetes_config_map_v1.e", span(0, 9)]])).slowest).toBeUndefined();
});

test("releases that could have run at the same time and did not are seen", () => {
  const spans = new Map([
    ["helm_release.a", span(0, 4)],
    ["helm_release.b", span(6, 7)],
    ["helm_release.d", span(7, 9)],
  ]);
  const { releasesAtOnce, idle, releases } = timesOf(stack, spans);
  expect({ releasesAtOnce, releases, idle }).toEqual({
    releasesAtOnce: 1,
    releases: 3,
    idle: { address: "helm_release.d", seconds: 7 },
  });
});

test("nothing that was made has no times", () => {
  expect(timesOf(stack, new Map())).toEqual({ apply: 0, chain: [], releasesAtOnce: 0, releases: 0 });
});

test("a resource counts once it is complete", () => {
  const timeline = new Timeline();
  const event = (type: string, addr: string) => timeline.onEvent({ type, hook: { resource: { addr } } });
  event("apply_start", "a.a");
  event("apply_start", "b.b");
  event("apply_complete", "b.b");
  event("apply_errored", "a.a");
  expect([...timeline.spans.keys()]).toEqual(["b.b"]);
});
