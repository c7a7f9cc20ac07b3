/** Looks for secrets where none may be: states, plans and everything Terraform prints. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { inflateRawSync } from "node:zlib";

/** A value that nothing may repeat. */
export interface Canary {
  /** What it is; printed instead of it. */
  readonly name: string;
  readonly value: string;
}

/** A text that was searched. */
export interface Searched {
  /** Where it is from. */
  readonly name: string;
  readonly text: string;
}

/** The forms in which a value can lie in a text: as it is, in JSON, in base64, and as any one of its long lines. */
export function formsOf(value: string): string[] {
  const base64 = Buffer.from(value).toString("base64");
  const json = JSON.stringify(value).slice(1, -1);
  const long = value.split("\n").filter((line) => line.length >= 40 && !line.startsWith("-----"));
  return [...new Set([value, json, JSON.stringify(json).slice(1, -1), base64, base64.replace(/=+$/, ""), ...long])];
}

/** Names the values that a text holds and where, one line each; never the values. */
export function findCanaries(canaries: readonly Canary[], texts: readonly Searched[]): string[] {
  return canaries.flatMap(({ name, value }) => {
    const forms = formsOf(value);
    return texts
      .filter(({ text }) => forms.some((form) => text.includes(form)))
      .map((one) => `${name} is in ${one.name}`);
  });
}

/** Entries of a zip file, as a saved plan is one; none when it is no zip. */
export function unzip(file: Buffer): Searched[] {
  const found: Searched[] = [];
  let at = file.indexOf("PK\u0001\u0002", 0, "latin1");
  while (at >= 0) {
    const nameLength = file.readUInt16LE(at + 28);
    const name = file.toString("utf8", at + 46, at + 46 + nameLength);
    const local = file.readUInt32LE(at + 42);
    const start = local + 30 + file.readUInt16LE(local + 26) + file.readUInt16LE(local + 28);
    const content = file.subarray(start, start + file.readUInt32LE(at + 20));
    const text = (file.readUInt16LE(at + 10) === 8 ? inflateRawSync(content) : content).toString("latin1");
    found.push({ name, text });
    at = file.indexOf("PK\u0001\u0002", at + 46, "latin1");
  }
  return found;
}

/** Every file below a folder, those inside a saved plan too. What Terraform downloads (`.terraform`) is left out. */
export function textsBelow(folder: string): Searched[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return entry.name === ".terraform" ? [] : textsBelow(path);
    if (!entry.isFile()) return [];
    const content = readFileSync(path);
    const inner = content.toString("latin1", 0, 2) === "PK" ? unzip(content) : [];
    return [
      { name: path, text: content.toString("latin1") },
      ...inner.map(({ name, text }) => ({ name: `${path} (${name})`, text })),
    ];
  });
}
