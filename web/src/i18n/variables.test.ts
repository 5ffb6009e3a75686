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

/**
 * Every call of `t` in a file. One that takes its id from a table of the file may be any in the table, one that takes it from
 * elsewhere any that stands in the file by itself; what no call can be meant for is given nothing.
 */
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
    if (ts.isStringLiteral(node) && known.has(node.text) && !isMarkup(node)) literals.push(node);
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
      } else if (ts.isIdentifier(one.name) || ts.isStringLiteral(one.name)) all.add(one.name.text);
    }
    return all;
  };
  /** What the id of a call may be: literals, and whether it may come from elsewhere, too. */
  const within = (node: ts.Node): ts.StringLiteral[] => literals.filter((one) => one.pos >= node.pos && one.end <= node.end);
  const idOf = (node: ts.Expression | undefined): { own: ts.StringLiteral[]; open: boolean } => {
    if (!node) return { own: [], open: true };
    if (ts.isStringLiteral(node)) return { own: within(node), open: false };
    if (ts.isParenthesizedExpression(node)) return idOf(node.expression);
    const either = ts.isConditionalExpression(node) ? [node.whenTrue, node.whenFalse] : ts.isBinaryExpression(node) ? [node.left, node.right] : null;
    if (either) {
      const [one, other] = either.map(idOf);
      return { own: [...(one?.own ?? []), ...(other?.own ?? [])], open: Boolean(one?.open) || Boolean(other?.open) };
    }
    const table = ts.isElementAccessExpression(node) && ts.isIdentifier(node.expression) ? objects.get(node.expression.text) : undefined;
    return table ? { own: within(table), open: false } : { own: [], open: true };
  };
  const meant = calls.map((call) => ({ call, ...idOf(call.arguments[0]) }));
  const elsewhere = literals.filter((one) => !meant.some(({ own }) => own.includes(one))).map(({ text: id }) => id);
  const uses = meant.map(({ call, own, open }): Use => {
    const { line } = root.getLineAndCharacterOfPosition(call.getStart());
    return {
      where: `${file}:${line + 1}`,
      ids: [...own.map(({ text: id }) => id), ...(open ? elsewhere : [])],
      given: named(call.arguments[1]),
    };
  });
  return [...uses, { where: file, ids: meant.some(({ open }) => open) ? [] : elsewhere, given: null }];
}

/** A class, the type of a field or of a value, not words. */
function isMarkup({ parent }: ts.StringLiteral): boolean {
  const attribute = ts.isJsxAttribute(parent) && ["class", "type"].includes(parent.name.getText());
  return attribute || ts.isLiteralTypeNode(parent) || (ts.isBinaryExpression(parent) && ts.isTypeOfExpression(parent.left));
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

test("what is lacking is found wherever an id may come from", () => {
  const asked = new Map([["role-title", ["name"]], ["answers-coming", ["count", "names"]]]);
  const found = (text: string): string[] => missing(usesIn("x.tsx", text), asked);
  expect(found('t("role-title", { name })')).toEqual([]);
  expect(found('t("role-title")')).toEqual(["x.tsx:1 role-title: name"]);
  expect(found('t(one ? "role-title" : "close", { who: name })')).toEqual(["x.tsx:1 role-title: name"]);
  expect(found('const values = { count, names }; t("answers-coming", values); t("answers-coming", { ...values })')).toEqual([]);
  expect(found('const values = { count }; t("answers-coming", { ...values, ...more })')).toEqual(["x.tsx:1 answers-coming: count, names"]);
  expect(found('const T = { a: "role-title" }; t(T[a], { name }); t("close")')).toEqual([]);
  expect(found('const T = { a: "role-title" }; t(T[a])')).toEqual(["x.tsx:1 role-title: name"]);
  expect(found('function f() { return "role-title"; } t(f())')).toEqual(["x.tsx:1 role-title: name"]);
  expect(found('function f() { return "role-title"; } t(f() ?? "close")')).toEqual(["x.tsx:1 role-title: name"]);
  expect(found('function f() { return "role-title"; } t(f() ?? "close", { name })')).toEqual([]);
  expect(found('function f() { return "role-title"; } t("close")')).toEqual(["x.tsx role-title: name"]);
});
