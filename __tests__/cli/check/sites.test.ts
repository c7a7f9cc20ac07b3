import { CHECKS } from "../../../cli/check/checks";
import { selectChecks } from "../../../cli/check/request";
import { fromOutside } from "../../../cli/check/systems/certificates";
import { UserError } from "../../../ground/errors";
import { allStacks, environmentOf, SITE_NAMES } from "../../support/sites";
import { checkProps } from "./support";

const propsOf = (name: string) =>
  checkProps({}, { site: environmentOf(name), stacks: allStacks().filter(({ site }) => site === name) as never });

jest.mock("node:timers/promises", () => ({ setTimeout: () => Promise.resolve() }));
jest.mock("node:dns/promises", () => ({ lookup: () => Promise.reject(new Error("there is no network in tests")) }));

describe.each(SITE_NAMES)("%s", (name) => {
  it("of which nothing is there is asked without a mistake of a check", async () => {
    const props = propsOf(name);
    for (const check of selectChecks(CHECKS, props.site, [])) {
      if (check.title === "machines") continue;
      const verdicts = await check.run(props).catch((error: unknown) => {
        if (!(error instanceof UserError)) throw error;
        return [];
      });
      for (const { level, remedy, what } of verdicts)
        if (level !== "ok" && !remedy) throw new Error(`${check.title}: nobody says what to do about ${what}`);
    }
  });

  it("has every route and every listener looked at from outside", async () => {
    const asked: string[] = [];
    await fromOutside(propsOf(name), {
      addresses: (host) => Promise.resolve(host === "127.0.0.1" ? [host] : ["192.0.2.1"]),
      certificate: ({ host, port }) => {
        asked.push(`${host}:${port}`);
        return Promise.reject(new UserError("none"));
      },
    });
    const { kafka } = environmentOf(name);
    expect(asked.filter((one) => !one.endsWith(":443"))).toHaveLength(kafka.brokers.length + 1);
    expect(asked.filter((one) => one.endsWith(":443")).length).toBeGreaterThan(2);
  });
});
