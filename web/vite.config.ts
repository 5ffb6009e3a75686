import { defineConfig } from "vitest/config";
import { verifiable } from "./build/integrity.ts";
import { packed } from "./build/packed.ts";
import { words } from "./build/words.ts";

// "crypto" is what @hpke/common asks for where there is no Web Crypto: never in a browser.
const rolldownOptions = {
  external: ["crypto"],
  // What the first script shares with the parts that come later is one file: smaller than several.
  output: { chunkFileNames: "assets/[name]-[hash].js", codeSplitting: { groups: [{ name: "shared", minShareCount: 2 }] } },
};

const server = process.env["SAFESPACE_DEV_SERVER"] ?? "http://localhost:8000";

export default defineConfig({
  base: "/",
  plugins: [words(), verifiable(), packed()],
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  build: {
    target: "es2022",
    outDir: "dist",
    assetsDir: "assets",
    // The policy allows no data: address, so nothing is inlined.
    assetsInlineLimit: 0,
    // Parts of the page are fetched as `src/views/later.ts` says, with their integrity.
    modulePreload: { polyfill: false, resolveDependencies: (_, files, { hostType }) => (hostType === "html" ? files : []) },
    sourcemap: false,
    rolldownOptions,
    reportCompressedSize: false,
  },
  worker: { format: "es", rolldownOptions: { ...rolldownOptions, output: { codeSplitting: false } } },
  server: { proxy: { "/v1": { target: server, ws: true } } },
  test: {
    include: ["build/**/*.test.ts", "src/**/*.test.{ts,tsx}", "tests/**/*.test.{ts,tsx}"],
    environment: "node",
    testTimeout: 30_000,
    hookTimeout: 30_000,
    expect: { poll: { timeout: 10_000 } },
    passWithNoTests: false,
  },
});
