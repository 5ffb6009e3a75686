/** Serves the screens with made-up people, for states that are hard to reach: `npx vite --config tests/gallery/vite.config.ts`. */
import { join } from "node:path";
import { defineConfig } from "vite";

export default defineConfig({
  root: import.meta.dirname,
  publicDir: join(import.meta.dirname, "../../public"),
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  server: { fs: { allow: [join(import.meta.dirname, "../..")] } },
});
