import { completed, missingPackages } from "../../tools/lockfile/packages";

const lock = (optionalDependencies: Record<string, string>) => ({
  packages: {
    "": {},
    "node_modules/a": { version: "1.0.0", dev: true, optionalDependencies },
    "node_modules/a-linux-x64": { version: "1.0.0" },
  },
});

test("gives every optional package an entry, for its platform", () => {
  const whole = completed(lock({ "a-linux-x64": "1.0.0", "@a/binding-win32-arm64-msvc": "1.0.0" }));
  expect(Object.keys(whole.packages)).toEqual([
    "",
    "node_modules/@a/binding-win32-arm64-msvc",
    "node_modules/a",
    "node_modules/a-linux-x64",
  ]);
  expect(whole.packages).toMatchObject({
    "node_modules/@a/binding-win32-arm64-msvc": {
      version: "1.0.0",
      os: ["win32"],
      cpu: ["arm64"],
      optional: true,
      dev: true,
    },
  });
  expect(missingPackages(whole)).toEqual([]);
});

test("an entry below its parent counts", () => {
  const { packages } = lock({ b: "1.0.0" });
  expect(missingPackages({ packages: { ...packages, "node_modules/a/node_modules/b": {} } })).toEqual([]);
});

test.each([{ b: "1.0.0" }, { "b-linux-x64": "^1.0.0" }])("does not guess for %j", (optional) => {
  expect(() => completed(lock(optional as unknown as Record<string, string>))).toThrow("add it by hand");
});
