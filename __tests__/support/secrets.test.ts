import { StackView } from "../../synthesized/stack";
import { literalSecrets } from "./secrets";

const found = (body: unknown) =>
  literalSecrets(new StackView("s", "l", JSON.stringify({ resource: { toy_box: { it: body } } }), []));

test.each([
  [{ password: "hunter2" }],
  [{ token: "abc" }],
  [{ spec: [{ client_secret: "abc" }] }],
  [{ private_key_pem: "abc" }],
  [{ config: '[[outputs]]\n  password = "hunter2"\n' }],
  [{ env: ["K3S_TOKEN=abc"] }],
  [{ script: 'export JAAS="x required password=\\"hunter2\\";"\n' }],
])("finds %j", (body) => {
  expect(found(body)).toHaveLength(1);
});

test("finds one in the values of a release", () => {
  const values = ["auth:\n  adminPassword: hunter2\n"];
  const json = JSON.stringify({ resource: { helm_release: { it: { name: "r", values } } } });
  expect(literalSecrets(new StackView("s", "l", json, [])).length).toBeGreaterThan(0);
});

test.each([
  [{ password: "${random_password.x.result}" }],
  [{ config: 'password = "$KAFKA_PASSWORD"\n' }],
  [{ config: "password: ${KAFKA_PASSWORD}\n" }],
  [{ script: 'mark=${KAFKA_PASSWORD:i:1}\nexport JAAS="x required password=\\"$escaped\\";"\n' }],
  [{ values: "password:\n  valueFrom:\n    secretKeyRef: {}\n" }],
  [{ token_file: "/run/secrets/token", automount_token: false, secret_name: "x", data_wo_revision: "1" }],
])("takes %j", (body) => {
  expect(found(body)).toEqual([]);
});
