/**
 * The one source of the rules on imports; `npm run lint` applies it, and refuses folders that import one another in a
 * cycle besides (tools/lint/imports.ts). Imports of types count.
 */

/** What a room may import of ours, besides itself: beginnings of paths. A room within a room has its own line only. */
const MAY_IMPORT = {
  ground: [],
  synthesized: ["ground/"],
  "environments/values": ["ground/"],
  "environments/general": ["ground/", "environments/values/"],
  "environments/systems": ["ground/", "environments/(values|general)/"],
  "environments/sites": ["ground/", "environments/(?!index\\.ts)"],
  environments: ["ground/"],
  "constructs/core": ["ground/", "synthesized/(text|yaml)\\.ts", "environments/(values|systems|general)/"],
  constructs: ["ground/", "synthesized/(text|yaml)\\.ts", "environments/(values|systems|general)/"],
  stacks: ["ground/", "synthesized/", "environments/(?!sites/|index\\.ts)", "constructs/"],
  review: ["ground/", "synthesized/"],
  "cli/shared": ["ground/", "synthesized/", "environments/", "constructs/", "stacks/", "review/"],
  "cli/rehearse": ["ground/", "synthesized/", "environments/", "review/", "cli/shared/", "e2e/rehearsal/"],
  cli: ["ground/", "synthesized/", "environments/", "constructs/", "stacks/", "review/"],
  e2e: ["ground/", "synthesized/", "environments/", "constructs/", "stacks/", "review/", "cli/(?!index\\.ts)"],
  tools: ["ground/", "synthesized/", "environments/", "constructs/", "stacks/", "review/", "cli/shared/"],
  "\\.github/scripts": ["ground/", "synthesized/", "environments/", "review/", "cli/shared/"],
};

const rooms = Object.keys(MAY_IMPORT);
const OURS = `^(main\\.ts|${rooms.filter((room) => !room.includes("/") || room.startsWith("\\")).join("|")}|__tests__)`;

const roomRules = Object.entries(MAY_IMPORT).map(([room, allowed]) => ({
  name: room.replace("\\", ""),
  comment: `${room} may import ${[`${room}/`, ...allowed].join(", ")}`,
  severity: "error",
  from: {
    path: `^${room}/`,
    pathNot: rooms.filter((other) => other.startsWith(`${room}/`)).map((other) => `^${other}/`),
  },
  to: { path: OURS, pathNot: [room, ...allowed].map((start) => (start === room ? `^${room}/` : `^${start}`)) },
}));

/** @type {import("dependency-cruiser").IConfiguration} */
module.exports = {
  forbidden: [
    ...roomRules,
    {
      name: "environments know sites in their list only",
      comment: "only environments/index.ts, and main.ts and the commands by it, know which sites there are",
      severity: "error",
      from: { path: "^environments/", pathNot: "^environments/(index\\.ts|sites/)" },
      to: { path: "^environments/(index\\.ts|sites/)" },
    },
    {
      name: "commands apart",
      comment: "a command imports no other command: move what both need to cli/shared",
      severity: "error",
      from: { path: "^cli/([^/]+)/" },
      to: { path: "^cli/", pathNot: "^cli/(shared|$1)/" },
    },
    {
      name: "main.ts",
      comment:
        "main.ts may import environments/index.ts, environments/parse.ts, environments/derived/notes.ts, stacks/site.ts, cli/site-files.ts and ground/errors.ts",
      severity: "error",
      from: { path: "^main\\.ts$" },
      to: {
        path: OURS,
        pathNot: "^(environments/(index|parse|derived/notes)|stacks/site|cli/site-files|ground/errors)\\.ts$",
      },
    },
    {
      name: "nobody imports main.ts",
      comment: "main.ts is a program: other code runs it and does not import it",
      severity: "error",
      from: {},
      to: { path: "^main\\.ts$" },
    },
    {
      name: "no cycle",
      comment: "files import one another in a cycle",
      severity: "error",
      from: {},
      to: { circular: true },
    },
    {
      name: "one file of a provider",
      comment:
        "import the one file below lib/ (@cdktf/provider-helm/lib/release): a whole provider costs seconds to load",
      severity: "error",
      from: {},
      to: { path: "node_modules/@cdktf/provider-[^/]+/(lib/)?index\\.(d\\.ts|js)$" },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
  },
};
