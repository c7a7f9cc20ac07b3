/** How people log in to web pages. */
import { z } from "zod";
import type { SiteOf, System } from "../values/system";

const schema = {
  login: z
    .enum(["none", "github"])
    .describe("How people log in to Chronograf; the secret chronograf-oauth names the GitHub organization"),
};

/** What a site's file says of the login. */
export type LoginSite = SiteOf<typeof schema>;

/** How people log in. */
export const login = {
  schema,
  foreignAccounts: ({ login }) => (login === "github" ? ["login github needs a GitHub application"] : []),
} satisfies System<LoginSite>;
