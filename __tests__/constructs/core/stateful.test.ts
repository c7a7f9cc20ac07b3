import { NamespaceV1 } from "@cdktf/provider-kubernetes/lib/namespace-v1";
import { Aspects, TerraformStack, Testing } from "cdktf";
import { Construct } from "constructs";
import { isStateful, ProtectStateful, stateful } from "../../../constructs/core/stateful";
import { built, only } from "../support";

const namespace = (scope: Construct, id: string) => new NamespaceV1(scope, id, { metadata: { name: id } });

test("fixes the address wherever the construct stands", () => {
  const address = (scopes: string[]) =>
    built((stack) => {
      const scope = scopes.reduce<Construct>((inner, id) => new Construct(inner, id), stack);
      stateful(namespace(scope, "one"), "kafka");
    }).resources("kubernetes_namespace_v1")[0]?.address;
  expect(address([])).toBe("kubernetes_namespace_v1.kafka");
  expect(address(["a", "b"])).toBe("kubernetes_namespace_v1.kafka");
});

test("refuses a resource that was referred to before: its address would stay what it was", () => {
  built((stack) => {
    const one = namespace(stack, "one");
    new NamespaceV1(stack, "two", { metadata: { name: one.id } });
    expect(() => stateful(one, "kafka")).toThrow("toy/one: got a reference before its id was fixed.");
  });
});

test("references lead to the fixed address", () => {
  const view = built((stack) => {
    const one = stateful(namespace(stack, "one"), "kafka");
    new NamespaceV1(stack, "two", { metadata: { name: "two" }, dependsOn: [one] });
  });
  expect(view.resource("kubernetes_namespace_v1.two")["depends_on"]).toEqual(["kubernetes_namespace_v1.kafka"]);
});

describe("ProtectStateful", () => {
  const lifecycles = (protect: boolean) =>
    Object.fromEntries(
      built((stack) => {
        if (protect) Aspects.of(stack).add(new ProtectStateful());
        stateful(namespace(stack, "held"), "held");
        stateful(namespace(stack, "ignoring"), "ignoring").lifecycle = { ignoreChanges: ["metadata"] };
        namespace(stack, "free");
      })
        .resources("kubernetes_namespace_v1")
        .map(({ id, body }) => [id, body["lifecycle"]]),
    );

  test("keeps Terraform from destroying what is marked, and nothing else", () => {
    expect(lifecycles(true)).toEqual({
      held: { prevent_destroy: true },
      ignoring: { prevent_destroy: true, ignore_changes: ["metadata"] },
      free: undefined,
    });
  });

  test("writes nothing where destroying is allowed", () => {
    expect(lifecycles(false)).toEqual({ held: undefined, ignoring: { ignore_changes: ["metadata"] }, free: undefined });
  });
});

test("knows what it marked", () => {
  const stack = new TerraformStack(Testing.app(), "toy");
  const [held, free] = [namespace(stack, "held"), namespace(stack, "free")];
  stateful(held, "held");
  expect([isStateful(held), isStateful(free), isStateful(stack)]).toEqual([true, false, false]);
});

test("a marked resource is the one that was given", () => {
  expect(
    only(
      built((stack) => void stateful(namespace(stack, "one"), "kafka")),
      "kubernetes_namespace_v1",
    ),
  ).toMatchObject({ metadata: { name: "one" } });
});
