/** The patience that scripts of Jobs have with programs that may be starting. */
import { readFileSync } from "node:fs";
import { join } from "node:path";

/** The file that such scripts read first; it lies beside them. */
export function patienceScript(): Readonly<Record<"patience.sh", string>> {
  return { "patience.sh": readFileSync(join(__dirname, "patience.sh"), "utf8") };
}

/**
 * The variable with the seconds for which a run asks again whoever does not answer.
 *
 * @param seconds - @default 300: on two busy cores all was ready 144 s after the machine had started; InfluxDB's setup
 * has as much patience
 */
export function patience(seconds = 300) {
  return { name: "PATIENCE", value: String(seconds) };
}
