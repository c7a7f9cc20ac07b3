/** Host names of a site. */

/** How a site names its hosts, as its file says it. */
export interface HostPattern {
  /** Pattern with `{app}`, `{site}` and `{domain}`. */
  readonly hostPattern: string;
  /** Name of the site. */
  readonly name: string;
  /** Domain of all names. */
  readonly domain: string;
}

/** Name of one application's host. */
export function hostOf({ hostPattern, name, domain }: HostPattern, app: string): string {
  return hostPattern.replaceAll("{app}", app).replaceAll("{site}", name).replaceAll("{domain}", domain);
}

/** What has a host name of its own beside the brokers. */
const APPS = ["influxdb", "chronograf", "schema-registry", "kafka"];

/** Every host name of a site with so many brokers. */
export function hostsOf(site: HostPattern, brokers: number): string[] {
  return [...APPS, ...Array.from({ length: brokers }, (_, i) => `kafka-${i}`)].map((app) => hostOf(site, app));
}
