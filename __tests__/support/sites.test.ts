import { allStacks, SITE_NAMES, stack } from "./sites";

test("every site has its stacks, in the order in which they are applied", () => {
  expect([...new Set(allStacks().map(({ site }) => site))]).toEqual(SITE_NAMES);
  for (const { name, dependencies } of allStacks())
    for (const before of dependencies) {
      const names = allStacks().map((one) => one.name);
      expect(names.indexOf(before)).toBeLessThan(names.indexOf(name));
    }
});

test("a stack is found by site and layer", () => {
  const [first] = allStacks();
  expect(stack(first?.site ?? "", first?.layer ?? "")).toBe(first);
  expect(() => stack("nowhere", "efd")).toThrow("there is no stack nowhere-efd");
});
