/** No message is shown with a variable that nobody gave: a raw "{$name}" in the middle of a sentence. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { expect, test } from "vitest";
import { MESSAGE_IDS } from "./ids";

const source = join(import.meta.dirname, "..");
const files = readdirSync(source, { recursive: true, encoding: "utf8" }).filter(
  (file) => /\.tsx?$/.test(file) && !file.endsWith(".test.ts") && !file.endsWith(join("i18n", "ids.ts")),
);

/** By id, what a message asks for. */
function askedFor(): Map<string, readonly string[]> {
  const catalogues = readdirSync(import.meta.dirname).filter((file) => file.endsWith(".ftl"));
  const asked = new Map<string, string[]>();
  for (const file of catalogues) {
    let id = "";
    for (const line of readFileSync(join(import.meta.dirname, file), "utf8").split("\n")) {
      id = /^([a-z][a-z0-9-]*) =/.exec(line)?.[1] ?? id;
      if (id === "" || line.startsWith("#")) continue;
      asked.set(id, [...(asked.get(id) ?? []), ...[...line.matchAll(/\$([a-zA-Z][\w-]*)/g)].map(([, name]) => name ?? "")]);
    }
  }
  return asked;
}

interface Use {
  readonly where: string;
  readonly ids: readonly string[];
  /** null where it cannot be told from the call. */
  readonly given: ReadonlySet<string> | null;
}

/** Every call of `t` in a file; ids that are in the file and in no call belong to each call that takes its id from elsewhere. */
function usesIn(file: string, text: string): Use[] {
  const root = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true, file.endsWith("x") ? ts.ScriptKind.TSX : ts.ScriptKind.TS);
  const objects = new Map<string, ts.ObjectLiteralExpression>();
  const calls: ts.CallExpression[] = [];
  const literals: ts.StringLiteral[] = [];
  const known: ReadonlySet<string> = new Set(MESSAGE_IDS);
  const look = (node: ts.Node): void => {
    if (ts.isVariableDeclaration(node) && ts.isIdentifier(node.name) && node.initializer && ts.isObjectLiteralExpression(node.initializer)) {
      objects.set(node.name.text, node.initializer);
    }
    if (ts.isCallExpression(node) && ts.isIdentifier(node.expression) && node.expression.text === "t") calls.push(node);
    if (ts.isStringLiteral(node) && known.has(node.text) && !ts.isImportDeclaration(node.parent)) literals.push(node);
    ts.forEachChild(node, look);
  };
  look(root);

  const named = (node: ts.Expression | undefined): Set<string> | null => {
    if (!node) return new Set();
    if (ts.isIdentifier(node)) return objects.has(node.text) ? named(objects.get(node.text)) : null;
    if (!ts.isObjectLiteralExpression(node)) return null;
    const all = new Set<string>();
    for (const one of node.properties) {
      if (ts.isSpreadAssignment(one)) {
        const more = named(one.expression);
        if (!more) return null;
        for (const name of more) all.add(name);
      } else if (one.name && (ts.isIdentifier(one.name) || ts.isStringLiteral(one.name))) all.add(one.name.text);
    }
    return all;
  };
  const inside = (node: ts.Node, call: ts.CallExpression): boolean => {
    const [id] = call.arguments;
    return id !== undefined && node.pos >= id.pos && node.end <= id.end;
  };
  const elsewhere = literals.filter((one) => !calls.some((call) => inside(one, call))).map(({ text: id }) => id);
  return calls.map((call) => {
    const own = literals.filter((one) => inside(one, call)).map(({ text: id }) => id);
    const { line } = root.getLineAndCharacterOfPosition(call.getStart());
    return { where: `${file}:${line + 1}`, ids: own.length > 0 ? own : elsewhere, given: named(call.arguments[1]) };
  });
}

/** What is not given, one a line. */
function missing(uses: readonly Use[], asked: ReadonlyMap<string, readonly string[]>): string[] {
  return uses.flatMap(({ where, ids, given }) =>
    ids.flatMap((id) => {
      const lacking = (asked.get(id) ?? []).filter((name) => !given?.has(name));
      return lacking.length > 0 ? [`${where} ${id}: ${lacking.join(", ")}`] : [];
    }),
  );
}

test("every message that is shown is given what it asks for", () => {
  const uses = files.flatMap((file) => usesIn(file, readFileSync(join(source, file), "utf8")));
  expect(uses.length).toBeGreaterThan(500);
  expect(missing(uses, askedFor())).toEqual([]);
});
