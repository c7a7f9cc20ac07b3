/** Ports of this machine that nobody listens on, and that nobody else of ours is about to. */
import { randomInt } from "node:crypto";
import { createServer } from "node:net";
import { UserError } from "../../../ground/errors";

/** Below the range from which the kernel takes ports of outgoing connections, above that of e2e/bench/control-plane/lib.sh. */
const [FIRST, LAST] = [25_000, 29_999];
const TRIES = 200;

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen(port, () => server.close(() => resolve(true)));
  });
}

/**
 * Keeps a port for this process until it ends, by a name that one process of a Linux machine may have: what is to listen
 * there may start much later, and whoever looks meanwhile, in this process or beside it, would find the port free.
 */
function keep(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const name = createServer().unref();
    name.once("error", ({ code }: NodeJS.ErrnoException) => resolve(code !== "EADDRINUSE"));
    name.listen(`\0efd-port-${port}`, () => resolve(true));
  });
}

const isOurs = async (port: number): Promise<boolean> => (await keep(port)) && (await isFree(port));

/**
 * A port for k3s, which takes the next one too, for the API server behind it.
 *
 * @throws {UserError} where there is none.
 */
export async function freeApiPort(): Promise<number> {
  for (let tries = 0; tries < TRIES; tries++) {
    const port = randomInt(FIRST, LAST);
    if ((await isOurs(port)) && (await isOurs(port + 1))) return port;
  }
  throw new UserError(`no free port among ${TRIES} between ${FIRST} and ${LAST}: end other programs`);
}

/**
 * So many different ports that nobody listens on now.
 *
 * @throws {UserError} where there are not as many.
 */
export async function freePorts(count: number): Promise<number[]> {
  const ports: number[] = [];
  for (let tries = 0; tries < TRIES && ports.length < count; tries++) {
    const port = randomInt(FIRST, LAST);
    if (await isOurs(port)) ports.push(port);
  }
  if (ports.length < count)
    throw new UserError(`no ${count} free ports between ${FIRST} and ${LAST}: end other programs`);
  return ports;
}
