import { useState } from "preact/hooks";
import { t } from "../../i18n/text";
import { useAction } from "../action";
import { Button } from "../shared/Button";
import { Choices } from "../shared/Choices";
import { Sheet } from "../shared/Sheet";
import { Trouble } from "../shared/Trouble";
import { InviteLink } from "./InviteLink";
import { InviteList } from "./InviteList";
import type { InRoom } from "./inRoom";

const USES = [1, 5, 20] as const;
const DAYS = [1, 7, 30] as const;

/** Makes an invite link and shows it once it is made; below, the invites that still open the door. */
export function InviteSheet({ room, onClose, onGo }: InRoom) {
  const action = useAction();
  const [uses, setUses] = useState("1");
  const [days, setDays] = useState("7");
  const [link, setLink] = useState<string | null>(null);
  return (
    <Sheet title={t("invite-someone")} under={t("invite-someone-under")} onClose={onClose} onBack={() => onGo({ kind: "menu" })}>
      {link === null ? (
        <div class="stack" key="choose">
          <Choices
            legend={t("invite-uses")}
            value={uses}
            options={USES.map((count) => ({ value: String(count), label: t("invite-uses-count", { count }) }))}
            onChoose={setUses}
          />
          <Choices
            legend={t("invite-days")}
            value={days}
            options={DAYS.map((count) => ({ value: String(count), label: t("invite-days-count", { count }) }))}
            onChoose={setDays}
          />
          <Trouble code={action.code} />
          <Button
            kind="primary"
            idle={action.busy}
            onPress={() =>
              action.run(async () => {
                setLink(await room.createInvite({ uses: Number(uses), days: Number(days) }));
              })
            }
          >
            {action.busy ? t("invite-making") : t("invite-make")}
          </Button>
        </div>
      ) : (
        <div class="stack" key="made">
          <InviteLink link={link} />
          <Button kind="quiet" onPress={() => setLink(null)}>
            {t("invite-another")}
          </Button>
        </div>
      )}
      <InviteList room={room} made={link} />
    </Sheet>
  );
}
