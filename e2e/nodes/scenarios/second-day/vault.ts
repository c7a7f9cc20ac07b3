/** Vault as external-secrets asks it: a key-value engine of version 2, and one token that counts. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { endLater } from "../../../data-path/program";

/** Where it listens, and what is in it. */
interface VaultProps {
  /** Address on which pods reach this machine. */
  readonly address: string;
  /** Mount of the engine. */
  readonly mount: string;
  /** Path of the site below it. */
  readonly path: string;
}

/** A secret: its values by key. */
export type VaultSecret = Readonly<Record<string, string>>;

/** What it answers: the status, and the body as JSON. */
export interface VaultAnswer {
  readonly status: number;
  readonly body: unknown;
}

/** A Vault of a scenario's own. */
export class Vault {
  /** The token that counts. */
  token = "";
  /** By name. */
  secrets: ReadonlyMap<string, VaultSecret> = new Map();
  private readonly server: Server;

  private constructor(private readonly props: VaultProps) {
    this.server = createServer((asked, answer) => this.serve(asked, answer));
  }

  static async start(props: VaultProps): Promise<Vault> {
    const vault = new Vault(props);
    endLater(vault);
    await new Promise<void>((resolve, reject) => {
      vault.server.once("error", reject);
      vault.server.listen(0, props.address, resolve);
    });
    return vault;
  }

  /** Its address. */
  get url(): string {
    const there = this.server.address();
    return `http://${this.props.address}:${typeof there === "object" && there ? there.port : 0}`;
  }

  /** Answers a question. */
  answer(path: string, token: string | undefined): VaultAnswer {
    if (token !== this.token) return { status: 403, body: { errors: ["permission denied"] } };
    const { mount, path: folder } = this.props;
    if (path === "/v1/auth/token/lookup-self")
      return { status: 200, body: { data: { type: "service", ttl: 0, expire_time: null, renewable: false } } };
    const begin = `/v1/${mount}/data/${folder}/`;
    const secret = path.startsWith(begin) ? this.secrets.get(decodeURIComponent(path.slice(begin.length))) : undefined;
    return secret
      ? { status: 200, body: { data: { data: secret, metadata: { version: 1, destroyed: false } } } }
      : { status: 404, body: { errors: [] } };
  }

  private serve({ url = "", headers }: IncomingMessage, answer: ServerResponse): void {
    const { pathname } = new URL(url, "http://vault.invalid");
    const { status, body } = this.answer(pathname, headers["x-vault-token"]?.toString());
    answer.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
  }

  stop(): Promise<void> {
    this.server.closeAllConnections();
    return new Promise((resolve) => void this.server.close(() => resolve()));
  }
}
