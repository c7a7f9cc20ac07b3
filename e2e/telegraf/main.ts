/**
 * `npm run bench:telegraf`: whether a real Telegraf of the version that we deploy takes the configurations of
 * every site: of its consumers, and of what measures its nodes. It builds that Telegraf from its Go module the first
 * time.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { run } from "../../cli/shared/process/process";
import { inTemporaryFolder } from "../../cli/shared/process/temporary-folder";
import { CHECKOUT } from "../../cli/shared/site/program";
import { synthesize } from "../../cli/shared/site/synthesis";
import { selectSites } from "../../cli/shared/site/sites";
import { IMAGES } from "../../ground/versions";
import { PASSWORD_VARIABLES } from "../../constructs/telegraf/telegraf-config";
import { SITES } from "../../environments";
import { runTool, printTally } from "../../cli/shared/process/tool";
import { consumesKafka, offlineCopies, NO_BROKER } from "./copies";

/** What Telegraf finds wrong in a configuration; empty when nothing. */
async function faultIn(text: string, check: (text: string) => Promise<string>): Promise<string> {
  if (!consumesKafka(text)) return check(text);
  const { withPatterns, withTopics } = offlineCopies(text);
  // The first stops where it would ask the brokers for topics, so the second shows the rest.
  const asked = await check(withPatterns);
  return asked.includes(NO_BROKER) ? check(withTopics) : asked || "it did not ask the brokers for topics";
}

async function main(env: NodeJS.ProcessEnv): Promise<number> {
  const version = IMAGES.telegraf.tag.replace(/-.*/, "");
  const built = await run(join(CHECKOUT, "e2e", "bench", "telegraf", "build"), [version], { env });
  process.stderr.write(built.stderr);
  if (built.code !== 0) {
    console.error("Telegraf: NOT RUN, because it could not be built");
    return 3;
  }
  const telegraf = built.stdout.trim();
  const passwords = Object.fromEntries(Object.values(PASSWORD_VARIABLES).map((name) => [name, "a password"]));
  return inTemporaryFolder("telegraf", async (folder) => {
    const failed: string[] = [];
    let passed = 0;
    const file = join(folder, "telegraf.conf");
    const check = async (text: string): Promise<string> => {
      writeFileSync(file, text);
      const { code, stdout, stderr } = await run(telegraf, ["config", "check", "--config", file], {
        env: { ...env, ...passwords },
      });
      return code === 0 ? "" : `${stdout}${stderr}`;
    };
    for (const stack of synthesize(selectSites(SITES), join(folder, "out")))
      for (const { address, text } of stack.telegrafConfigurations()) {
        const fault = await faultIn(text, check);
        if (fault === "") passed++;
        else failed.push(`${stack.name} ${address}: ${fault.split("E! ").at(-1)?.trim()}`);
      }
    return printTally(passed, failed);
  });
}

runTool(main);
