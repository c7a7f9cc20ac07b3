import { imageLines, imagesOf, type MadeImage, simulatedParts } from "../../../../e2e/nodes/site/images";
import { IMAGES, image } from "../../../../ground/versions";
import { fieldsIn } from "../../../../synthesized/stack";
import { selectSite } from "../../../../cli/shared/site/sites";
import { SITES } from "../../../../environments";
import { allStacks } from "../../../support/sites";

const local = selectSite(SITES, "local");
const made = (name: string, kind: MadeImage["kind"], what?: string): MadeImage => ({
  image: name,
  kind,
  ...(what === undefined ? {} : { what }),
});

describe("images of local", () => {
  it("are those that its stacks name, in full, and those of its charts", () => {
    const names = imagesOf(local).map(({ name }) => name);
    const ours = allStacks().filter(({ site, layer }) => site === "local" && layer !== "cluster");
    const images = ours.flatMap(({ json }) => fieldsIn(json)).filter(({ key }) => key === "image");
    const wanted = [...new Set(images.map(({ value }) => value).filter((one) => typeof one === "string"))];
    expect(wanted.length).toBeGreaterThan(4);
    expect(wanted.filter((one) => !names.includes(one))).toEqual([]);
    expect(names).toContain(`${IMAGES.influxdb.repository}:${IMAGES.influxdb.tag}`);
    expect(new Set(names).size).toBe(names.length);
  });

  it("make a program one that is simulated unless its own image is real", () => {
    const real = imagesOf(local).map(({ name }) => made(name, "real"));
    expect(simulatedParts(imagesOf(local), real).size).toBe(0);
    const some = real.map((one) =>
      one.image === image("influxdb") ? made(one.image, "stand-in", "InfluxDB 1.6.7") : one,
    );
    const stub = some.map((one) => (one.image === image("chronograf") ? made(one.image, "stub") : one));
    expect([...simulatedParts(imagesOf(local), stub)]).toEqual([
      ["influxdb", "docker.io/library/influxdb:1.12.4 is InfluxDB 1.6.7"],
      ["chronograf", "docker.io/library/chronograf:1.11.4 is a stub: no archive of it is there"],
    ]);
    expect(simulatedParts(imagesOf(local), []).get("strimzi")).toMatch(/is a stub/);
  });

  it("are told by what they are", () => {
    expect(imageLines([made("a", "real"), made("b", "stand-in", "c"), made("d", "real")])).toEqual([
      "real:     a, d",
      "stand-in: b (c)",
      "stub:     none",
    ]);
  });
});
