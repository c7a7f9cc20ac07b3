import fc from "fast-check";
import { review } from "../../../review/build";
import { readPlan } from "../../../review/read/plan";
import { redact } from "../../../review/read/redact";
import { renderTerminal } from "../../../review/render/terminal";
import { Secret } from "../../../review/model/tree";

const plain = (text: string): string => text;
const PAINT = { bold: plain, dim: plain, red: plain, yellow: plain, green: plain };

/** A plan that changes one resource. */
function planWith(type: string, before: object, after: object, masks: object = {}): string {
  return JSON.stringify({
    format_version: "1.2",
    terraform_version: "1.11.4",
    configuration: {},
    resource_changes: [
      {
        address: `${type}.a`,
        mode: "managed",
        type,
        name: "a",
        change: { actions: ["update"], before, after, ...masks },
      },
    ],
  });
}

function everything(text: string): string {
  const found = review({
    site: "toy",
    title: "toy",
    comparison: { kind: "plan" },
    allowDestroys: [],
    layers: [{ layer: "efd", stack: "toy-efd", plan: readPlan(text) }],
  });
  expect(found.layers[0]?.changes).toHaveLength(1);
  return `${JSON.stringify(found)}\n${renderTerminal(found, PAINT)}`;
}

/** Places in which a secret can stand in a plan. */
const PLACES: readonly (readonly [name: string, plan: (secret: string, other: string) => string])[] = [
  [
    "a masked attribute",
    (a, b) => planWith("x", { v: a }, { v: b }, { before_sensitive: { v: true }, after_sensitive: { v: true } }),
  ],
  [
    "a masked list",
    (a, b) => planWith("x", { v: [a] }, { v: [b] }, { before_sensitive: { v: [true] }, after_sensitive: true }),
  ],
  ["a write-only attribute", (a, b) => planWith("x", { data_wo: a }, { data_wo: b })],
  ["a Secret", (a, b) => planWith("kubernetes_secret_v1", { data: { k: a } }, { data: { k: b } })],
  ["a password", (a, b) => planWith("x", { admin_password: a }, { admin_password: b })],
  ["a token", (a, b) => planWith("x", { c: { accessToken: a } }, { c: { accessToken: b } })],
  ["a generated password", (a, b) => planWith("random_password", { result: a }, { result: b })],
  ["a private key", (a, b) => planWith("tls_private_key", { private_key_pem: a }, { private_key_pem: b })],
  [
    "a container's environment",
    (a, b) => planWith("docker_container", { env: [`K3S_TOKEN=${a}`] }, { env: [`K3S_TOKEN=${b}`] }),
  ],
  [
    "a variable",
    (a, b) => planWith("x", { env: [{ name: "DB_PASSWORD", value: a }] }, { env: [{ name: "DB_PASSWORD", value: b }] }),
  ],
  [
    "an argument",
    (a, b) => planWith("x", { args: [`--password=${a}`, "--token", a] }, { args: [`--password=${b}`, "--token", b] }),
  ],
  [
    "values of a chart",
    (a, b) =>
      planWith(
        "helm_release",
        { values: [`auth:\n  adminPassword: ${a}\n`] },
        { values: [`auth:\n  adminPassword: ${b}\n`] },
      ),
  ],
  [
    "an object in values",
    (a, b) => {
      const values = (v: string) => [
        JSON.stringify({ resources: [{ kind: "Secret", metadata: { name: "s" }, stringData: { k: v } }] }),
      ];
      return planWith(
        "helm_release",
        { chart: "./assets/resources-chart/1", values: values(a) },
        { chart: "./assets/resources-chart/1", values: values(b) },
      );
    },
  ],
  [
    "a line of a configuration",
    (a, b) =>
      planWith(
        "kubernetes_config_map_v1",
        { data: { c: `x = 1\npassword = "${a}"\n` } },
        { data: { c: `x = 1\npassword = "${b}"\n` } },
      ),
  ],
  [
    "an address with a login",
    (a, b) => planWith("x", { url: `https://me:${a}@host/` }, { url: `https://me:${b}@host/` }),
  ],
  [
    "a PEM",
    (a, b) => {
      const pem = (v: string) => `-----BEGIN EC PRIVATE KEY-----\n${v}\n-----END EC PRIVATE KEY-----\n`;
      return planWith("x", { f: pem(a) }, { f: pem(b) });
    },
  ],
];

const secret = fc.stringMatching(/^[A-Za-z0-9]{24,40}$/);

test.each(PLACES)("a secret in %s is never shown, and that it changes is", (_name, plan) => {
  fc.assert(
    fc.property(secret, secret, (a, b) => {
      fc.pre(a !== b);
      const shown = everything(plan(a, b));
      expect(shown).not.toContain(a);
      expect(shown).not.toContain(b);
      expect(shown).toContain("secret");
    }),
    { numRuns: 25 },
  );
});

test("a name of a secret is no secret", () => {
  const kept = {
    existingSecret: "influxdb-auth",
    secretName: "tls",
    passwordKey: "password",
    secretKeyRef: { name: "auth", key: "password" },
    data: [{ secretKey: "password", remoteRef: { key: "kafka", property: "password" } }],
    automountServiceAccountToken: false,
    sasl: 'password = "${KAFKA_PASSWORD}"\nother = 1',
  };
  expect(redact(kept)).toEqual(kept);
});

test("a secret says nothing of itself", () => {
  const one = new Secret("canary");
  expect([JSON.stringify(one), String(one), Object.keys(one)]).toEqual(['"(secret)"', "(secret)", []]);
  expect([one.equals(new Secret("canary")), one.equals(new Secret("other")), one.equals("canary")]).toEqual([
    true,
    false,
    false,
  ]);
});
