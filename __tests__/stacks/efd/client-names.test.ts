/** Strimzi makes a Secret with the name of each account beside those of this program. */
import { client } from "../../support/bad-environments";
import { mistakesOf, siteWith } from "../../support/environment";
import { SITES } from "../../../environments";
import { stack } from "../../support/sites";
import { at } from "../../constructs/support";

/** Secrets of the namespace `kafka` that a site's stack makes or has made. */
function secretsOf(site: string): string[] {
  const view = stack(site, "efd");
  const here = (object: unknown) => at(object, "metadata.namespace") === "kafka";
  return [
    ...view
      .customResources("ExternalSecret")
      .filter(here)
      .map((one) => at(one, "spec.target.name")),
    ...view
      .customResources("Certificate")
      .filter(here)
      .map((one) => at(one, "spec.secretName")),
    ...view
      .resources("kubernetes_ingress_v1")
      .filter(({ body }) => here(body))
      .map(({ body }) => at(body, "spec.tls.0.secret_name")),
  ].map(String);
}

test("no Secret of this program can be the name of a client", () => {
  const names = SITES.flatMap((site) => {
    const own = (site.kafka.clients ?? []).map(({ name }) => `kafka-${name}`);
    return secretsOf(site.name).filter((name) => !own.includes(name));
  });
  const all = [...new Set(names)];
  expect(all).toEqual(
    expect.arrayContaining(["kafka-external-tls", "schema-registry-auth", "tls-certs", "mirror-source"]),
  );
  expect(all.filter((name) => mistakesOf(siteWith(client({ name }))).length === 0)).toEqual([]);
});
