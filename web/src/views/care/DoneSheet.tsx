import { useState } from "preact/hooks";
import { STAFF } from "../../room/roles";
import type { Deed } from "../../room/types";
import { t } from "../../i18n/text";
import { fullTime, machineTime } from "../../i18n/time";
import type { InRoom } from "../room/inRoom";
import { Button } from "../shared/Button";
import { Each } from "../shared/Each";
import { Sheet } from "../shared/Sheet";
import { deedWords, isTurn } from "./deedWords";
import { Keep } from "./Keep";
import { OpenKept } from "./OpenKept";

/** How many are drawn at first, and how many more for each step back. */
const STEP = 60;

/** What was done in the group: all of it for those who look after it, what concerns them for others; turns are in the file alone. */
export function DoneSheet({ room, onClose, onGo }: InRoom) {
  const [shown, setShown] = useState(STEP);
  const [keeping, setKeeping] = useState<"keep" | "open" | null>(null);
  const deeds = room.audit.value.filter((deed) => !isTurn(deed)).reverse();
  const staff = STAFF.includes(room.me.value?.role ?? "guest");
  const onBack = (): void => (keeping ? setKeeping(null) : onGo({ kind: "menu" }));
  return (
    <Sheet title={t("done")} under={staff ? t("done-under-staff") : t("done-under")} onClose={onClose} onBack={onBack}>
      {keeping === "keep" && <Keep room={room} onDone={() => setKeeping(null)} />}
      {keeping === "open" && <OpenKept />}
      {keeping === null && (
        <>
          {deeds.length === 0 && <p class="soft">{t("done-none")}</p>}
          <ol class="deeds">
            <Each of={deeds.slice(0, shown)} by={({ seq }) => seq} draw={(deed) => <Done deed={deed} />} />
          </ol>
          {deeds.length > shown && <Button onPress={() => setShown(shown + STEP)}>{t("talk-earlier")}</Button>}
          <div class="buttons">
            <Button onPress={() => setKeeping("keep")}>{t("done-keep")}</Button>
            <Button kind="quiet" onPress={() => setKeeping("open")}>
              {t("done-open")}
            </Button>
          </div>
        </>
      )}
    </Sheet>
  );
}

function Done({ deed }: { deed: Deed }) {
  return (
    <li>
      <p>{deedWords(deed)}</p>
      {deed.reason !== null && (
        <p class="said" dir="auto">
          {t("quoted", { words: deed.reason })}
        </p>
      )}
      {deed.reason === null && deed.reasoned && <p class="note">{t("done-reason-hidden")}</p>}
      <time class="note" dateTime={machineTime(deed.time)}>
        {fullTime(deed.time)}
      </time>
    </li>
  );
}
