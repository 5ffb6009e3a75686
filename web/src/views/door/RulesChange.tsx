import { t } from "../../i18n/text";
import { Rules } from "../shared/Rules";

function linesOf(text: string): readonly string[] {
  return text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
}

/** What is different from the rules a person agreed to, and then all of it. `before` is null where that is not known. */
export function RulesChange({ before, now }: { before: string | null; now: string }) {
  const [was, is] = [linesOf(before ?? ""), linesOf(now)];
  const added = before === null ? [] : is.filter((line) => !was.includes(line));
  const gone = was.filter((line) => !is.includes(line));
  return (
    <>
      <Part title={t("rules-new-lines")} lines={added} />
      <Part title={t("rules-gone-lines")} lines={gone} />
      <section class="part">
        {before !== null && <h3>{t("rules-whole")}</h3>}
        <Rules text={now} />
      </section>
    </>
  );
}

function Part({ title, lines }: { title: string; lines: readonly string[] }) {
  if (lines.length === 0) return null;
  return (
    <section class="part">
      <h3>{title}</h3>
      {lines.map((line) => (
        <p key={line} class="box said" dir="auto">
          {line}
        </p>
      ))}
    </section>
  );
}
