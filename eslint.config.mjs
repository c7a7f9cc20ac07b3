import eslint from "@eslint/js";
import jsdoc from "eslint-plugin-jsdoc";
import tseslint from "typescript-eslint";

const siteNames = (names) => [
  {
    selector: `Literal[value=/^(${names})$/]`,
    message: "Only environments/ and main.ts know a site: take a prop.",
  },
  { selector: `TemplateElement[value.raw=/^(${names})$/]`, message: "Only environments/ and main.ts know a site." },
];
const ENVIRONMENT_VARIABLES = {
  object: "process",
  property: "env",
  message: "Environment variables end in main.ts and cli/: take a prop.",
};

export default tseslint.config(
  { ignores: ["node_modules/", "cdktf.out/", ".state/", ".access/", "coverage/", "**/*.js", "**/*.mjs", "**/*.cjs"] },
  eslint.configs.recommended,
  tseslint.configs.recommendedTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: {
      "@typescript-eslint/no-floating-promises": "error",
      "@typescript-eslint/consistent-type-imports": ["error", { fixStyle: "inline-type-imports" }],
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_" }],
      // Most of what we print comes out of JSON.
      "@typescript-eslint/no-base-to-string": "off",
      eqeqeq: "error",
    },
  },
  {
    files: ["environments/**", "constructs/**", "stacks/**", "review/**"],
    rules: { "no-restricted-properties": ["error", ENVIRONMENT_VARIABLES] },
  },
  {
    files: ["constructs/**", "stacks/**", "review/**"],
    rules: { "no-restricted-syntax": ["error", ...siteNames("local|gcp|tucson|ncsa|summit")] },
  },
  {
    // A kind of backend and a provider have that name too.
    files: ["stacks/base/backend.ts", "stacks/cluster/stack.ts"],
    rules: { "no-restricted-syntax": ["error", ...siteNames("gcp|tucson|ncsa|summit")] },
  },
  {
    files: [
      "ground/**",
      "synthesized/**",
      "environments/**",
      "constructs/**",
      "stacks/**",
      "review/**",
      "cli/**",
      "e2e/**",
      "tools/**",
      ".github/scripts/**",
      "__tests__/support/**",
    ],
    plugins: { jsdoc },
    rules: {
      "jsdoc/require-jsdoc": [
        "error",
        {
          publicOnly: true,
          checkConstructors: false,
          enableFixer: false,
          require: { FunctionDeclaration: true, ClassDeclaration: true },
          contexts: [
            "TSInterfaceDeclaration",
            "TSTypeAliasDeclaration",
            "TSEnumDeclaration",
            "ExportNamedDeclaration > VariableDeclaration",
          ],
        },
      ],
      "jsdoc/require-description": ["error", { checkConstructors: false }],
      "jsdoc/check-param-names": "error",
      "jsdoc/no-types": "error",
    },
  },
  {
    files: ["__tests__/**"],
    rules: {
      // What a test reads from JSON it asserts on at once.
      "@typescript-eslint/no-unsafe-assignment": "off",
      "@typescript-eslint/no-unsafe-member-access": "off",
    },
  },
);
