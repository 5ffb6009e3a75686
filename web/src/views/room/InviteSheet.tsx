import { useState } from "preact/hooks";
import { LONGEST } from "../../crypto/texts";
import { t } from "../../i18n/text";
import { useAction } from "../action";
import { Button } from "../shared/Button";
import { Choices } from "../shared/Choices";
import { Field } from "../shared/Field";
import { Sheet } from "../shared/Sheet";
import { Switch } from "../shared/Switch";
import { Trouble } from "../shared/Trouble";
import { useWords } from "../unsent";
import { InviteLink } from "./InviteLink";
import { InviteList } from "./InviteList";
import type { InRoom } from "./inRoom";

const USES = [1, 5, 20] as const;
const DAYS = [1, 7, 30] as const;
const MINUTES = [10, 20, 40] as const;

/** Makes an invite link and shows it once it is made; below, the invites that still open the door. `guest`: for what one is asked. */
export function InviteSheet({ room, onClose, onBack, guest: asked }: InRoom & { readonly guest: string | undefined }) {
  const action = useAction();
  const [uses, setUses] = useState("1");
  const [days, setDays] = useState("1");
  const [link, setLink] = useState<string | null>(null);
  const [guest, setGuest] = useState(asked !== undefined);
  const segment = useWords(`${room.groupId} guest`, LONGEST.title, asked ?? "");
  const [minutes, setMinutes] = useState("20");
  const make = (): Promise<string> =>
    guest
      ? room.doors.inviteGuest(segment.given, Number(minutes))
      : room.doors.createInvite({ uses: Number(uses), days: Number(days) });
  return (
    <Sheet title={t("invite-someone")} under={t("invite-someone-under")} onClose={onClose} onBack={onBack}>
      {link === null ? (
        <div class="stack" key="choose">
          <Switch label={t("guest-switch")} hint={t("guest-switch-hint")} on={guest} onChange={setGuest} />
          {guest ? (
            <>
              <Field
                label={t("guest-segment")}
                aside={t("optional")}
                placeholder={t("guest-segment-example")}
                {...segment.field}
              />
              <Choices
                legend={t("guest-minutes")}
                value={minutes}
                options={MINUTES.map((count) => ({ value: String(count), label: t("guest-minutes-count", { count }) }))}
                onChoose={setMinutes}
              />
              <p class="note">{t("guest-invite-note")}</p>
            </>
          ) : (
            <>
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
              {(uses !== "1" || days === "30") && <p class="note">{t("invite-many-note")}</p>}
            </>
          )}
          <Trouble code={action.code} />
          <Button
            kind="primary"
            idle={action.busy || (guest && !segment.fits)}
            onPress={() =>
              action.run(async () => {
                setLink(await make());
                segment.done();
              })
            }
          >
            {action.busy ? t("invite-making") : t("invite-make")}
          </Button>
        </div>
      ) : (
        <div class="stack" key="made">
          <InviteLink link={link} />
          {guest && <p class="note">{t("guest-link-note")}</p>}
          <Button kind="quiet" onPress={() => setLink(null)}>
            {t("invite-another")}
          </Button>
        </div>
      )}
      <InviteList room={room} made={link} />
    </Sheet>
  );
}
