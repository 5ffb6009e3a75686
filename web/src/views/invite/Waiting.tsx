import { useState } from "preact/hooks";
import type { PendingJoin } from "../../room/types";
import { t } from "../../i18n/text";
import { useAction } from "../action";
import { useApp } from "../context";
import { READING_SIZES, readingSize } from "../preferences";
import { navigate } from "../router";
import { useSay } from "../say";
import { Button } from "../shared/Button";
import { ConnectionLine } from "../shared/ConnectionLine";
import { Heading } from "../shared/Heading";
import { Icon } from "../shared/Icon";
import { Page } from "../shared/Page";
import { Ring } from "../shared/Ring";
import { Rules } from "../shared/Rules";
import { Sheet } from "../shared/Sheet";
import { Trouble } from "../shared/Trouble";

function nextSize(): void {
  const at = READING_SIZES.indexOf(readingSize.value);
  readingSize.value = READING_SIZES[(at + 1) % READING_SIZES.length] ?? "usual";
}

/** The waiting room. Only one's own seat is marked as kept; who else is there is not for someone outside to see. */
export function Waiting({ join }: { join: PendingJoin }) {
  const app = useApp();
  const action = useAction();
  const [sheet, setSheet] = useState<"rules" | "withdraw" | null>(null);
  const close = (): void => setSheet(null);
  const largest = readingSize.value === "largest";
  const words = t("waiting-words", { seen: String(join.seen) });
  // The heading is read as the page comes; of the words, what is new.
  useSay(words);
  return (
    <Page name={t("waiting-page")} bar={join.card.name}>
      <div class="waiting">
        <div class="lamp middle">
          <Ring mine />
        </div>
        <div class="intro centre">
          <Heading>{t("waiting-title")}</Heading>
          <p class="lead soft">{words}</p>
        </div>
        <div class="stack" role="status">
          {join.locked && (
            <p class="box with-icon">
              <Icon name="door" />
              <span>{t("waiting-locked")}</span>
            </p>
          )}
          {join.word && (
            <div class="box">
              <p class="why">{t("waiting-word", { from: join.word.from })}</p>
              <p class="said" dir="auto">
                {join.word.text}
              </p>
            </div>
          )}
        </div>
        <ConnectionLine />
        <div class="rows">
          <div class="row">
            <Icon name="person" />
            <span class="row-words">
              <b>{t("waiting-name", { name: join.pseudonym })}</b>
            </span>
          </div>
          <button type="button" class="row" onClick={nextSize}>
            <Icon name="reading" />
            <span class="row-words">
              <b>{t("reading-size")}</b>
            </span>
            <span class="row-do">{largest ? t("reading-usual") : t("reading-larger")}</span>
          </button>
          <button type="button" class="row" onClick={() => setSheet("rules")}>
            <Icon name="leaf" />
            <span class="row-words">
              <b>{t("rules-name")}</b>
            </span>
            <span class="row-do">{t("rules-again")}</span>
          </button>
          <button type="button" class="row" onClick={() => setSheet("withdraw")}>
            <Icon name="close" />
            <span class="row-words">
              <b>{t("withdraw")}</b>
            </span>
          </button>
        </div>
      </div>
      {sheet === "rules" && (
        <Sheet title={t("rules-title")} under={join.card.name} onClose={close}>
          <Rules text={join.card.rules} />
        </Sheet>
      )}
      {sheet === "withdraw" && (
        <Sheet title={t("withdraw-title")} onClose={close}>
          <p>{t("withdraw-words", { from: join.card.from })}</p>
          <Trouble code={action.code} />
          <div class="buttons">
            <Button
              kind="primary"
              idle={action.busy}
              onPress={() =>
                action.run(async () => {
                  await app.withdraw(join.request);
                  navigate("/", "replace");
                })
              }
            >
              {t("withdraw-do")}
            </Button>
            <Button onPress={close}>{t("withdraw-stay")}</Button>
          </div>
        </Sheet>
      )}
    </Page>
  );
}
