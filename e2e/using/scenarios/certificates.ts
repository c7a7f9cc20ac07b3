/** Faults of names and certificates, as clients outside the cluster see them. */
import { ADDRESS } from "../site/site";
import { isHealthy, look, says } from "../site/look";
import type { Entrance } from "../site/entrance";
import type { World } from "../site/world";
import type { Checks } from "../../data-path/check";
import type { Scenario } from "./scenario";

const CERTIFICATES = ["certificates"];

/** Runs where there is an entrance. */
const atEntrance =
  (act: (world: World, checks: Checks, entrance: Entrance) => Promise<void>): Scenario =>
  async (world, checks) => {
    if (typeof world.entrance === "string") console.log(`NOT RUN  because of the entrance: ${world.entrance}`);
    else await act(world, checks, world.entrance);
  };

const certificateEnded = atEntrance(async (world, checks, entrance) => {
  isHealthy(checks, "names and certificates", await look(world, checks, "names and certificates", CERTIFICATES));
  entrance.show(await entrance.certificate("ended", entrance.names, ["20240101000000Z", "20250101000000Z"]));
  const seen = await look(world, checks, "certificates have ended", CERTIFICATES);
  says(checks, "certificates have ended", seen, { level: "fail", what: / at .*:443$/, says: /^ended .* ago/ });
  entrance.show(await entrance.certificate("renewed"));
});

const certificateOfAnother = atEntrance(async (world, checks, entrance) => {
  entrance.show(await entrance.certificate("another", ["another.example.org"]));
  const seen = await look(world, checks, "certificates are for another name", CERTIFICATES);
  const line = { level: "fail", what: / at .*:443$/, says: /for another name: .*another\.example\.org/ } as const;
  says(checks, "certificates are for another name", seen, line);
  entrance.show(await entrance.certificate("right"));
  isHealthy(checks, "they are right again", await look(world, checks, "they are right again", CERTIFICATES));
});

const dnsWrong = atEntrance(async (world, checks) => {
  const { command } = world;
  command.address = "127.77.0.9";
  const seen = await look(world, checks, "names lead elsewhere", CERTIFICATES);
  says(checks, "names lead elsewhere", seen, { level: "fail", what: /^DNS of /, says: /it leads to 127\.77\.0\.9/ });
  command.address = "";
  const nowhere = await look(world, checks, "names lead nowhere", CERTIFICATES);
  says(checks, "names lead nowhere", nowhere, { level: "fail", what: /^DNS of /, says: /leads nowhere/ });
  command.address = ADDRESS;
});

/** Ended, for another name, and names that lead elsewhere. */
export const certificateScenarios = { certificateEnded, certificateOfAnother, dnsWrong };
