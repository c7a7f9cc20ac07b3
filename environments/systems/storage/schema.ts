/** The form of storage: classes of volumes. */
import { z } from "zod";
import * as form from "../../values/forms";
import type { SiteOf } from "../../values/system";

/** SQR-031; our own class of that name keeps released volumes. */
export const CLASS_NAME = "local-path";

const storageClass = z.strictObject({
  name: form.kubernetesNameForm(),
  hostPath: form
    .hostPath()
    .optional()
    .describe(
      "Folder of the hosts that holds the data of this class's volumes, for local-path; the cluster's when left out",
    ),
});

/** The storage's section of a site's file. */
export const schema = {
  storage: z
    .strictObject({
      className: form.kubernetesNameForm().default(CLASS_NAME).describe("Class of every volume that names no other"),
      classes: z.array(storageClass).default([]).describe("More classes, for whatever names one"),
    })
    .prefault({}),
};

/** What a site's file says of its storage. */
export type StorageSite = SiteOf<typeof schema>;

/** Names of the classes that a site has. */
export function classesOf({ storage }: StorageSite): string[] {
  return [storage.className, ...storage.classes.map(({ name }) => name)];
}
