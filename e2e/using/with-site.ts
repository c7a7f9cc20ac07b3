/**
 * Loaded by Node before the command line (`--import`): the sites know one more, whose data are JSON in `USING_SITE`, and
 * host names that end with `USING_DOMAIN` lead to `USING_ADDRESS`, or to nobody where that is empty.
 */
import dns from "node:dns";
import { isIP } from "node:net";
import { SITES } from "../../environments";
import type { EnvironmentInput } from "../../environments/schema";

const { USING_SITE = "", USING_DOMAIN = "", USING_ADDRESS = "" } = process.env;
(SITES as EnvironmentInput[]).push(JSON.parse(USING_SITE) as EnvironmentInput);

type Answer = (error: Error | null, answer?: string | dns.LookupAddress[], family?: number) => void;

function lookup(host: string, options: unknown, answer: Answer): void {
  if (USING_ADDRESS === "") {
    const error = Object.assign(new Error(`getaddrinfo ENOTFOUND ${host}`), { code: "ENOTFOUND", hostname: host });
    answer(error);
    return;
  }
  const all = typeof options === "object" && options !== null && "all" in options && options.all === true;
  const family = isIP(USING_ADDRESS);
  if (all) answer(null, [{ address: USING_ADDRESS, family }]);
  else answer(null, USING_ADDRESS, family);
}

const isOfSite = (host: unknown) => typeof host === "string" && host.endsWith(USING_DOMAIN);
const real = { lookup: dns.lookup, promised: dns.promises.lookup };
dns.lookup = ((host: string, ...rest: [unknown, Answer] | [Answer]) => {
  if (!isOfSite(host)) return Reflect.apply(real.lookup, dns, [host, ...rest]) as unknown;
  const [options, answer] = rest.length === 1 ? [{}, rest[0]] : rest;
  process.nextTick(() => lookup(host, options, answer));
  return {};
}) as typeof dns.lookup;
dns.promises.lookup = ((host: string, options?: object) => {
  if (!isOfSite(host)) return Reflect.apply(real.promised, dns.promises, [host, options]) as unknown;
  return new Promise((resolve, reject) => {
    lookup(host, options, (error, address, family) => {
      if (error) reject(error);
      else resolve(typeof address === "string" ? { address, family: family ?? 4 } : (address ?? []));
    });
  });
}) as typeof dns.promises.lookup;
