/** An authority of certificates, as cert-manager's and Strimzi's. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { run } from "../../../cli/shared/process/process";

const NEW_KEY = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];

/** A key and its certificate, PEM. */
export interface KeyPair {
  readonly key: string;
  readonly certificate: string;
}

/** What a certificate says. */
export interface Wanted {
  /** File names begin with it. */
  readonly file: string;
  readonly commonName: string;
  /** Host names. @default - none */
  readonly names?: readonly string[];
  /** First and last second, as openssl takes them: `20200101000000Z`. @default - from now for 90 days */
  readonly between?: readonly [string, string];
}

/** The authority; its files lie in a folder of its own. */
export class Authority {
  private constructor(
    private readonly folder: string,
    /** Its certificate, PEM. */
    readonly certificate: string,
  ) {}

  /** Makes one. The folder is there and empty. */
  static async make(folder: string, commonName: string): Promise<Authority> {
    const [key, crt] = [join(folder, "ca.key"), join(folder, "ca.crt")];
    const subject = ["-subj", `/CN=${commonName}`, "-days", "3650"];
    await openssl("req", "-x509", ...NEW_KEY, "-keyout", key, "-out", crt, ...subject);
    writeFileSync(join(folder, "index.txt"), "");
    writeFileSync(join(folder, "serial"), "01\n");
    return new Authority(folder, readFileSync(crt, "utf8"));
  }

  /** One that was made in this folder before; undefined where none was. */
  static in(folder: string): Authority | undefined {
    const file = join(folder, "ca.crt");
    return existsSync(file) ? new Authority(folder, readFileSync(file, "utf8")) : undefined;
  }

  /** Its own key, PEM. */
  get key(): string {
    return readFileSync(join(this.folder, "ca.key"), "utf8");
  }

  /** The authority's file. */
  get file(): string {
    return join(this.folder, "ca.crt");
  }

  /** A key and a certificate of it. */
  async certify({ file, commonName, names = [], between }: Wanted): Promise<KeyPair> {
    const at = (end: string) => join(this.folder, `${file}.${end}`);
    await openssl("req", ...NEW_KEY, "-keyout", at("key"), "-out", at("csr"), "-subj", `/CN=${commonName}`);
    const extension = names.length > 0 ? `subjectAltName=${names.map((name) => `DNS:${name}`).join(",")}\n` : "";
    writeFileSync(
      at("cnf"),
      `[ca]\ndefault_ca=a\n[a]\ndatabase=${this.folder}/index.txt\nserial=${this.folder}/serial\n` +
        `new_certs_dir=${this.folder}\ndefault_md=sha256\npolicy=p\nunique_subject=no\nx509_extensions=x\n` +
        `[p]\ncommonName=supplied\n[x]\nbasicConstraints=CA:FALSE\n${extension}`,
    );
    const when = between ? ["-startdate", between[0], "-enddate", between[1]] : ["-days", "90"];
    const authority = ["-cert", this.file, "-keyfile", join(this.folder, "ca.key"), "-config", at("cnf")];
    await openssl("ca", "-batch", "-notext", ...authority, ...when, "-in", at("csr"), "-out", at("crt"));
    const pair = { key: readFileSync(at("key"), "utf8"), certificate: readFileSync(at("crt"), "utf8") };
    writeFileSync(at("pem"), pair.key + pair.certificate);
    return pair;
  }

  /** The file with a key and its certificate. */
  pem(file: string): string {
    return join(this.folder, `${file}.pem`);
  }
}

async function openssl(...args: string[]): Promise<void> {
  const { code, stderr } = await run("openssl", args);
  if (code !== 0) throw new Error(`openssl ${args[0]}: ${stderr.trim()}`);
}
