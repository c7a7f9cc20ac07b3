import { hostOf, type HostPattern } from "../../environments/hosts";

/** Host names of a site's services. */
export class HostNames {
  constructor(private readonly pattern: HostPattern) {}

  /** Name of one application's host: `influxdb`, `chronograf`, `schema-registry`, … */
  of(app: string): string {
    return hostOf(this.pattern, app);
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
