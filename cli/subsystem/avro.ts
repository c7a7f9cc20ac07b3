/** Avro files of a CSC's topics. */
import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { messageOf, UsageError, UserError } from "../../ground/errors";
import { cscOf, prefixOf } from "./topics";

/** A topic with the schema of its records. */
export interface TopicSchema {
  readonly topic: string;
  /** Avro, as JSON in one line. */
  readonly schema: string;
  readonly file: string;
}

const END = ".avsc";

/**
 * Schemas of a CSC's topics in a folder. A file is called `<topic>.avsc`, or its record is called like the topic, as SAL's are.
 *
 * @throws {UsageError} when there is no such folder, or no such file in it.
 * @throws {UserError} with a line for each file that is no schema of a topic of this CSC.
 */
export function schemasIn(folder: string, csc: string): TopicSchema[] {
  const files = filesIn(folder);
  if (files.length === 0)
    throw new UsageError(
      `--avro: ${folder} has no file that ends with ${END}. Name the folder with the schemas of ${csc}.`,
    );
  const problems: string[] = [];
  const found = files.flatMap((file) => {
    try {
      return [schemaOf(join(folder, file), csc)];
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      problems.push(error.message);
      return [];
    }
  });
  for (const [i, { topic, file }] of found.entries()) {
    const first = found.slice(0, i).find((one) => one.topic === topic);
    if (first) problems.push(`${file}: its topic ${topic} is that of ${first.file} too. Remove one of them.`);
  }
  if (problems.length > 0) throw new UserError(problems.join("\n"));
  return found.sort((a, b) => (a.topic < b.topic ? -1 : 1));
}

function filesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((file) => file.endsWith(END))
      .sort();
  } catch (error) {
    throw new UsageError(
      `--avro: ${folder} cannot be read: ${messageOf(error)}. Name a folder with files that end with ${END}.`,
    );
  }
}

function schemaOf(file: string, csc: string): TopicSchema {
  let schema: { readonly type?: unknown; readonly name?: unknown; readonly namespace?: unknown };
  try {
    schema = JSON.parse(readFileSync(file, "utf8")) as typeof schema;
  } catch (error) {
    throw new UserError(`${file}: it is no JSON: ${messageOf(error)}. Allowed: an Avro schema. Correct or remove it.`);
  }
  const { type, name, namespace } = schema;
  if (type !== "record" || typeof name !== "string")
    throw new UserError(`${file}: it is no schema of a record (type ${JSON.stringify(type)}). Correct or remove it.`);
  const full = name.includes(".") || typeof namespace !== "string" ? name : `${namespace}.${name}`;
  const called = basename(file, END);
  const topic = [called, full].find((one) => cscOf(one) === csc && one.split(".").length === 4);
  if (topic === undefined)
    throw new UserError(
      `${file}: neither its name nor its record's (${full}) is a topic of ${csc}. Allowed: ${prefixOf(csc)}<topic>. Rename or remove it.`,
    );
  return { topic, file, schema: JSON.stringify(schema) };
}
