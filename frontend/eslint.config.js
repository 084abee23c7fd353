import { readdirSync } from "node:fs";

import js from "@eslint/js";
import prettier from "eslint-config-prettier";
import { createTypeScriptImportResolver } from "eslint-import-resolver-typescript";
import importX from "eslint-plugin-import-x";
import jsxA11y from "eslint-plugin-jsx-a11y";
import reactHooks from "eslint-plugin-react-hooks";
import globals from "globals";
import tseslint from "typescript-eslint";

const features = readdirSync(new URL("./src/features", import.meta.url));

/** app → features → components, api, lib, i18n; a feature never imports another feature. */
const zones = [
  ...features.map((name) => ({
    target: `./src/features/${name}`,
    from: "./src/features",
    except: [`./${name}`],
    message: "A feature never imports another feature.",
  })),
  {
    target: ["./src/features", "./src/components", "./src/api", "./src/lib", "./src/i18n"],
    from: "./src/app",
    message: "Only app composes; nothing imports app.",
  },
  {
    target: ["./src/components", "./src/api", "./src/lib", "./src/i18n"],
    from: "./src/features",
    message: "Shared rooms know no feature.",
  },
  {
    target: ["./src/api", "./src/lib", "./src/i18n"],
    from: "./src/components",
    message: "api, lib and i18n know no component.",
  },
  { target: "./src/lib", from: "./src/api", message: "lib is pure." },
];

export default tseslint.config(
  { ignores: ["dist", "src/api/generated", "test-results", "playwright-report"] },
  js.configs.recommended,
  ...tseslint.configs.strict,
  jsxA11y.flatConfigs.recommended,
  {
    files: ["**/*.{ts,tsx}"],
    plugins: { "import-x": importX, "react-hooks": reactHooks },
    languageOptions: { globals: globals.browser },
    settings: {
      "import-x/resolver-next": [createTypeScriptImportResolver()],
      "import-x/internal-regex": "^@/",
    },
    rules: {
      ...reactHooks.configs.recommended.rules,
      "import-x/no-restricted-paths": ["error", { zones }],
      "import-x/no-cycle": "error",
      "import-x/order": [
        "error",
        {
          groups: [["builtin", "external"], "internal", "parent", "sibling", "index"],
          "newlines-between": "always",
          alphabetize: { order: "asc", caseInsensitive: true },
        },
      ],
      "@typescript-eslint/consistent-type-imports": "error",
      "max-lines": ["error", 300],
    },
  },
  { files: ["public/**"], languageOptions: { globals: globals.browser } },
  {
    files: ["scripts/**", "e2e/**", "*.config.{js,ts}"],
    languageOptions: { globals: globals.node },
  },
  prettier,
);
