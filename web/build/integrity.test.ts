import { mkdtempSync, mkdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { addIntegrity, addParts, integrity, manifest } from "./integrity";

test("the value is the one of the specification's example", () => {
  // W3C Subresource Integrity, section 3.1.
  expect(integrity("alert('Hello, world.');")).toBe(
    "sha384-H8BRh8j48O9oYatfu5AZzq6A9RINhZO5H16dQZngK7T62em8MUt1FLm52t+eX6xO",
  );
});

test("scripts, preloads and style sheets get integrity and anonymous requests, other tags stay", () => {
  const contents = new Map<string, string>([
    ["assets/a.js", "a"],
    ["assets/b.css", "b"],
  ]);
  const page =
    '<link rel="icon" href="/icon.svg"><script type="module" crossorigin src="/assets/a.js"></script>' +
    '<link rel="stylesheet" crossorigin href="/assets/b.css" />';
  expect(addIntegrity(page, contents)).toBe(
    '<link rel="icon" href="/icon.svg">' +
      `<script type="module" src="/assets/a.js" integrity="${integrity("a")}" crossorigin="anonymous"></script>` +
      `<link rel="stylesheet" href="/assets/b.css" integrity="${integrity("b")}" crossorigin="anonymous">`,
  );
});

test("a page that names a file which was not built is refused", () => {
  expect(() => addIntegrity('<script src="/assets/gone.js"></script>', new Map())).toThrow("assets/gone.js");
});

test("the page names what its script imports before the script, and what is fetched later after it", () => {
  const page = '<head>\n<script type="module" src="/assets/a.js"></script>\n<link rel="modulepreload" href="/assets/b.js">\n</head>';
  const script = (fileName: string, imports: string[] = []) => ({ fileName, imports, isEntry: false, isDynamicEntry: false });
  const entry = { ...script("assets/a.js", ["assets/b.js"]), isEntry: true };
  const part = { ...script("assets/c.js", ["assets/a.js", "assets/b.js"]), isDynamicEntry: true };
  expect(addParts(page, [entry, script("assets/b.js"), part]).replace(/\n\s*/g, "")).toBe(
    '<head><script type="module" src="/assets/b.js"></script><script type="module" src="/assets/a.js"></script>' +
      '<link rel="part" href="/assets/c.js"></head>',
  );
  expect(() => addParts(page, [entry, script("assets/b.js", ["assets/d.js"]), part])).toThrow("assets/d.js");
});

test("the manifest lists every file but itself, by name, as sha256sum prints it", () => {
  const folder = mkdtempSync(join(tmpdir(), "safespace-"));
  mkdirSync(join(folder, "assets"));
  writeFileSync(join(folder, "index.html"), "");
  writeFileSync(join(folder, "assets", "a.js"), "abc");
  writeFileSync(join(folder, "assets", "a.js.br"), "packed");
  writeFileSync(join(folder, "manifest.sha256"), "an older one");
  expect(manifest(folder)).toBe(
    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad  assets/a.js\n" +
      "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855  index.html\n",
  );
});
