/** How people log in to web pages. */
import { z } from "zod";
import type { SiteOf, System } from "../values/system";

const schema = {
  login: z
    .enum(["none", "github"])
    .describe("How people log in to Chronograf; the secret chronograf-oauth names the GitHub organization"),
};

/** How people log in. */
export const login = {
  schema,
  foreignAccounts: ({ login }) => (login === "github" ? ["login github needs a GitHub application"] : []),
} satisfies System<SiteOf<typeof schema>>;
