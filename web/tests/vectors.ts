/** The vectors that pytest reads too. */
import { readFileSync } from "node:fs";
import type { Json } from "../src/crypto/bytes.ts";

const folder = new URL("../../tests/vectors/", import.meta.url);

export function vectors(name: string): unknown {
  return JSON.parse(readFileSync(new URL(`${name}.json`, folder), "utf8"));
}

/** `path` to a field; the field becomes `value`, or is dropped where there is none. */
export interface Edit {
  readonly path: readonly (string | number)[];
  readonly value?: Json;
}

type Tree = Record<string | number, unknown>;

/** A damaged copy. */
export function damaged(base: unknown, { path, value }: Edit): Json {
  const copy = structuredClone(base) as Tree;
  const last = path.at(-1) ?? "";
  const at = path.slice(0, -1).reduce<Tree>((tree, step) => tree[step] as Tree, copy);
  if (value === undefined) Reflect.deleteProperty(at, last);
  else at[last] = value;
  return copy as Json;
}
