import { readFileSync } from "node:fs";
import { join } from "node:path";
import { readableStack } from "./readable";
import { StackView } from "../../synthesized/stack";
import { literal, shortHash } from "../../synthesized/text";
import { readYaml } from "../../synthesized/yaml";
import { CHECKOUT } from "./sites";

const read = (json: unknown) => readableStack(new StackView("s", "l", JSON.stringify(json), []));

test("opens values, keeps embedded texts as lines, sorts keys, drops metadata and hashes", () => {
  const metadata = { "//": { metadata: { path: "s-l/a/b" } } };
  expect(
    read({
      "//": { metadata: {} },
      resource: {
        helm_release: {
          app: { ...metadata, name: "app", values: ["b: $${x}\na:\n  c: 1\n"], depends_on: ["toy_box.a_b_0A1B2C3D"] },
        },
        toy_box: {
          a_b_0A1B2C3D: {
            ...metadata,
            config: "[agent]\n  a = 1\n",
            json: '{"b":1,"a":[2]}',
            id: "${toy_box.a_b_0A1B2C3D.id}",
          },
        },
      },
    }),
  ).toBe(`resource:
  helm_release:
    app:
      depends_on:
        - toy_box.a_b
      name: app
      values:
        a:
          c: 1
        b: \${x}
  toy_box:
    a_b:
      config: |
        [agent]
          a = 1
      id: \${toy_box.a_b.id}
      json: |-
        {
          "b": 1,
          "a": [2]
        }
`);
});

test("keeps hashes where two ids would become one", () => {
  const text = read({ resource: { toy_box: { a_0A1B2C3D: { name: "1" }, a_0A1B2C3E: { name: "2" } } } });
  expect(text).toContain("a_0A1B2C3D:");
  expect(text).toContain("a_0A1B2C3E:");
});

test("opens TOML that our own writer wrote, and says a hash by its file", () => {
  const config = '[agent]\na = 1\nb = [ "c" ]\n';
  const text = read({
    resource: {
      kubernetes_config_map_v1: {
        app_config_0A1B2C3D: { data: { "a.conf": config, "b.conf": "[agent]  # by hand\n" } },
      },
      toy_box: { a: { hash: shortHash(config) } },
    },
  });
  expect(readYaml(text)).toEqual({
    resource: {
      kubernetes_config_map_v1: {
        app_config: { data: { "a.conf (TOML)": { agent: { a: 1, b: ["c"] } }, "b.conf": "[agent]  # by hand\n" } },
      },
      toy_box: { a: { hash: "(hash of kubernetes_config_map_v1.app_config a.conf)" } },
    },
  });
});

test("a script of ours stands by its name, as long as it is that script", () => {
  const script = readFileSync(join(CHECKOUT, "constructs", "restarts", "waves.sh"), "utf8");
  const text = (data: string) => read({ resource: { toy_map: { one: { data: literal(data) } } } });
  expect(script).toContain("${");
  expect(text(script)).toContain("data: (text of constructs/restarts/waves.sh)");
  expect(text(`${script}# more`)).toContain("# Restarts programs of a namespace");
});
