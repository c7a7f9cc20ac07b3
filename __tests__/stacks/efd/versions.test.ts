import { stack } from "../../support/sites";
import { at, TABLE, upperLayers, valuesUnder } from "../support";

const everyLayer = (site: string) => [stack(site, "cluster"), ...upperLayers(site)];

describe("versions", () => {
  test.each(TABLE)("EFD-55: %s has nothing of Helm 2", (site) => {
    for (const view of everyLayer(site)) expect(view.text).not.toMatch(/tiller/i);
  });

  test.each(TABLE)("EFD-64: %s pins every chart", (site) => {
    for (const { name, body } of upperLayers(site).flatMap((view) => view.releases()))
      expect([name, body["version"]]).toEqual([name, expect.stringMatching(/^v?\d+\.\d+\.\d+$/)]);
  });

  test.each(TABLE)("EFD-64: %s pins every image", (site) => {
    const images = everyLayer(site).flatMap((view) => [
      ...valuesUnder(view.json.resource, "image").filter((one) => typeof one === "string" && !one.startsWith("${")),
      ...view.resources("docker_image").map(({ body }) => body["name"]),
      ...view
        .releases()
        .flatMap(({ values }) => valuesUnder(values, "image"))
        .map((one) =>
          typeof one === "string" ? one : `${String(at(one, "repository"))}:${String(at(one, "tag") ?? "")}`,
        ),
    ]);
    expect(images.length).toBeGreaterThan(10);
    for (const image of images.filter((one) => one !== "${var.connect_image}"))
      expect(image).toMatch(/^[a-z0-9.-]+(\/[a-z0-9._-]+)+:v?\d+\.\d+\.\d+(-[a-z0-9.-]+)?$/);
    for (const view of everyLayer(site)) expect(view.text).not.toMatch(/:latest\b/);
  });

  test.each(TABLE)("EFD-64: %s pins Terraform's providers exactly", (site) => {
    for (const view of everyLayer(site)) {
      const providers = Object.entries(view.json.terraform?.required_providers ?? {});
      expect(providers.length).toBeGreaterThan(0);
      for (const [name, { version }] of providers)
        expect([name, version]).toEqual([name, expect.stringMatching(/^\d+\.\d+\.\d+$/)]);
    }
  });
});
