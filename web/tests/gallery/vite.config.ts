/**
 * The screens with made-up people, for states that are hard to reach.
 *
 *     npx vite --config tests/gallery/vite.config.ts
 *
 * and then `/g/0199-slow-tuesdays?state=removed`; `app.ts` and `room.ts` say which states there are.
 */
import { join } from "node:path";
import { defineConfig, mergeConfig } from "vite";
import pages from "../../vite.config";

const web = join(import.meta.dirname, "../..");

export default mergeConfig(
  pages,
  defineConfig({
    root: import.meta.dirname,
    publicDir: join(web, "public"),
    server: { fs: { allow: [web] } },
  }),
);
