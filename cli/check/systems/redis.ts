/** Asks Redis over a connection that somebody else opened. */
import type { Duplex } from "node:stream";
import { messageOf, UserError } from "../../../ground/errors";

/** What Redis says of itself. */
export interface RedisFacts {
  /** Bytes of its data, and the most that they may be. */
  readonly used: number;
  readonly most: number;
}

/** Parts of a command as RESP has them: their number, then each with its length. */
const command = (...words: string[]): string =>
  `*${words.length}\r\n${words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`).join("")}`;

/**
 * Logs in, and asks for the memory. The connection is closed then.
 *
 * @throws {UserError} where Redis refuses the password, or the connection ends. It quotes no password.
 */
export async function redisFacts(connection: Duplex, password: string): Promise<RedisFacts> {
  const answered = new Promise<string>((resolve, reject) => {
    let text = "";
    connection.on("data", (piece: Buffer) => {
      text += piece.toString("latin1");
      // INFO's answer is the last one, and has this line near its end.
      if (/^-.*\r\n/m.test(text) || /^maxmemory_policy:.*\r\n/m.test(text)) resolve(text);
    });
    connection.on("error", (error) => reject(new UserError(`Redis does not answer: ${messageOf(error)}`)));
    connection.on("close", () => reject(new UserError("Redis closes the connection without an answer")));
  });
  connection.write(`${command("AUTH", password)}${command("INFO", "memory")}`);
  try {
    const text = await answered;
    const refusal = /^-(.*)\r\n/m.exec(text)?.[1];
    if (refusal !== undefined) throw new UserError(`Redis refuses: ${refusal}`);
    const figure = (name: string) => Number(new RegExp(`^${name}:(\\d+)`, "m").exec(text)?.[1] ?? NaN);
    return { used: figure("used_memory"), most: figure("maxmemory") };
  } finally {
    connection.destroy();
  }
}
