import { confirmName, confirmYes } from "../../../cli/shared/terminal/context";
import { splitProtected } from "../../../cli/destroy/destroy-scope";
import { context } from "../support";

test("the name of the site confirms, typed or given", async () => {
  await expect(confirmName(context(), "toy", "toy")).resolves.toBeUndefined();
  await expect(
    confirmName(context({ ask: () => Promise.resolve("toy\n") }), "toy", undefined),
  ).resolves.toBeUndefined();
});

test.each([
  ["another name", "far", undefined],
  ["a yes", undefined, "yes"],
  ["nothing", undefined, ""],
])("%s does not", async (_what, given, typed) => {
  const asking = context({ ask: () => Promise.resolve(typed ?? "") });
  await expect(confirmName(asking, "toy", given)).rejects.toThrow(
    /^not confirmed: expected toy, got .*; nothing was changed$/,
  );
});

test("without a terminal it is one line that says what to say", async () => {
  await expect(confirmName(context(), "toy", undefined)).rejects.toThrow(/^there is no terminal .*--confirm toy/);
  await expect(confirmYes(context(), "?", undefined)).rejects.toThrow(/^there is no terminal .*--yes$/);
});

test("only a yes is a yes", async () => {
  const answer = (text: string) => confirmYes(context({ ask: () => Promise.resolve(text) }), "?", undefined);
  expect(await Promise.all(["y", "Yes", "", "n", "yeah no"].map(answer))).toEqual([true, true, false, false, false]);
  expect(await confirmYes(context(), "?", true)).toBe(true);
});

const one = (type: string, name: string, dependencies: string[] = [], mode = "managed") => ({
  mode,
  type,
  name,
  instances: [{ dependencies }],
});

test("what holds data stays, with all that it needs; everything else goes", () => {
  const protectedOne = { lifecycle: { prevent_destroy: true } };
  const file = {
    resource: { claim: { data: protectedOne, gone: protectedOne }, release: { app: {} }, namespace: { a: {} } },
  };
  const state = {
    resources: [
      one("claim", "data", ["namespace.a", "class.local"]),
      one("namespace", "a"),
      one("class", "local", ["namespace.b"]),
      one("namespace", "b"),
      one("release", "app", ["claim.data"]),
      one("lookup", "x", [], "data"),
    ],
  };
  expect(splitProtected(file, state)).toEqual({
    targets: ["release.app"],
    kept: ["claim.data"],
    needed: ["class.local", "namespace.a", "namespace.b"],
  });
});
