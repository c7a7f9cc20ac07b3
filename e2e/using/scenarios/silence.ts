/** Servers that take every connection and never answer: each command ends by itself, and Ctrl-C ends it at once. */
import { INTERRUPTED_EXIT } from "../../../ground/errors";
import { SUNK_TOPIC } from "../../lifecycle/site/smallest";
import { AT_ONCE } from "../site/look";
import type { Scenario } from "./scenario";

/** Commands, and most seconds until each ends by itself, its start on a busy machine included. */
const COMMANDS: readonly (readonly [command: string, args: readonly string[], most: number])[] = [
  ["check", ["kafka", "influxdb", "--timeout", "10"], 40],
  ["data", [SUNK_TOPIC], 90],
  ["subsystem", ["list"], 60],
];

const allSilent: Scenario = async (world, checks) => {
  const ways = [...world.ways.values()];
  for (const way of ways) await way.set("silent");
  for (const [command, args, most] of COMMANDS) {
    const ended = await world.command.run(command, args, { most: most * 1000 });
    checks.same(
      `${command}: ends by itself within ${most} s, and not well`,
      { ended: ended.code !== undefined, well: ended.code === 0 },
      { ended: true, well: false },
    );
    console.log(`        after ${ended.seconds} s: ${ended.stderr.trim().split("\n").at(-1)}`);
    const first = () => Promise.race(ways.map((way) => way.taken()));
    const interrupted = await world.command.run(command, args, { end: ["SIGINT", first] });
    checks.same(
      `${command}: Ctrl-C ends it at once`,
      { code: interrupted.code, late: interrupted.lingered > AT_ONCE ? interrupted.lingered : 0 },
      { code: INTERRUPTED_EXIT, late: 0 },
    );
  }
  for (const way of ways) await way.set("passes");
};

/** Every part is silent at once. */
export const silenceScenarios = { allSilent };
