/**
 * Connections to brokers by Kafka's own protocol, one for each broker, over streams that somebody else opens. Addresses
 * that brokers advertise are never dialled: they lead nowhere from outside their cluster.
 */
import type * as Package from "@platformatic/kafka";
import type { Duplex } from "node:stream";
import { messageOf, UserError } from "../../../ground/errors";

/** How this program logs in to brokers: by a certificate. */
interface KafkaTls {
  /** Authority of the brokers' certificates, in PEM. */
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
  /** Name that each broker's certificate must have. */
  readonly servername: string;
}

/** Ways to the brokers. */
export interface BrokerWays {
  /** Ids of the brokers that can be asked, the first to be asked first; at least one. */
  ids(): Promise<readonly number[]>;
  /** A new stream to the listener of a broker. */
  open(id: number): Promise<Duplex>;
  readonly tls: KafkaTls;
  /** Ends every request. */
  readonly signal: AbortSignal;
}

/** The package, loaded when it is needed: it takes some 100 modules. */
type Library = typeof Package;
type Connection = Package.Connection;

/** A call of one of Kafka's APIs. */
type Call<T> = (connection: Connection, library: Library) => Promise<T>;

/** Longest time of a request and of a handshake, in milliseconds: a broker that works answers at once. */
const PATIENCE = 6000;

/** What answers carry that are right in parts: their errors are of single topics, partitions or groups. */
function partialAnswer(error: unknown): unknown {
  return error instanceof Error && error.name !== "UserError" ? (error as { response?: unknown }).response : undefined;
}

/** Why a request failed: the innermost reason that the package keeps. */
function reasonOf(error: unknown): string {
  const { cause, errors } = error as { cause?: unknown; errors?: unknown[] };
  if (Array.isArray(errors) && errors.length > 0) return reasonOf(errors[0]);
  return cause instanceof Error ? reasonOf(cause) : messageOf(error);
}

/** Connections to the brokers of a cluster, opened when they are needed. */
export class KafkaConnections {
  private readonly open = new Map<number, Promise<Connection>>();
  private readonly streams: Duplex[] = [];
  /** Brokers that did not answer, which are asked last from then on. */
  private readonly silent = new Set<number>();

  constructor(private readonly ways: BrokerWays) {}

  /**
   * Asks a broker. Answers that are right in parts are answers.
   *
   * @throws {UserError} when it does not answer.
   */
  async ask<T>(id: number, call: Call<T>): Promise<T> {
    const library = await import("@platformatic/kafka");
    try {
      return await this.untilAborted(this.connection(id, library).then((connection) => call(connection, library)));
    } catch (error) {
      const partial = partialAnswer(error);
      if (partial !== undefined) return partial as T;
      this.open.delete(id);
      this.silent.add(id);
      if (error instanceof UserError) throw error;
      // Its words were not understood; it works.
      const isUnreadable = (error as { code?: unknown }).code === "PLT_KFK_UNSUPPORTED_COMPRESSION";
      throw new UserError(
        `Kafka's broker ${id} ${isUnreadable ? "answers with what cannot be read here" : "does not answer"}: ${reasonOf(error)}`,
      );
    }
  }

  /**
   * Asks one broker after the other until one answers.
   *
   * @throws {UserError} of the first, when none does.
   */
  async askAny<T>(call: Call<T>): Promise<T> {
    let first: Error | undefined;
    const ids = await this.ways.ids();
    const order = [...ids].sort((a, b) => Number(this.silent.has(a)) - Number(this.silent.has(b)));
    for (const id of order) {
      try {
        return await this.ask(id, call);
      } catch (error) {
        this.ways.signal.throwIfAborted();
        first ??= error as Error;
      }
    }
    throw first ?? new UserError("Kafka has no broker that can be asked: none of its pods is ready");
  }

  close(): void {
    for (const stream of this.streams) stream.destroy();
    this.streams.length = 0;
    this.open.clear();
  }

  private connection(id: number, library: Library): Promise<Connection> {
    const known = this.open.get(id);
    if (known) return known;
    const made = this.connect(id, library);
    // Whoever asked gets the failure; without this line Node ends the process before a late caller asks.
    made.catch(() => undefined);
    this.open.set(id, made);
    return made;
  }

  private async connect(id: number, { Connection }: Library): Promise<Connection> {
    const stream = await this.ways.open(id);
    this.streams.push(stream);
    const { tls } = this.ways;
    const connection = new Connection("efd", {
      connectTimeout: PATIENCE,
      requestTimeout: PATIENCE,
      // With a socket of ours Node connects to none: host and port are names only.
      tls: { ...tls, socket: stream },
    });
    // Requests that wait get the error themselves.
    connection.on("error", () => undefined);
    await connection.connect(tls.servername, 0);
    return connection;
  }

  private async untilAborted<T>(asked: Promise<T>): Promise<T> {
    const { signal } = this.ways;
    signal.throwIfAborted();
    let stop = (): void => undefined;
    const aborted = new Promise<never>((_resolve, reject) => {
      stop = () => reject(signal.reason as Error);
      signal.addEventListener("abort", stop, { once: true });
    });
    asked.catch(() => undefined);
    try {
      return await Promise.race([asked, aborted]);
    } finally {
      signal.removeEventListener("abort", stop);
      if (signal.aborted) this.close();
    }
  }
}

/** What Kafka calls the error of this number. */
export async function errorText(code: number): Promise<string> {
  const { protocolErrors, protocolErrorsCodesById } = await import("@platformatic/kafka");
  const id = protocolErrorsCodesById[code] ?? `error ${code}`;
  return protocolErrors[id]?.message ?? id;
}
