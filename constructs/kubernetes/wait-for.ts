/** How a pod waits for what its program needs to start. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { literal } from "../../synthesized/text";

const SCRIPT = readFileSync(join(__dirname, "wait-for.sh"), "utf8");

/** Requests and limits of a container that only waits. */
export const WAITING = { requests: { cpu: "10m", memory: "16Mi" }, limits: { memory: "64Mi" } };

/**
 * A container that comes first and ends once each of these takes connections, however long that takes: its pod is not
 * ready, and its log says whom it waits for. A Service takes connections while one of its pods is ready.
 *
 * @param image - of the program; it has bash and `timeout`
 * @param addresses - host and port of each: `kafka:9092`
 */
export function waitFor(image: string, addresses: readonly string[]) {
  return {
    name: "wait",
    image,
    command: ["bash", "-c", literal(SCRIPT), "wait", ...addresses],
    resources: WAITING,
  };
}
