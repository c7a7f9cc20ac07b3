/** What a machine says of its network, its file systems and its firewall, read from the texts in which it says it. */
import { addressNumber, holds, type Network } from "../../../ground/networks";

/** A way that packets of a machine take. */
export interface MachineRoute extends Network {
  /** Network card. */
  readonly card: string;
  /** Whether the machine has an address in it, so that packets need no gateway. */
  readonly direct: boolean;
}

/** Addresses and routes of a machine, IPv4. */
export interface MachineNetwork {
  readonly routes: readonly MachineRoute[];
  readonly addresses: readonly number[];
}

/** Files in which Linux tells its routes and its own addresses. */
export const NETWORK_FILES = ["/proc/net/route", "/proc/net/fib_trie"];

/** Four bytes as Linux writes them there: the last one first. */
function reversed(hex: string): number {
  return (hex.match(/../g) ?? []).reduceRight((sum, byte) => sum * 256 + parseInt(byte, 16), 0);
}

/** Reads `/proc/net/route` and `/proc/net/fib_trie`; undefined where the text is neither. */
export function machineNetwork(text: string): MachineNetwork | undefined {
  const lines = text.matchAll(/^(\S+)\t([0-9A-F]{8})\t([0-9A-F]{8})\t[0-9A-F]{4}\t\d+\t\d+\t\d+\t([0-9A-F]{8})\t/gm);
  const routes = [...lines].map(([, card = "", destination = "", gateway = "", mask = ""]) => {
    const [first, size] = [reversed(destination), 2 ** 32 - reversed(mask)];
    return { card, first, last: first + size - 1, prefix: 32 - Math.log2(size), direct: gateway === "00000000" };
  });
  const own = [...text.matchAll(/\|-- ([\d.]+)\n\s+\/32 host LOCAL/g)].map(([, address = ""]) =>
    addressNumber(address),
  );
  const addresses = [...new Set(own.filter((one) => one !== undefined))];
  return routes.length + addresses.length > 0 ? { routes, addresses } : undefined;
}

/** The card that has an address; undefined where that cannot be told. */
export function cardOf({ routes }: MachineNetwork, address: number): string | undefined {
  return routes
    .filter((one) => one.direct && one.prefix > 0 && holds(one, address))
    .toSorted((a, b) => b.prefix - a.prefix)[0]?.card;
}

/** The card of the default route. */
export function defaultCardOf({ routes }: MachineNetwork): string | undefined {
  return routes.find(({ prefix }) => prefix === 0)?.card;
}

/** A file system and where it is mounted. */
export interface Mount {
  readonly at: string;
  readonly type: string;
}

/** File in which Linux tells what is mounted where. */
export const MOUNTS_FILE = "/proc/self/mountinfo";

/** The file system of a folder, of those in `/proc/self/mountinfo`; undefined where that is not its text. */
export function mountOf(mountInfo: string, folder: string): Mount | undefined {
  const mounts = [...mountInfo.matchAll(/^\d+ \d+ \d+:\d+ \S+ (\S+) .* - (\S+) /gm)].map(([, at = "", type = ""]) => ({
    at: at.replace(/\\([0-7]{3})/g, (_all, octal: string) => String.fromCharCode(parseInt(octal, 8))),
    type,
  }));
  // A later mount covers an earlier one of the same place.
  return mounts
    .filter(({ at }) => at === "/" || `${folder}/`.startsWith(`${at}/`))
    .reduce<Mount | undefined>((best, one) => (best && best.at.length > one.at.length ? best : one), undefined);
}

/** The certificates in a text. */
export function certificatesIn(pem: string): string[] {
  return pem.replaceAll("\r", "").match(/-{5}BEGIN CERTIFICATE-{5}[^-]+-{5}END CERTIFICATE-{5}/g) ?? [];
}
