import fc from "fast-check";
import { kubernetesName } from "../../../constructs/core/names";
import { SUBDOMAIN } from "../support";

/** Names of topics, and whatever else somebody writes. */
const text = fc.oneof(
  fc.string({ maxLength: 100 }),
  fc.string({ unit: "binary", maxLength: 100 }),
  fc.stringMatching(/^[A-Za-z0-9._-]{1,249}$/),
  fc.stringMatching(/^[a-z0-9][a-z0-9.-]{0,80}[a-z0-9]$/),
);

test("a name that Kubernetes takes stays as it is", () => {
  for (const name of ["a", "efd", "lsst.sal.test", "kafka-0", "9", "a".repeat(63)])
    expect(kubernetesName(name)).toBe(name);
});

test("anything else gets the hash of what it was", () => {
  // First eight digits of SHA-256, by sha256sum.
  expect(kubernetesName("_schemas")).toBe("schemas-d5c7fd93");
  expect(kubernetesName("lsst.sal.Test.logevent_heartbeat")).toBe("lsst.sal.test.logevent-heartbeat-09760ba4");
  expect(kubernetesName("")).toBe("x-e3b0c442");
  expect(kubernetesName("___")).toMatch(/^x-[0-9a-f]{8}$/);
});

test("what differs in case, in a character or behind the end stays different", () => {
  const names = ["lsst.Test", "lsst.test", "lsst_test", "lsst-test", "a".repeat(64), "a".repeat(65), "a".repeat(63)];
  expect(new Set(names.map((name) => kubernetesName(name))).size).toBe(names.length);
});

test("begins and ends with a letter or digit and has no other characters than Kubernetes allows", () => {
  fc.assert(
    fc.property(text, (input) => {
      expect(kubernetesName(input)).toMatch(/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/);
    }),
    { numRuns: 300 },
  );
});

test("is a name that Kubernetes takes", () => {
  fc.assert(
    fc.property(text, (input) => {
      expect(kubernetesName(input)).toMatch(SUBDOMAIN);
    }),
    { numRuns: 300, examples: [["lsst..sal"], ["lsst.-sal"], ["lsst-.sal"], ["Lsst..sal"]] },
  );
});

test("is never longer than asked for", () => {
  fc.assert(
    fc.property(text, fc.integer({ min: 10, max: 253 }), (input, max) => {
      expect(kubernetesName(input, max).length).toBeLessThanOrEqual(max);
    }),
    { numRuns: 300 },
  );
});

test("two texts never share a name", () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(text, { minLength: 2, maxLength: 40 }),
      fc.integer({ min: 16, max: 63 }),
      (inputs, max) => {
        expect(new Set(inputs.map((input) => kubernetesName(input, max))).size).toBe(inputs.length);
      },
    ),
  );
});

test("the same text gives the same name", () => {
  fc.assert(
    fc.property(text, (input) => {
      expect(kubernetesName(input)).toBe(kubernetesName(input));
      // A name is its own name.
      if (SUBDOMAIN.test(kubernetesName(input)))
        expect(kubernetesName(kubernetesName(input))).toBe(kubernetesName(input));
    }),
  );
});
