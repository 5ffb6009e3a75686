import { t } from "../../i18n/text";
import { useAction } from "../action";
import type { InRoom } from "../room/inRoom";
import { Button } from "../shared/Button";
import { Mark } from "../shared/Mark";
import { Sheet } from "../shared/Sheet";
import { Trouble } from "../shared/Trouble";
import { offerUndo } from "./undo";

/** Who may not come back, and the way to let them ask again. */
export function BannedSheet({ room, onClose, onGo }: InRoom) {
  const action = useAction();
  const banned = room.banned.value;
  return (
    <Sheet title={t("banned-title")} under={t("banned-under")} onClose={onClose} onBack={() => onGo({ kind: "people" })}>
      {banned.length === 0 && <p class="soft">{t("banned-none")}</p>}
      <Trouble code={action.code} />
      <ul class="rows">
        {banned.map(({ id, pseudonym: name }) => (
          <li key={id} class="row person">
            <Mark member={id} />
            <span class="row-words">
              <b dir="auto">{name}</b>
            </span>
            <Button
              small
              idle={action.busy}
              onPress={() =>
                action.run(async () => {
                  await room.doing.unban(id);
                  offerUndo({ words: t("unban-done", { name }), undo: null });
                })
              }
            >
              {t("unban-do")} <span class="unseen">{name}</span>
            </Button>
          </li>
        ))}
      </ul>
    </Sheet>
  );
}
