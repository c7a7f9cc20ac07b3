/** Cases of the REST proxy. */
import { type Case, casesOf, type EditableJson } from "./case";

/** A site whose proxy may write these. */
const writing =
  (...prefixes: string[]) =>
  (site: EditableJson): void => {
    site.restProxy = { prefixes };
  };
/** A site with a proxy. */
export const proxy = writing("lsst.obsenv", "lsst.cp");

/** Every one of them. */
export const REST_PROXY_CASES: readonly Case[] = casesOf("efd", {
  "rest-proxy-comes": {
    about: "the site gets a REST proxy",
    site: proxy,
    told: [["changes access", "login of the REST proxy", "may create and write lsst.obsenv*, lsst.cp*"]],
  },
  "rest-proxy-goes": {
    about: "the REST proxy leaves the site's file",
    first: { site: proxy },
    site: () => undefined,
    told: [
      ["interrupts", "the REST proxy is deleted"],
      ["interrupts", "account rest-proxy", "deleted"],
      ["interrupts", "nothing answers at rest-proxy-"],
    ],
  },
  "rest-proxy-prefix-gone": {
    about: "the REST proxy may write fewer topics",
    first: { site: proxy },
    site: writing("lsst.cp"),
    told: [["changes access", "nobody writes lsst.obsenv* through the REST proxy"]],
  },
  "rest-proxy-one-replica": {
    about: "the REST proxy has one replica",
    first: { site: proxy },
    site: (site) => {
      proxy(site);
      site.restProxy.replicas = 1;
    },
    told: [
      ["harmless", "REST proxy", "2 to 1 replicas"],
      ["harmless", "disruption budget", "REST proxy"],
    ],
  },
});
