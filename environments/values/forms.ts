/** Forms of values that several systems have. Whoever gives a wrong value reads what is allowed and what to do. */
import { z } from "zod";
import { ADDRESS, bytes, cores, DOCKER_HOST, hours, IMAGE, isHostName, isTimeZone } from "../../ground/units";
import { addressNumber, network, type Network } from "../../ground/networks";
import { EXPECTATIONS, expectation } from "./expectation";

/** A text for which a check holds. */
export function textForm(check: (value: string) => boolean, allowed: string, remedy: string) {
  const error = expectation({ allowed, remedy });
  return z.string({ error }).refine(check, { error }).register(EXPECTATIONS, { allowed, remedy });
}

/** A text that matches a pattern. The JSON Schema shows the pattern. */
export function matching(pattern: RegExp, allowed: string, remedy: string) {
  const error = expectation({ allowed, remedy });
  return z.string({ error }).regex(pattern, { error }).register(EXPECTATIONS, { allowed, remedy });
}

/** A whole number from `min` to `max`. */
export function wholeNumber(min: number, max: number, allowed: string, remedy: string) {
  const error = expectation({ allowed, remedy });
  return z
    .int({ error })
    .refine((value) => value >= min && value <= max, { error })
    .register(EXPECTATIONS, { allowed, remedy });
}

/** A whole number from 1. */
export const positive = (allowed = "a whole number from 1", remedy = "write it without quotes") =>
  wholeNumber(1, Infinity, allowed, remedy);

/** Size of a disk or of memory, in bytes. */
export const quantity = () =>
  textForm(
    (v) => bytes(v) > 0,
    "a Kubernetes quantity above 0 (128Mi, 15Gi, 1Ti)",
    "write number and unit without a space",
  );

/** CPU in cores or thousandths. */
export const cpu = () =>
  textForm((v) => cores(v) > 0, "CPU above 0 in cores or thousandths (2, 500m)", "write it as text");

/** A time that ends. */
export const duration = () =>
  textForm(
    (v) => Number.isFinite(hours(v)),
    "a whole number of hours, days or weeks (72h, 30d, 52w)",
    "write number and unit without a space",
  );

/** A time that may never end. */
export const retention = () =>
  textForm((v) => hours(v) > 0, "hours, days or weeks (72h, 30d, 52w) or forever", "write it as text");

/** A port of a host. */
export const port = () => wholeNumber(1, 65535, "1–65535", "choose a port in that range");

/** An absolute folder of a host, not `/` itself. */
export const hostPath = () =>
  textForm(
    (v) => /^\/[^\s:]+$/.test(v) && !/\/\.{0,2}(\/|$)/.test(v),
    "an absolute path below / without .., //, spaces or a slash at the end (/data)",
    "name a folder of its own",
  );

/** A DNS name in lower case. */
export const hostName = () =>
  textForm(isHostName, "a DNS name in lower case (lsst.codes)", "leave out scheme, port and path");

/** An IPv4 address or a DNS name. */
export const address = () =>
  textForm((v) => v.length <= 253 && ADDRESS.pattern.test(v), ADDRESS.allowed, ADDRESS.remedy);

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

/** The address of a web service. */
export const webAddress = () => {
  const expected = { allowed: "an http(s) URL", remedy: "write the whole address" };
  return z.url({ protocol: /^https?$/, error: expectation(expected) }).register(EXPECTATIONS, expected);
};

/** A Docker host: the local socket or a machine that is reached through ssh. */
export const dockerHost = () => textForm((v) => DOCKER_HOST.pattern.test(v), DOCKER_HOST.allowed, DOCKER_HOST.remedy);

/** An image with an exact tag or digest. */
export const imageForm = () => textForm((v) => IMAGE.pattern.test(v), IMAGE.allowed, IMAGE.remedy);

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
export const timeZone = () => textForm(isTimeZone, "a name of the IANA database", "write America/Santiago or UTC");

/** A database of InfluxDB. */
export const database = () =>
  matching(/^[A-Za-z][A-Za-z0-9._-]*$/, "letters, digits, dots, hyphens and underscores after a letter", "rename it");
