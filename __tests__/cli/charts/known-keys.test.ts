import { commentedKeys, isFreeForm, unknownKeys } from "../../../cli/charts/known-keys";
import { ENTRY } from "./support";

const VALUES = `
## Deployment Strategy type
# strategy:
#   type: Recreate
persistence:
  enabled: true
  ## If defined, PVC must be created manually
  # existingClaim: ""
  size: 8Gi
resources: {}
env:
  FIRST: "1"
service:
  nodePorts:
    http: ""
    # - name: no key
`;

const unknown = (values: Record<string, unknown>, schema?: Record<string, unknown>) =>
  unknownKeys(values, { entry: ENTRY, values: VALUES, ...(schema ? { schema } : {}) }).map(({ path }) =>
    path.join("."),
  );

test("a comment names a key where it would stand", () => {
  expect([...commentedKeys(VALUES)].sort()).toEqual(["persistence.existingClaim", "strategy", "strategy.type"]);
});

test("keys of the values, of comments and below an empty map are known; any other is not", () => {
  expect(unknown({ strategy: { type: "Recreate" }, persistence: { existingClaim: "a", enabled: true } })).toEqual([]);
  expect(unknown({ resources: { limits: { memory: "1Gi" } } })).toEqual([]);
  expect(unknown({ persistence: { existingClaims: "a" }, strategi: {}, service: { nodePorts: { htpp: 1 } } })).toEqual([
    "persistence.existingClaims",
    "strategi",
    "service.nodePorts.htpp",
  ]);
});

test("it says what is known at that place", () => {
  const [first] = unknownKeys({ persistence: { claim: "a" } }, { entry: ENTRY, values: VALUES });
  expect(first?.allowed).toEqual(["enabled", "existingClaim", "size"]);
});

test("a schema makes a key known, and closes a map that the values leave empty", () => {
  const schema = {
    properties: {
      extra: { $ref: "#/$defs/extra" },
      resources: { type: "object", properties: { limits: { type: "object" } } },
      open: { type: "object", additionalProperties: { type: "string" } },
    },
    $defs: { extra: { properties: { deep: { type: "string" } } } },
  };
  expect(unknown({ extra: { deep: "a" }, open: { any: "b" }, resources: { limits: { x: 1 } } }, schema)).toEqual([]);
  expect(unknown({ extra: { deeper: "a" }, resources: { lmits: {} } }, schema)).toEqual([
    "extra.deeper",
    "resources.lmits",
  ]);
});

test("a map that takes any key is named by chart and place", () => {
  expect(isFreeForm({ chart: "chronograf" }, ["env", "ANY"])).toBe(true);
  expect(isFreeForm({ chart: "chronograf" }, ["persistence", "any"])).toBe(false);
  expect(isFreeForm({ chart: "kapacitor" }, ["env", "ANY"])).toBe(false);
});
