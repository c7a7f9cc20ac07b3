/** Faults of the registry. */
import { look, says, SHORT } from "../site/look";
import type { Scenario } from "./scenario";

const REGISTRY = ["registry"];

const registryDown: Scenario = async (world, checks) => {
  await world.way("registry").set("refuses");
  const seen = await look(world, checks, "the registry is down", REGISTRY);
  says(checks, "the registry is down", seen, { level: "fail", what: /^answer$/ });
  await world.way("registry").set("passes");
  says(checks, "it is back", await look(world, checks, "it is back", REGISTRY), { level: "ok", what: /^answer$/ });
};

const registrySilent: Scenario = async (world, checks) => {
  await world.way("registry").set("silent");
  const seen = await look(world, checks, "the registry never answers", REGISTRY, SHORT);
  checks.same(
    "the registry never answers: nothing is said to be well",
    seen.lines.filter(({ level, what }) => level === "ok" && what !== "replicas").map(({ what }) => what),
    [],
  );
  await world.way("registry").set("passes");
};

const registryReadOnly: Scenario = async (world, checks) => {
  const mode = async (word: string) => {
    const answer = await fetch(`${world.data.registry.url}/mode`, {
      method: "PUT",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ mode: word }),
    });
    if (!answer.ok) throw new Error(`the registry's mode: ${answer.status} ${await answer.text()}`);
  };
  await mode("READONLY");
  const seen = await look(world, checks, "the registry is read only", REGISTRY);
  says(checks, "the registry is read only", seen, { level: "fail", what: /^mode$/, says: /READONLY/ });
  await mode("READWRITE");
  says(checks, "it writes again", await look(world, checks, "it writes again", REGISTRY), {
    level: "ok",
    what: /^mode$/,
  });
};

/** Nobody listens, nobody answers, and nobody may write. */
export const registryScenarios = { registryDown, registrySilent, registryReadOnly };
