import { readFileSync } from "node:fs";
import type { Plugin } from "vite";

const WORDS = /\.ftl\?raw$/;

/** A catalogue without what it tells its translators, which nobody needs to fetch. */
export function withoutComments(catalogue: string): string {
  return catalogue.replace(/^#.*\n/gm, "");
}

/** Gives the pages their catalogues. */
export function words(): Plugin {
  return {
    name: "safespace:words",
    enforce: "pre",
    apply: "build",
    load(id) {
      if (!WORDS.test(id)) return null;
      return `export default ${JSON.stringify(withoutComments(readFileSync(id.replace("?raw", ""), "utf8")))};`;
    },
  };
}
