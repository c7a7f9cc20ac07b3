/** Ports of this machine that nobody listens on. */
import { randomInt } from "node:crypto";
import { createServer } from "node:net";
import { UserError } from "../../../ground/errors";

/** Below the range from which the kernel takes ports of outgoing connections. */
const [FIRST, LAST] = [20_000, 29_999];
const TRIES = 200;

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen(port, () => server.close(() => resolve(true)));
  });
}

/**
 * A port for k3s, which takes the next one too, for the API server behind it.
 *
 * @throws {UserError} where there is none.
 */
export async function freeApiPort(): Promise<number> {
  for (let tries = 0; tries < TRIES; tries++) {
    const port = randomInt(FIRST, LAST);
    if ((await isFree(port)) && (await isFree(port + 1))) return port;
  }
  throw new UserError(`no free port among ${TRIES} between ${FIRST} and ${LAST}: end other programs`);
}

/**
 * So many different ports that nobody listens on now.
 *
 * @throws {UserError} where there are not as many.
 */
export async function freePorts(count: number): Promise<number[]> {
  const ports = new Set<number>();
  for (let tries = 0; tries < TRIES && ports.size < count; tries++) {
    const port = randomInt(FIRST, LAST);
    if (await isFree(port)) ports.add(port);
  }
  if (ports.size < count)
    throw new UserError(`no ${count} free ports between ${FIRST} and ${LAST}: end other programs`);
  return [...ports];
}
