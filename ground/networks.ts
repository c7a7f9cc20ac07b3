/** IPv4 addresses and networks: functions that read and compare them, nothing else. */

/** All addresses from `first` to `last`, as numbers. */
export interface Network {
  readonly first: number;
  readonly last: number;
  /** Length of the prefix, 0–32. */
  readonly prefix: number;
}

/** An IPv4 address as a number; undefined where the text is none. */
export function addressNumber(text: string): number | undefined {
  const octets = /^\d{1,3}(\.\d{1,3}){3}$/.test(text) ? text.split(".").map(Number) : [];
  return octets.length === 4 && octets.every((octet) => octet <= 255)
    ? octets.reduce((sum, octet) => sum * 256 + octet, 0)
    : undefined;
}

/** The text of an address. */
export function addressText(number: number): string {
  return [24, 16, 8, 0].map((bits) => Math.floor(number / 2 ** bits) % 256).join(".");
}

/** A network such as `10.42.0.0/16`; undefined where the text is none or has bits behind its prefix. */
export function network(cidr: string): Network | undefined {
  const [, address = "", length = ""] = /^([\d.]+)\/(0|[1-9]\d?)$/.exec(cidr) ?? [];
  const [first, prefix] = [addressNumber(address), Number(length)];
  if (first === undefined || length === "" || prefix > 32) return undefined;
  const size = 2 ** (32 - prefix);
  return first % size === 0 ? { first, last: first + size - 1, prefix } : undefined;
}

/** Whether two networks have an address in common. */
export function overlap(a: Network, b: Network): boolean {
  return a.first <= b.last && b.first <= a.last;
}

/** Whether an address lies in a network. */
export function holds({ first, last }: Network, address: number): boolean {
  return address >= first && address <= last;
}
