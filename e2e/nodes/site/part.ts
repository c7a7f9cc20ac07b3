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
