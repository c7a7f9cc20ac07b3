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
