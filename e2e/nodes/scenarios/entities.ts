/** What Strimzi says of topics, users and a cluster that runs, held to what was recorded of the real one. */
import { answersTo, takeAll } from "../../operators/answers";
import { QUIET } from "../../operators/case";
import { ENTITY_CASES } from "../../operators/cases-entities";
import { differencesToRecord, writeRecord } from "../../operators/records";
import type { Checks } from "../../data-path/check";
import { isStub } from "../site/part";
import type { RunningSite } from "../site/running-site";
import type { Scenario } from "../site/scenario";

async function run(site: RunningSite, checks: Checks): Promise<void> {
  const { api, simulated } = site;
  if (isStub(site, "kafka")) return site.notRun("topics and users", simulated.get("kafka") ?? "");
  const isReal = !simulated.has("strimzi");
  try {
    const answers = await answersTo(ENTITY_CASES, api, "", isReal ? ENTITY_CASES.quiet : QUIET);
    if (isReal) site.tell(`what Strimzi answered is written into ${writeRecord(ENTITY_CASES, answers, site.folder)}`);
    for (const [where, lines] of differencesToRecord(ENTITY_CASES, answers)) checks.same(where, lines, []);
  } finally {
    await takeAll(ENTITY_CASES, api);
  }
}

/** Topics and users, good and bad ones. */
export const entities: Scenario = {
  name: "entities",
  title: "topics and users, good and bad ones, become what is recorded of the real Strimzi",
  run,
};
