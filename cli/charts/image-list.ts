/** The list of images that a site without internet needs, and the inputs that name further images. */
import { IMAGES, image, type ImageName } from "../../ground/versions";
import type { Stack } from "../shared/site/program";
import { dockerImages, fullName, imagesIn, inputOf } from "./images";
import type { OwnedObject } from "./objects";

/** Images of some sites. */
export interface ImageList {
  /** In full, each once, sorted. */
  readonly images: readonly string[];
  /** Images that a site's operator names: the input, and the sites that ask for it. */
  readonly inputs: readonly string[];
}

/** Every image of the catalogue, of the stacks and of the charts' objects. */
export function imageList(stacks: readonly Stack[], objects: ReadonlyMap<string, readonly OwnedObject[]>): ImageList {
  const catalogue = (Object.keys(IMAGES) as ImageName[]).map((name) => ({ site: "", image: image(name) }));
  const found = [
    ...catalogue,
    ...[...objects].flatMap(([site, all]) => imagesIn(all).map((one) => ({ site, image: one.image }))),
    ...stacks.flatMap((stack) =>
      dockerImages(stack.resources()).map((one) => ({ site: stack.site, image: one.image })),
    ),
  ];
  const inputs = found.flatMap(({ site, image: one }) => {
    const input = inputOf(one);
    return input === undefined ? [] : [`${site}: the image that the input ${input} names (TF_VAR_${input})`];
  });
  const fixed = found.filter(({ image: one }) => inputOf(one) === undefined && !one.includes("${"));
  return {
    images: [...new Set(fixed.map((one) => fullName(one.image)))].sort(),
    inputs: [...new Set(inputs)].sort(),
  };
}

const K3S =
  "k3s starts images of its own (pause, coredns, metrics-server, klipper-lb): load its release's k3s-airgap-images archive";

/** The list as a file: one image a line, notes behind a #. */
export function imageListText({ images, inputs }: ImageList): string {
  const notes = [K3S, ...inputs];
  return `${notes.map((note) => `# ${note}`).join("\n")}\n${images.join("\n")}\n`;
}
