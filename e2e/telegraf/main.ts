/**
 * `npm run bench:telegraf`: whether a real Telegraf of the version that we deploy takes the configurations of
 * every site: of its consumers, and of what measures its nodes. It builds that Telegraf from its Go module the first
 * time.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse, stringify } from "smol-toml";
import { run } from "../../cli/shared/process/process";
import { inTemporaryFolder } from "../../cli/shared/process/temporary-folder";
import { CHECKOUT } from "../../cli/shared/site/program";
import { synthesize } from "../../cli/shared/site/synthesis";
import { selectSites } from "../../cli/shared/site/sites";
import { IMAGES } from "../../ground/versions";
import { PASSWORD_VARIABLES } from "../../constructs/telegraf/telegraf-config";
import { SITES } from "../../environments";
import { printTally, runToolCommand, toolCommand } from "../../cli/shared/process/tool";

/** What Telegraf says when it got as far as asking brokers for topics and none answered. */
const NO_BROKER = "client has run out of available brokers";

/** Nothing listens on this port of the loopback address. */
const NOWHERE = "127.0.0.1:1";

interface Configuration {
  inputs: { kafka_consumer: Record<string, unknown>[] };
}

/** Whether a configuration reads Kafka; others can be checked as they are. */
function consumesKafka(text: string): boolean {
  return (parse(text) as { inputs?: { kafka_consumer?: unknown } }).inputs?.kafka_consumer !== undefined;
}

/**
 * Two copies of a consumer's configuration that Telegraf can check without a broker. With `topic_regexps` it
 * compiles the patterns and then asks the brokers for topics, which fails; with the patterns written as names of
 * topics it goes on to the end.
 */
function offlineCopies(text: string): { withPatterns: string; withTopics: string } {
  const copy = (change: (input: Record<string, unknown>) => Record<string, unknown>): string => {
    const configuration = parse(text) as unknown as Configuration;
    configuration.inputs.kafka_consumer = configuration.inputs.kafka_consumer.map((input) =>
      change({ ...input, brokers: [NOWHERE] }),
    );
    return stringify(configuration);
  };
  return {
    withPatterns: copy((input) => input),
    withTopics: copy(({ topic_regexps, ...input }) => ({ ...input, topics: topic_regexps })),
  };
}

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
      for (const name of ["telegraf.conf", "careful.conf"] as const)
        for (const { address, text } of stack.telegrafConfigurations(name)) {
          const fault = await faultIn(text, check);
          if (fault === "") passed++;
          else failed.push(`${stack.name} ${address} ${name}: ${fault.split("E! ").at(-1)?.trim()}`);
        }
    return printTally(passed, failed);
  });
}

runToolCommand(
  toolCommand("bench:telegraf", "builds the deployed Telegraf and has it check the configurations of every site"),
  main,
);
