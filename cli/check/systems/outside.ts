/** Looks at a site from outside, as its clients do: DNS, and the certificate that a server shows. */
import { lookup } from "node:dns/promises";
import type { X509Certificate } from "node:crypto";
import { isIP } from "node:net";
import { connect } from "node:tls";
import { messageOf, UserError } from "../../../ground/errors";

/** Milliseconds in which a server must have shown its certificate. */
const PATIENCE = 5000;

/** What a server showed. */
export interface Shown {
  readonly certificate: X509Certificate;
  /** Why Node.js does not trust it, as OpenSSL calls it; undefined where it does. */
  readonly distrust?: string;
}

/** What is asked from outside; tests put fakes in its place. */
export interface Outside {
  /** Addresses to which a name leads. @throws where it leads nowhere. */
  addresses(name: string): Promise<string[]>;
  /**
   * The certificate of a server.
   *
   * @param authorities - certificates of those who may sign it, in PEM; undefined for those that Node.js trusts
   * @throws {UserError} where it does not show one in time.
   */
  certificate(server: Server, authorities: readonly string[] | undefined, signal: AbortSignal): Promise<Shown>;
}

/** A server, as its clients name it. */
export interface Server {
  readonly host: string;
  readonly port: number;
  /** Address to which its name leads. */
  readonly address: string;
}

/** Browsers and curl lead these names to their own machine without asking (RFC 6761), and not every resolver does. */
const isOwn = (name: string): boolean => name === "localhost" || name.endsWith(".localhost");

/** From this machine. */
export const OUTSIDE: Outside = {
  async addresses(name) {
    if (isOwn(name)) return ["127.0.0.1"];
    return (await lookup(name, { all: true })).map(({ address }) => address);
  },
  certificate: shownBy,
};

function shownBy(
  { host, port, address }: Server,
  authorities: readonly string[] | undefined,
  signal: AbortSignal,
): Promise<Shown> {
  return new Promise((resolve, reject) => {
    const name = isIP(host) === 0 ? { servername: host } : {};
    const ca = authorities === undefined ? {} : { ca: [...authorities] };
    // What is wrong with it is a result.
    const socket = connect({ host: address, port, ...name, ...ca, rejectUnauthorized: false }, () => {
      const certificate = socket.getPeerX509Certificate();
      const error: unknown = socket.authorizationError;
      const distrust = error instanceof Error ? error.message : (error as string | null | undefined);
      end();
      if (!certificate) reject(new UserError("it shows no certificate"));
      else resolve({ certificate, ...(socket.authorized || !distrust ? {} : { distrust }) });
    });
    const fail = (error: Error) => {
      end();
      reject(error);
    };
    const late = () => fail(new UserError(`it shows no certificate within ${PATIENCE / 1000} s`));
    const timer = setTimeout(late, PATIENCE);
    const ended = () => fail(signal.reason as Error);
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", ended);
      socket.destroy();
    };
    signal.addEventListener("abort", ended, { once: true });
    socket.on("error", (error: Error) => fail(new UserError(connectionProblem(error))));
    socket.on("close", () => fail(new UserError("it closes the connection without a certificate")));
  });
}

/** Why a connection failed; of OpenSSL's errors the part that people can read. */
function connectionProblem(error: Error & { readonly reason?: string }): string {
  return error.reason === undefined ? messageOf(error) : `no TLS there: ${error.reason}`;
}
