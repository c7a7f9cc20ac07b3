/** Programs of the site whose image may be another one than the public one. */

/** A program: its image is the one that packages give, one from the folder of images, or a stub. */
export type Part =
  | "local-path-provisioner"
  | "external-secrets"
  | "cert-manager"
  | "strimzi"
  | "kafka"
  | "traefik"
  | "influxdb"
  | "registry"
  | "telegraf"
  | "chronograf"
  | "kapacitor";

/** Whether nothing but a stub answers in a program's place; another version or build of it is none. */
export const isStub = ({ simulated }: { readonly simulated: ReadonlyMap<Part, string> }, part: Part): boolean =>
  simulated.get(part)?.includes(" is a stub") ?? false;
