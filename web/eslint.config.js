import js from "@eslint/js";
import jsxA11y from "eslint-plugin-jsx-a11y";
import reactHooks from "eslint-plugin-react-hooks";
import tseslint from "typescript-eslint";

export default tseslint.config(
  { ignores: ["dist", "src/generated"] },
  { linterOptions: { reportUnusedDisableDirectives: "error" } },
  js.configs.recommended,
  { files: ["scripts/**"], languageOptions: { globals: { URL: "readonly", console: "readonly", process: "readonly" } } },
  {
    files: ["public/**"],
    languageOptions: {
      globals: Object.fromEntries(
        ["self", "caches", "clients", "crypto", "fetch", "Request", "Response", "TextEncoder", "URL"].map((name) => [name, "readonly"]),
      ),
    },
  },
  {
    files: ["**/*.{ts,tsx}"],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
      "@typescript-eslint/switch-exhaustiveness-check": ["error", { considerDefaultExhaustiveForUnions: true }],
      eqeqeq: "error",
      "no-console": "error",
    },
  },
  { files: ["**/*.test.ts"], rules: { "@typescript-eslint/no-non-null-assertion": "off" } },
  {
    files: ["src/**/*.tsx"],
    extends: [jsxA11y.flatConfigs.strict, reactHooks.configs["recommended-latest"]],
  },
  {
    // What would run text as code, or put text where markup is expected.
    files: ["src/**/*.{ts,tsx}"],
    rules: {
      "no-eval": "error",
      "no-implied-eval": "off",
      "no-restricted-properties": [
        "error",
        ...["innerHTML", "outerHTML", "insertAdjacentHTML", "srcdoc"].map((property) => ({
          property,
          message: "Text is always text.",
        })),
        { object: "Math", property: "random", message: "Use crypto.getRandomValues." },
      ],
      "no-restricted-syntax": [
        "error",
        { selector: "JSXAttribute[name.name='dangerouslySetInnerHTML']", message: "Text is always text." },
        { selector: "JSXAttribute[name.name='style']", message: "The policy allows no inline styles: use a class." },
      ],
    },
  },
  {
    // What a browser may lack or refuse, so that a page that asks for it could stop there.
    files: ["src/**/*.{ts,tsx}"],
    ignores: ["src/platform.ts", "src/**/*.test.ts"],
    rules: {
      "no-restricted-globals": [
        "error",
        ...["localStorage", "sessionStorage", "Notification", "matchMedia", "caches"].map((name) => ({
          name,
          message: "Ask for it in src/platform.ts.",
        })),
      ],
      "no-restricted-syntax": [
        "error",
        { selector: "JSXAttribute[name.name='dangerouslySetInnerHTML']", message: "Text is always text." },
        { selector: "JSXAttribute[name.name='style']", message: "The policy allows no inline styles: use a class." },
        {
          selector:
            "MemberExpression[object.name='navigator'][property.name=/^(storage|languages?|clipboard|serviceWorker|share|(set|clear)AppBadge)$/]",
          message: "Ask for it in src/platform.ts.",
        },
        {
          selector: "MemberExpression[object.name='Intl'][property.name=/^(Locale|DisplayNames|supportedValuesOf|getCanonicalLocales)$/]",
          message: "Ask for it in src/platform.ts.",
        },
      ],
    },
  },
);
