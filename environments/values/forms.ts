/** Forms of values that several systems have. Whoever gives a wrong value reads what is allowed and what to do. */
import { z } from "zod";
import { addressNumber, network, type Network } from "../../ground/networks";
import { ADDRESS, DOCKER_HOST, IMAGE, isHostName, isTimeZone } from "../../ground/units";
import { EXPECTATIONS, expectation } from "./expectation";
import { COUNTS, type Limits, LONGEST_TEXT } from "./limits";
import { isPlain } from "./text";

/** What to do about one value, where that is more than what to do about any other. */
export type Hint = (value: unknown) => string | undefined;

/** The error of a form: what is allowed, and what to do about the value that was given. */
export function told(allowed: string, remedy: string, hint: Hint = () => undefined) {
  return ({ input }: { readonly input?: unknown }): string =>
    typeof input === "string" && input.length > LONGEST_TEXT
      ? expectation({ allowed: `${allowed}, at most ${LONGEST_TEXT} characters`, remedy: "shorten it" })
      : expectation({ allowed, remedy: input === undefined ? "add it" : (hint(input) ?? remedy) });
}

/** Whether a text may go into a file of Terraform, a script or a statement at all. */
const isFit = (value: string) => value.length <= LONGEST_TEXT && isPlain(value);

/** A text for which a check holds. */
export function textForm(check: (value: string) => boolean, allowed: string, remedy: string, hint?: Hint) {
  const error = told(allowed, remedy, hint);
  return z
    .string({ error })
    .refine((value) => isFit(value) && check(value), { error })
    .register(EXPECTATIONS, { allowed, remedy });
}

/** A text that matches a pattern. The JSON Schema shows the pattern. */
export function matching(pattern: RegExp, allowed: string, remedy: string, hint?: Hint) {
  const error = told(allowed, remedy, hint);
  return z
    .string({ error })
    .regex(pattern, { error, abort: true })
    .refine(isFit, { error })
    .register(EXPECTATIONS, { allowed, remedy });
}

/** A whole number from `min` to `max`. What to do about a wrong one is said by the number, unless the remedy does. */
export function wholeNumber(min: number, max: number, allowed: string, remedy?: string) {
  const wrong = told(allowed, remedy ?? "write a whole number", (value) => {
    if (typeof value === "string" && /^\d+$/.test(value)) return "write it without quotes";
    if (typeof value !== "number" || remedy !== undefined) return undefined;
    if (!Number.isInteger(value)) return "write a whole number";
    return value < min ? `raise it to ${min} or more` : `lower it to ${max} or less`;
  });
  const tooMuch = told(`${allowed}, at most ${max}`, "lower it");
  const error = (issue: { readonly input?: unknown }) =>
    typeof issue.input === "number" &&
    issue.input > max &&
    Number.isFinite(issue.input) &&
    !allowed.includes(String(max))
      ? tooMuch(issue)
      : wrong(issue);
  return z
    .int({ error, abort: true })
    .refine((value) => value >= min && value <= max, { error })
    .register(EXPECTATIONS, { allowed, remedy: remedy ?? "write it without quotes" });
}

/** A whole number within limits of sense. */
export function count(
  { least, most }: Limits<number>,
  allowed = `a whole number from ${least} to ${most}`,
  remedy?: string,
) {
  return wholeNumber(least, most, allowed, remedy);
}

/** A whole number from 1. */
export const positive = (allowed = "a whole number from 1", remedy?: string) => count(COUNTS.any, allowed, remedy);

/** A port of a host. */
export const port = () => wholeNumber(1, 65535, "1–65535", "choose a port in that range");

const isPath = (v: string) => /^(\/[A-Za-z0-9._+@-]+)+$/.test(v) && !/\/\.{1,2}(\/|$)/.test(v);
const NO_HOME: Hint = (value) =>
  typeof value === "string" && /^~|\$/.test(value) ? "write the path in full, for no shell reads it" : undefined;

/** An absolute folder of a host, not `/` itself. */
export const hostPath = () =>
  textForm(
    isPath,
    "an absolute path below / of letters, digits and . _ - + @, without .., // or a slash at the end (/data)",
    "name a folder of its own",
    NO_HOME,
  );

/** A file by its absolute path. */
export const filePath = () =>
  textForm(
    isPath,
    "the absolute path of a file, of letters, digits and . _ - + @, without .. or // (/etc/efd/kubeconfig)",
    "name the file",
    NO_HOME,
  );

/** A DNS name in lower case. */
export const hostName = () =>
  textForm(
    (v) => isHostName(v) && !/(^|\.)\d+$/.test(v),
    "a DNS name in lower case (lsst.codes)",
    "leave out scheme, port and path",
  );

/** Whether an address is of no machine, or of many: 0.0.0.0, multicast, broadcast. */
function isNobodys(value: string): boolean {
  const number = addressNumber(value);
  if (number === undefined) return false;
  const first = Math.floor(number / 2 ** 24);
  return first === 0 || first >= 224;
}

const LOOPBACK = /^(localhost|127\.[\d.]+)$/i;
/** A pod that calls a loopback address calls itself. */
const fromPods: Hint = (value) =>
  typeof value === "string" && LOOPBACK.test(value.replace(/^https?:\/\//, "").replace(/[:/].*$/, ""))
    ? "name a host that pods reach, for a loopback address is the pod's own"
    : undefined;

/** An IPv4 address or a DNS name. */
export const address = () =>
  textForm(
    (v) => v.length <= 253 && ADDRESS.pattern.test(v) && !isNobodys(v),
    ADDRESS.allowed,
    ADDRESS.remedy,
    (value) => (typeof value === "string" && isNobodys(value) ? "write the address of one machine" : undefined),
  );

/** An IPv4 address of a machine: none that is a loopback address, a network's or for many. */
export const machineAddress = () =>
  textForm(
    (v) => {
      const first = Math.floor((addressNumber(v) ?? 0) / 2 ** 24);
      return first > 0 && first < 224 && first !== 127;
    },
    "an IPv4 address of a network card (192.0.2.10)",
    "write the one that `ip -4 address` shows there",
  );

/** Networks that are nobody's in the internet (RFC 1918, RFC 6598), where pods hide no public address. */
const PRIVATE = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10"].map(
  (one) => network(one) as Network,
);

/** A network of addresses that only one cluster knows. */
export const privateNetwork = () =>
  textForm(
    (v) => {
      const given = network(v);
      return given !== undefined && PRIVATE.some(({ first, last }) => given.first >= first && given.last <= last);
    },
    "an IPv4 network within 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16 or 100.64.0.0/10, without bits behind its prefix (10.42.0.0/16)",
    "take one that nothing at the site uses",
  );

/** A network card of Linux. */
export const networkCard = () =>
  matching(
    /^[A-Za-z][A-Za-z0-9_.-]{0,14}$/,
    "the name of a network card (eno1)",
    "write the one that `ip -4 address` shows",
  );

/** Whether a port is none at all, or one that there is. */
export const isPort = (port: string | undefined) => port === undefined || (Number(port) >= 1 && Number(port) <= 65535);

/** Host, port and path of a URL without account, query and fragment; undefined of another. */
function partsOf(url: string): { host: string; port: string | undefined; path: string } | undefined {
  const match = /^https?:\/\/([A-Za-z0-9.-]+)(?::(\d{1,5}))?(\/[A-Za-z0-9._~/-]*)?$/.exec(url);
  const [, host = "", port, path = ""] = match ?? [];
  return match && ADDRESS.pattern.test(host.toLowerCase()) && isPort(port) ? { host, port, path } : undefined;
}

const NO_ACCOUNT: Hint = (value) =>
  typeof value === "string" && /^https?:\/\/[^/]*@/.test(value)
    ? "leave out the account, for this file is no place for a password"
    : undefined;

/** The address of a web service. */
export const webAddress = () =>
  textForm(
    (v) => partsOf(v) !== undefined,
    "an http(s) URL of host, port and path (https://example.org/path)",
    "write the whole address",
    NO_ACCOUNT,
  );

/** The address of a web service that pods call; `secure` where its protocol wants TLS. */
export const serviceAddress = (secure = false) =>
  textForm(
    (v) => (!secure || v.startsWith("https://")) && partsOf(v) !== undefined && fromPods(v) === undefined,
    `an ${secure ? "https" : "http(s)"} URL of host, port and path (https://example.org/path)`,
    "write the whole address",
    (value) => NO_ACCOUNT(value) ?? fromPods(value),
  );

/** The address of a web service that pods call and that has its host for itself. */
export const webOrigin = () =>
  textForm(
    (v) => partsOf(v)?.path === "" && fromPods(v) === undefined,
    "an http(s) URL of host and port, without a path (https://vault.example.org)",
    "write scheme and host",
    (value) =>
      NO_ACCOUNT(value) ??
      fromPods(value) ??
      (typeof value === "string" && partsOf(value) ? "leave out everything behind the host and its port" : undefined),
  );

/** A host and a port. */
export const hostAndPort = (remedy: string) =>
  textForm(
    (v) => {
      const [, host = "", port] = /^([a-z0-9.-]+):(\d{1,5})$/.exec(v) ?? [];
      return ADDRESS.pattern.test(host) && isPort(port);
    },
    "<host>:<port>, the host in lower case and the port up to 65535",
    remedy,
  );

/** A Docker host: the local socket or a machine that is reached through ssh. */
export const dockerHost = () =>
  textForm(
    (v) => {
      if (!DOCKER_HOST.pattern.test(v)) return false;
      if (v.startsWith("unix://")) return isPath(v.slice("unix://".length));
      const [, host = "", port] = /^ssh:\/\/(?:[^@]*@)?([^:]+)(?::(\d+))?$/.exec(v) ?? [];
      return ADDRESS.pattern.test(host.toLowerCase()) && isPort(port);
    },
    DOCKER_HOST.allowed,
    DOCKER_HOST.remedy,
  );

/** Whether the name of an image says its registry: without one, each program takes another. */
export function namesRegistry(image: string): boolean {
  const [registry = "", ...path] = image.split("/");
  const [host = "", port] = registry.split(":");
  const isRegistry = port !== undefined || host.includes(".") || host === "localhost";
  return path.length > 0 && isRegistry && ADDRESS.pattern.test(host) && isPort(port);
}

/** An image of a registry with an exact tag or digest. */
export const imageForm = () =>
  textForm(
    (v) => IMAGE.pattern.test(v) && namesRegistry(v),
    IMAGE.allowed,
    IMAGE.remedy,
    (value) =>
      typeof value === "string" && IMAGE.pattern.test(value) ? "write its registry before it (quay.io/…)" : undefined,
  );

/** A release with three numbers. */
export const version = () =>
  textForm((v) => /^\d+\.\d+\.\d+$/.test(v), "three numbers (4.3.1)", "pin one, never latest");

/** A name that Kubernetes takes for any object. */
export const kubernetesNameForm = () =>
  textForm(
    (v) => /^[a-z]([a-z0-9-]{0,51}[a-z0-9])?$/.test(v),
    "a name of 1–53 lower-case letters, digits and hyphens that begins with a letter",
    "shorten or rename it",
  );

/** A time of day. */
export const timeOfDay = () =>
  textForm((v) => /^([01]\d|2[0-3]):[0-5]\d$/.test(v), "hours and minutes (03:00)", "write it as text");

/** A time zone. */
export const timeZone = () =>
  textForm((v) => /^[A-Z]/i.test(v) && isTimeZone(v), "a name of the IANA database", "write America/Santiago or UTC");

/** A database of InfluxDB. */
export const database = () =>
  matching(
    /^[A-Za-z][A-Za-z0-9._-]{0,99}$/,
    "letters, digits, dots, hyphens and underscores after a letter, at most 100",
    "rename it",
  );
