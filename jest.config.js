const MICROMARK = "micromark[^/]*|decode-named-character-reference|character-entities|devlop";

/** Types are checked by `npm run lint`; here swc only takes them away. @type {import("jest").Config} */
module.exports = {
  testEnvironment: "node",
  testMatch: ["**/__tests__/**/*.test.ts"],
  modulePathIgnorePatterns: ["<rootDir>/cdktf.out/", "<rootDir>/.state/", "<rootDir>/.access/"],
  transform: {
    "^.+\\.ts$": ["@swc/jest", { jsc: { target: "es2022", parser: { syntax: "typescript" } } }],
    // The reader of Markdown is there as ES modules only.
    [`node_modules/(${MICROMARK})/.+\\.js$`]: ["@swc/jest", { module: { type: "commonjs" } }],
  },
  transformIgnorePatterns: [`/node_modules/(?!(${MICROMARK}))`],
  globalSetup: "<rootDir>/__tests__/support/global-setup.ts",
  globalTeardown: "<rootDir>/__tests__/support/global-teardown.ts",
  testTimeout: 60_000,
  maxWorkers: 2,
};
