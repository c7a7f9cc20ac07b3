import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { deflateRawSync } from "node:zlib";
import { findCanaries, textsBelow } from "../../../../e2e/rehearsal/layers/canaries";

const KEY = `-----BEGIN EC PRIVATE KEY-----\n${"A1b2".repeat(16)}\n${"c3D4".repeat(10)}\n-----END EC PRIVATE KEY-----\n`;
const canaries = [
  { name: "token", value: 'se"cret/value' },
  { name: "key", value: KEY },
];
const found = (text: string): string[] => findCanaries(canaries, [{ name: "x", text }]);

test.each([
  ["as it is", 'a=se"cret/value;', ["token is in x"]],
  ["in JSON", JSON.stringify({ a: canaries[0]?.value }), ["token is in x"]],
  ["in JSON inside JSON", JSON.stringify({ a: JSON.stringify(canaries[0]?.value) }), ["token is in x"]],
  ["in base64", Buffer.from(canaries[0]?.value ?? "").toString("base64"), ["token is in x"]],
  ["a key in JSON", JSON.stringify(KEY), ["key is in x"]],
  ["a key in a kubeconfig", `client-key-data: ${Buffer.from(KEY).toString("base64")}`, ["key is in x"]],
  ["one indented line of a key", `  ${"A1b2".repeat(16)}`, ["key is in x"]],
  ["both", `se"cret/value ${KEY}`, ["token is in x", "key is in x"]],
  ["neither", "-----BEGIN EC PRIVATE KEY----- and nothing else", []],
])("finds a value %s", (_how, text, lines) => {
  expect(found(text)).toEqual(lines);
});

test("a finding names the value, never shows it", () => {
  expect(found(KEY).join()).not.toContain("A1b2");
});

/** A zip of one file, as Terraform's plans are. */
function zip(name: string, content: string): Buffer {
  const data = deflateRawSync(content);
  const local = Buffer.alloc(30);
  local.write("PK\u0003\u0004", "latin1");
  local.writeUInt16LE(8, 8);
  local.writeUInt16LE(name.length, 26);
  const central = Buffer.alloc(46);
  central.write("PK\u0001\u0002", "latin1");
  central.writeUInt16LE(8, 10);
  central.writeUInt32LE(data.length, 20);
  central.writeUInt16LE(name.length, 28);
  return Buffer.concat([local, Buffer.from(name), data, central, Buffer.from(name)]);
}

test("searches every file, saved plans inside too, and leaves downloads out", () => {
  const folder = mkdtempSync(join(tmpdir(), "efd-canary-"));
  try {
    mkdirSync(join(folder, "a", ".terraform"), { recursive: true });
    writeFileSync(join(folder, "a", "x.tfstate"), 'se"cret/value');
    writeFileSync(join(folder, "a", "x.tfplan"), zip("tfplan", `filler ${"z".repeat(200)} ${KEY}`));
    writeFileSync(join(folder, "a", ".terraform", "provider"), KEY);
    expect(findCanaries(canaries, textsBelow(folder))).toEqual([
      `token is in ${join(folder, "a", "x.tfstate")}`,
      `key is in ${join(folder, "a", "x.tfplan")} (tfplan)`,
    ]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
