import { createHash } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, relative, resolve, sep } from "node:path";
import type { Plugin } from "vite";

/** `sha384-…`, the value of an integrity attribute (W3C Subresource Integrity, section 3.1). */
export function integrity(content: string | Uint8Array): string {
  return `sha384-${createHash("sha384").update(content).digest("base64")}`;
}

const TAG = /<(?:script|link)\b[^>]*?\s(?:src|href)="\/(assets\/[^"]+)"[^>]*>/g;

/** Adds `integrity` and `crossorigin` to every script, preload and style sheet of a built page. */
export function addIntegrity(html: string, contents: ReadonlyMap<string, string | Uint8Array>): string {
  return html.replace(TAG, (tag, file: string) => {
    const content = contents.get(file);
    if (content === undefined) throw new Error(`The page names ${file}, which was not built`);
    const bare = tag.replace(/\scrossorigin(?:="[^"]*")?/, "");
    return bare.replace(/\s*\/?>$/, ` integrity="${integrity(content)}" crossorigin="anonymous">`);
  });
}

/** What of a built script `addParts` needs to know. */
export interface Script {
  readonly fileName: string;
  readonly isEntry: boolean;
  readonly isDynamicEntry: boolean;
  readonly imports: readonly string[];
}

const SCRIPT = /[ \t]*<script\b[^>]*><\/script>\n?/g;
const PRELOAD = /[ \t]*<link rel="modulepreload"[^>]*>\n?/g;

/**
 * Names every script in the page: what the first one imports comes before it as a script of its own, as an import has
 * no integrity in every engine, and the parts that are fetched later as links that `src/net/later.ts` turns into scripts.
 *
 * Throws Error where a script would come that the page does not name: the policy would refuse it.
 */
export function addParts(html: string, scripts: readonly Script[]): string {
  const preloads = html.match(PRELOAD) ?? [];
  const parts = scripts.filter(({ isDynamicEntry }) => isDynamicEntry);
  const entries = scripts.filter(({ isEntry }) => isEntry).map(({ fileName }) => fileName);
  for (const { fileName, imports } of scripts) {
    const unnamed = imports.find((file) => !entries.includes(file) && !preloads.some((tag) => tag.includes(`"/${file}"`)));
    if (unnamed !== undefined) throw new Error(`${fileName} imports ${unnamed}, which the page does not name`);
  }
  const before = preloads.map((tag) => tag.replace(/<link rel="modulepreload"(.*?)\shref=(.*?)\s*\/?>/, '<script type="module"$1 src=$2></script>'));
  const later = parts.map(({ fileName }) => `    <link rel="part" href="/${fileName}">\n`);
  return html.replace(PRELOAD, "").replace(SCRIPT, (script) => [...before, script, ...later].join(""));
}

export function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

/** The text of `manifest.sha256`: one `sha256sum` line for each built file, sorted by name. Packed copies (`.br`) say nothing new. */
export function manifest(folder: string): string {
  return filesBelow(folder)
    .map((file) => ({ file, name: relative(folder, file).split(sep).join("/") }))
    .filter(({ name }) => name !== "manifest.sha256" && !name.endsWith(".br"))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map(({ file, name }) => `${createHash("sha256").update(readFileSync(file)).digest("hex")}  ${name}\n`)
    .join("");
}

/** Build steps by which anyone can check that the served pages are the built ones. */
export function verifiable(): Plugin {
  let folder = "";
  return {
    name: "safespace:verifiable",
    apply: "build",
    enforce: "post",
    configResolved(config) {
      folder = resolve(config.root, config.build.outDir);
    },
    generateBundle: {
      order: "post",
      handler(_options, bundle) {
        const contents = new Map(
          Object.values(bundle).map((file) => [file.fileName, file.type === "chunk" ? file.code : file.source]),
        );
        for (const file of Object.values(bundle)) {
          if (file.type !== "asset" || !file.fileName.endsWith(".html")) continue;
          const scripts = Object.values(bundle).filter((chunk) => chunk.type === "chunk");
          file.source = addIntegrity(addParts(String(file.source), scripts), contents);
        }
      },
    },
    closeBundle() {
      writeFileSync(join(folder, "manifest.sha256"), manifest(folder));
    },
  };
}
