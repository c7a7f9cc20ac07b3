import { execFileSync } from "node:child_process";
import { freeApiPort, freePorts } from "../../../../e2e/rehearsal/control-plane/free-port";

/** Looks that always find the same port first, as two processes may at the same time. */
const FIRST = 27_411;
jest.mock("node:crypto", () => {
  const real = jest.requireActual<object>("node:crypto");
  let looks = 0;
  return { ...real, randomInt: () => FIRST + Math.floor(looks++ / 2) };
});

test("a port that was given is not given again, though nobody listens there yet", async () => {
  const ports = [...(await freePorts(5)), await freeApiPort(), ...(await freePorts(2))];
  expect(new Set(ports).size).toBe(ports.length);
});

test("nor by another process", async () => {
  const [port = 0] = await freePorts(1);
  const file = require.resolve("../../../../e2e/rehearsal/control-plane/free-port");
  const program = `require("node:crypto").randomInt = (() => { let i = 0; return () => ${port} + Math.floor(i++ / 2); })();
    require(${JSON.stringify(file)}).freePorts(1).then(([one]) => console.log(one));`;
  const given = execFileSync(process.execPath, ["--import", "tsx", "-e", program], { encoding: "utf8" });
  expect(Number(given)).toBeGreaterThan(port);
});
