import { t } from "../../i18n/text";
import { Icon, type IconName } from "./Icon";

const PICTURES: readonly IconName[] = ["lock", "pass", "heart", "leaf", "people", "clock"];
const SHORT = 90;

/** Ground rules: cards when they are a few short lines, otherwise text to read. */
export function Rules({ text }: { text: string }) {
  const lines = text.split("\n").map((line) => line.trim()).filter((line) => line !== "");
  if (lines.length === 0) return <p class="soft">{t("rules-none")}</p>;
  const cards = lines.length >= 2 && lines.length <= PICTURES.length && lines.every((line) => line.length <= SHORT);
  if (!cards) return <p class="said rules-text" dir="auto">{text.trim()}</p>;
  return (
    <ul class="rules">
      {lines.map((line, at) => (
        <li key={at}>
          <Icon name={PICTURES[at] ?? "leaf"} />
          <span class="said" dir="auto">{line}</span>
        </li>
      ))}
    </ul>
  );
}
