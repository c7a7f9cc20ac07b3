const MICROMARK = "micromark[^/]*|decode-named-character-reference|character-entities|devlop";
// js-yaml and zod are not among them: they ask whether an object is a plain one of the realm that they were loaded in.
const SHARED = "cdktf|constructs|@cdktf/provider-[^/]+";

/** Types are checked by `npm run lint`; here swc only takes them away. @type {import("jest").Config} */
module.exports = {
  testEnvironment: "<rootDir>/tools/jest/environment.cjs",
  testMatch: ["**/__tests__/**/*.test.ts"],
  modulePathIgnorePatterns: ["<rootDir>/cdktf.out/", "<rootDir>/.state/", "<rootDir>/.access/"],
  transform: {
    "^.+\\.ts$": ["@swc/jest", { jsc: { target: "es2022", parser: { syntax: "typescript" } } }],
    [`node_modules/(${SHARED})/.+\\.js$`]: "<rootDir>/tools/jest/shared-package.cjs",
    // The reader of Markdown is there as ES modules only.
    [`node_modules/(${MICROMARK})/.+\\.js$`]: ["@swc/jest", { module: { type: "commonjs" } }],
  },
  transformIgnorePatterns: [`/node_modules/(?!(${MICROMARK}|${SHARED})/)`],
  // The package is there as ES modules, which Jest does not load, and beside them in a form for browsers, which it does.
  moduleNameMapper: { "^(d3-[^/]+|internmap)$": "<rootDir>/node_modules/$1/dist/$1.js" },
  globalSetup: "<rootDir>/__tests__/support/global-setup.ts",
  globalTeardown: "<rootDir>/__tests__/support/global-teardown.ts",
  testTimeout: 180_000,
  maxWorkers: 2,
};
