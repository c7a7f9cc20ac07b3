/** How a site names its hosts. */
export interface HostNamesProps {
  /** Pattern with `{app}`, `{site}` and `{domain}`. */
  readonly pattern: string;
  /** Name of the site. */
  readonly site: string;
  /** Domain of all names. */
  readonly domain: string;
}

/** Host names of a site's services. */
export class HostNames {
  constructor(private readonly props: HostNamesProps) {}

  /** Name of one application's host: `influxdb`, `chronograf`, `schema-registry`, … */
  of(app: string): string {
    const { pattern, site, domain } = this.props;
    return pattern.replace("{app}", app).replace("{site}", site).replace("{domain}", domain);
  }

  /** Name by which clients reach the broker at this position of the site's list. */
  broker(position: number): string {
    return this.of(`kafka-${position}`);
  }

  /** Name by which clients find the brokers at first. */
  get bootstrap(): string {
    return this.of("kafka");
  }
}
