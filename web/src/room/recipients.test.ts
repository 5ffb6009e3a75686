import { expect, test } from "vitest";
import { vectors } from "../../tests/vectors.ts";
import { AppError } from "./errors.ts";
import { recipients, type ReportKind } from "./recipients.ts";
import type { Role } from "./types.ts";

const { recipients: cases } = vectors("reports") as {
  recipients: {
    roles: Record<string, Role>;
    kind: ReportKind;
    accused: string | null;
    reporter: string;
    to?: string[];
    refused?: string;
  }[];
};

test("reports go to whom they go in Python", () => {
  for (const { roles, kind, accused, reporter, to, refused } of cases) {
    const choose = (): string[] => recipients(roles, kind, accused, reporter);
    if (refused) expect(choose).toThrow(new AppError(refused));
    else expect(choose()).toEqual(to);
  }
});
