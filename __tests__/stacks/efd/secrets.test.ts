import { stack } from "../../support/sites";
import { at, customResource, factsOf, TABLE, texts, upperLayers, valuesUnder, WITH_GIVEN } from "../support";

const everyLayer = (site: string) => [stack(site, "cluster"), ...upperLayers(site)];

describe("secrets", () => {
  test.each(TABLE)("EFD-54: %s asks for no input but secrets, each ephemeral and without default", (site) => {
    const variables = everyLayer(site)
      .flatMap((view) => Object.entries(view.json.variable ?? {}))
      // Where the state is, is no secret: EFD-56. What nobody documented is none either.
      .filter(([name]) => name !== "state_bucket" && !factsOf(site).inputs?.includes(name));
    expect(variables.map(([name]) => name).sort()).toEqual([
      ...(WITH_GIVEN.includes(site) ? ["tls_chain", "tls_key"] : []),
      ...(factsOf(site).vault ? ["vault_token"] : []),
    ]);
    for (const [, variable] of variables) {
      expect(variable).toMatchObject({ type: "string", sensitive: true, ephemeral: true, nullable: false });
      expect(variable).not.toHaveProperty("default");
      expect(String(variable["description"]).length).toBeGreaterThan(20);
    }
  });

  test.each(TABLE)("EFD-54: %s asks for what nobody documented, each described and without default", (site) => {
    const { inputs = [] } = factsOf(site);
    const found = new Map(everyLayer(site).flatMap((view) => Object.entries(view.json.variable ?? {})));
    for (const name of inputs) {
      expect([name, found.get(name)]).toMatchObject([name, { type: "string", nullable: false }]);
      expect(found.get(name)).not.toHaveProperty("default");
      expect(String(found.get(name)?.["description"]).length).toBeGreaterThan(20);
      // What is given wrongly is refused by Terraform, with what is allowed.
      expect(at(found.get(name), "validation.0.condition")).toContain(`var.${name}`);
      expect(at(found.get(name), "validation.0.error_message")).toMatch(/^allowed /);
    }
  });

  test.each(TABLE)("EFD-54: %s has no forty hexadecimal digits and no PEM", (site) => {
    for (const view of everyLayer(site))
      expect(
        texts(view.json).filter(
          (text) => /(?<![0-9a-f])[0-9a-f]{40}(?![0-9a-f])/i.test(text) || /-----BEGIN/.test(text),
        ),
      ).toEqual([]);
  });

  test.each(TABLE)("EFD-54: %s uses an ephemeral input in write-only attributes only", (site) => {
    for (const view of upperLayers(site))
      for (const { address, body } of view.resources()) {
        const others = texts({ ...body, data_wo: undefined });
        const found = others.flatMap((text) =>
          [...text.matchAll(/\$\{var\.([a-z_]+)\}/g)].map(([, name]) => name ?? ""),
        );
        expect([address, found.filter((name) => !factsOf(site).inputs?.includes(name))]).toEqual([address, []]);
      }
  });

  /** argocd-efd 2021-09: keys of each secret and where it goes, as far as it is built. */
  const TARGETS = [
    ["influxdb-auth", "influxdb", { "influxdb-user": "influxdb-user", "influxdb-password": "influxdb-password" }],
    ["influxdb-auth", "kapacitor", { "influxdb-user": "influxdb-user", "influxdb-password": "influxdb-password" }],
    ["telegraf-secret", "influxdb", { password: "password" }],
  ] as const;

  test.each(TABLE.filter((site) => factsOf(site).vault))(
    "EFD-62: %s reads the secrets of argocd-efd 2021-09 by its path",
    (site) => {
      const { vault = "" } = factsOf(site);
      const secrets = upperLayers(site).flatMap((view) => view.customResources("ExternalSecret"));
      for (const [name, namespace, keys] of TARGETS) {
        const [found] = secrets.filter(({ metadata }) => metadata.name === name && metadata.namespace === namespace);
        expect(at(found?.spec, "data")).toEqual(
          Object.entries(keys).map(([secretKey, property]) => ({
            secretKey,
            remoteRef: { key: `${vault}/${name}`, property },
          })),
        );
      }
      for (const { metadata, spec } of secrets) {
        if (at(spec, "secretStoreRef.name") === "given") continue;
        // Nobody outside knows the setup's own account: it is generated at every site.
        if (metadata.name === "influxdb-setup") continue;
        const references = at(spec, "data") as { remoteRef: { key: string } }[];
        expect(references.length).toBeGreaterThan(0);
        for (const { remoteRef } of references)
          expect(remoteRef.key).toMatch(new RegExp(`^${vault.replaceAll(".", "\\.")}/[a-z0-9-]+$`));
      }
    },
  );

  test.each(TABLE.filter((site) => factsOf(site).vault))(
    "EFD-62: %s takes Chronograf's login from chronograf-oauth",
    (site) => {
      const { vault = "" } = factsOf(site);
      const efd = stack(site, "efd");
      const found = customResource(efd, "ExternalSecret", "chronograf");
      expect(found.metadata.namespace).toBe("chronograf");
      const sources = (at(found.spec, "data") as { secretKey: string; remoteRef: Record<string, string> }[]).map(
        ({ secretKey, remoteRef }) => [secretKey, remoteRef["key"], remoteRef["property"]],
      );
      // argocd-efd 2021-09: which variable takes which key.
      expect(sources).toEqual(
        expect.arrayContaining([
          ["TOKEN_SECRET", `${vault}/chronograf-oauth`, "token_secret"],
          ["GH_CLIENT_ID", `${vault}/chronograf-oauth`, "gh_client_id"],
          ["GH_CLIENT_SECRET", `${vault}/chronograf-oauth`, "gh_client_secret"],
          ["GH_ORGS", `${vault}/chronograf-oauth`, "gh_orgs"],
        ]),
      );
      const values = efd.releases().find(({ body }) => body["chart"] === "chronograf")?.values;
      expect(values?.["envFromSecret"]).toBe("chronograf");
    },
  );

  test.each(TABLE)("EFD-62: %s makes every Secret that a workload names, in the workload's namespace", (site) => {
    for (const view of upperLayers(site)) {
      const made = new Set(
        upperLayers(site).flatMap((one) => [
          ...one
            .customResources("ExternalSecret")
            .map(({ metadata, spec }) => `${metadata.namespace}/${String(at(spec, "target.name"))}`),
          ...one
            .resources("kubernetes_secret_v1")
            .map(({ body }) => `${String(at(body, "metadata.namespace"))}/${String(at(body, "metadata.name"))}`),
        ]),
      );
      const named = [
        ...view
          .resources()
          .filter(({ type }) => /_(deployment|job|cron_job)_v1$/.test(type))
          .flatMap(({ body }) =>
            valuesUnder(body, "secret_key_ref").map(
              (one) => `${String(at(body, "metadata.namespace"))}/${String(at(one, "name"))}`,
            ),
          ),
        ...view
          .releases()
          .flatMap(({ namespace, values }) =>
            values["resources"] && Array.isArray(values["resources"])
              ? []
              : [
                  ...valuesUnder(values, "secretKeyRef").map((one) => `${namespace}/${String(at(one, "name"))}`),
                  ...["existingSecret", "envFromSecret"].flatMap((key) =>
                    valuesUnder(values, key).map((one) => `${namespace}/${String(one)}`),
                  ),
                ],
          ),
        ...view
          .customResources("KafkaUser")
          .flatMap(({ metadata, spec }) =>
            valuesUnder(spec, "secretKeyRef").map((one) => `${metadata.namespace}/${String(at(one, "name"))}`),
          ),
      ];
      expect(named.filter((one) => !made.has(one))).toEqual([]);
    }
  });
});
