/** Images that the objects of a site name: those of its pods, and those that operators are told to start; the list of them. */
import { IMAGES, image as catalogueImage, type ImageName } from "../../ground/versions";
import { fieldsIn, type Json } from "../../synthesized/stack";
import type { Stack } from "../shared/site/program";
import { type OwnedObject, textsIn } from "./objects";

/** An image, and who names it. */
interface NamedImage {
  readonly owner: string;
  /** As it is written. */
  readonly image: string;
}

/** A registry's host, a path and a tag or digest, inside an argument or a variable. */
const REFERENCE =
  /(?<![\w./:@-])(?:[a-z0-9-]+\.)+[a-z]{2,}(?::\d+)?(?:\/[a-z0-9][\w.-]*)+(?::[\w][\w.-]*|@sha256:[0-9a-f]{64})(?![\w/:@-])/g;

/** Every image in these objects. */
export function imagesIn(all: readonly OwnedObject[]): NamedImage[] {
  return all
    .filter(({ object }) => object.kind !== "CustomResourceDefinition")
    .flatMap(({ owner, object }) => {
      const found = fieldsIn(object).flatMap(({ key, value }) => {
        if (key === "image" && typeof value === "string" && value !== "") return [value];
        if (!["env", "args", "command"].includes(key)) return [];
        return textsIn(value).flatMap((text) => text.match(REFERENCE) ?? []);
      });
      const config = object.kind === "ConfigMap" ? textsIn(object["data"]) : [];
      for (const text of config)
        for (const [, image = ""] of text.matchAll(/^\s*image: *"?([^\s"]+)"?$/gm)) found.push(image);
      return [...new Set(found)].map((image) => ({ owner: `${owner}: ${object.kind} ${object.metadata.name}`, image }));
    });
}

/** Images that Docker starts: those of the cluster layer. */
function dockerImages(resources: readonly { address: string; type: string; body: Json }[]): NamedImage[] {
  return resources
    .filter(({ type }) => type === "docker_image")
    .map(({ address, body }) => ({ owner: address, image: String(body["name"]) }));
}

/** An image with registry and path in full, as a mirror must name it. */
export function fullName(image: string): string {
  const [first = "", ...rest] = image.split("/");
  const hub = rest.length === 0 || !/[.:]|^localhost$/.test(first);
  const path = first === "docker.io" ? rest.join("/") : image;
  if (!hub && first !== "docker.io") return image;
  return `docker.io/${path.includes("/") ? path : `library/${path}`}`;
}

/** The required input of a site that names an image; undefined where the image is written down. */
export function inputOf(image: string): string | undefined {
  return /\$\{var\.([\w-]+)\}/.exec(image)?.[1];
}

/** Images of some sites. */
interface ImageList {
  /** In full, each once, sorted. */
  readonly images: readonly string[];
  /** Images that a site's operator names: the input, and the sites that ask for it. */
  readonly inputs: readonly string[];
}

/** Every image of the catalogue, of the stacks and of the charts' objects. */
export function imageList(stacks: readonly Stack[], objects: ReadonlyMap<string, readonly OwnedObject[]>): ImageList {
  const catalogue = (Object.keys(IMAGES) as ImageName[]).map((name) => ({ site: "", image: catalogueImage(name) }));
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
