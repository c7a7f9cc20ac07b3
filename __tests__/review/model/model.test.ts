import { ACTIONS, byRisk, RISK_MEANS, RISKS, worst } from "../../../review/model/model";
import { EXAMPLE } from "../example";

test("risks have an order, and the worst of some is one of them", () => {
  expect(worst(["harmless", "interrupts", "restarts"])).toBe("interrupts");
  expect(worst([])).toBe("harmless");
  expect(byRisk({ risk: "loses data" }, { risk: "interrupts" })).toBeLessThan(0);
  expect(byRisk({ risk: "restarts" }, { risk: "interrupts" })).toBeGreaterThan(0);
  expect(RISKS.filter((risk) => RISK_MEANS[risk] === "")).toEqual([]);
});

test("the example is JSON and holds together", () => {
  expect(JSON.parse(JSON.stringify(EXAMPLE))).toEqual(EXAMPLE);
  for (const { changes, counts } of EXAMPLE.layers)
    for (const action of ACTIONS)
      expect(counts[action] ?? 0).toBe(changes.filter((change) => change.action === action).length);
});
