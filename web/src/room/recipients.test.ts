import { expect, test } from "vitest";
import { vectors } from "../../tests/vectors.ts";
import { AppError } from "./errors.ts";
import { laterRecipients } from "./laterRecipients.ts";
import { mayHaveRead, recipients, type ReportKind } from "./recipients.ts";
import type { Roll } from "./roll.ts";
import type { Former, State } from "./state.ts";
import type { Role } from "./types.ts";

interface Case {
  readonly roles: Record<string, Role>;
  readonly kind: ReportKind;
  readonly accused: string | null;
  readonly reporter: string;
}

const { recipients: cases, later } = vectors("reports") as {
  recipients: (Case & { to?: string[]; refused?: string })[];
  later: (Case & {
    name: string; former: Former[]; ever: Record<string, Role[]>; to: string[]; later: string[]; readers: string[];
  })[];
};

test("reports go to whom they go in Python", () => {
  for (const { roles, kind, accused, reporter, to, refused } of cases) {
    const choose = (): string[] => recipients(roles, kind, accused, reporter);
    if (refused) expect(choose).toThrow(new AppError(refused));
    else expect(choose()).toEqual(to);
  }
});

test.each(later)("$name: handed on to whom Python hands it on", ({ roles, former, ever, kind, accused, reporter, to, ...expected }) => {
  const members = Object.fromEntries(Object.entries(roles).map(([id, role]) => [id, { role }]));
  const state = { members, former } as unknown as State;
  const held = Object.entries(ever).map(([id, all]) => [id, { roles: all.map((role, seq) => ({ seq, role })) }]);
  const roll = Object.fromEntries(held) as Roll;
  const report = { kind, accused, to };
  expect([...laterRecipients(state, roll, report, reporter)].sort()).toEqual(expected.later);
  const everyone = [...new Set([...Object.keys(roles), ...to, ...Object.keys(ever), ...former.map(({ member }) => member)])];
  expect(everyone.filter((id) => mayHaveRead(state, roll, id, report)).sort()).toEqual(expected.readers);
});
