/** Images that the objects of a site name: those of its pods, and those that operators are told to start. */
import type { Json } from "../../synthesized/stack";
import { type OwnedObject, textsIn, visitTexts } from "./objects";

/** An image, and who names it. */
export interface NamedImage {
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
      const found: string[] = [];
      visitTexts(object, (key, value) => {
        if (key === "image" && typeof value === "string" && value !== "") found.push(value);
        if (["env", "args", "command"].includes(key))
          found.push(...textsIn(value).flatMap((text) => text.match(REFERENCE) ?? []));
      });
      const config = object.kind === "ConfigMap" ? textsIn(object["data"]) : [];
      for (const text of config)
        for (const [, image = ""] of text.matchAll(/^\s*image: *"?([^\s"]+)"?$/gm)) found.push(image);
      return [...new Set(found)].map((image) => ({ owner: `${owner}: ${object.kind} ${object.metadata.name}`, image }));
    });
}

/** Images that Docker starts: those of the cluster layer. */
export function dockerImages(resources: readonly { address: string; type: string; body: Json }[]): NamedImage[] {
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
