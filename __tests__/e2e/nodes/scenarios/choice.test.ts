import { chosen } from "../../../../e2e/nodes/scenarios/choice";
import { SCENARIOS } from "../../../../e2e/nodes/scenarios";

const all = ["deploy", "arrival", "reboot", "destroy"].map((name) => ({ name }));
const names = (choice: Partial<Parameters<typeof chosen>[1]>) =>
  chosen(all, { keep: false, attached: false, ...choice }).map(({ name }) => name);

describe("scenarios that run", () => {
  it("are all, in their order", () => {
    expect(names({})).toEqual(["deploy", "arrival", "reboot", "destroy"]);
  });

  it("are those that are named, between the site's begin and its end", () => {
    expect(names({ only: ["reboot"] })).toEqual(["deploy", "reboot", "destroy"]);
    expect(names({ only: ["reboot"], keep: true })).toEqual(["deploy", "reboot"]);
    expect(names({ skip: ["arrival", "destroy"] })).toEqual(["deploy", "reboot"]);
  });

  it("neither bring up nor take away a site that was there, unless they are named", () => {
    expect(names({ attached: true })).toEqual(["arrival", "reboot"]);
    expect(names({ attached: true, only: ["reboot"] })).toEqual(["reboot"]);
    expect(names({ attached: true, only: ["destroy"] })).toEqual(["destroy"]);
  });

  it("are refused by a name that is none, in one line", () => {
    expect(() => names({ only: ["arival"] })).toThrow(
      "--only, --skip: got arival. Allowed: deploy, arrival, reboot, destroy.",
    );
  });

  it("begin with the deployment and end with the removal", () => {
    expect(SCENARIOS[0]?.name).toBe("deploy");
    expect(SCENARIOS.at(-1)?.name).toBe("destroy");
  });
});
