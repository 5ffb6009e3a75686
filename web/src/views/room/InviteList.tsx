import { useEffect, useState } from "preact/hooks";
import { codeOf } from "../../room/errors";
import type { InviteSummary, RoomView } from "../../room/types";
import { t } from "../../i18n/text";
import { shortTime } from "../../i18n/time";
import { useAction } from "../action";
import { Button } from "../shared/Button";
import { Trouble } from "../shared/Trouble";

/** The invites that still work, each with a way to take it back. `made` is the newest link: a new one is fetched again. */
export function InviteList({ room, made }: { room: RoomView; made: string | null }) {
  const action = useAction();
  const [invites, setInvites] = useState<readonly InviteSummary[] | null>(null);
  const [code, setCode] = useState<string | null>(null);
  const [changes, setChanges] = useState(0);

  useEffect(() => {
    let current = true;
    room.doors.invites().then(
      (found) => current && setInvites(found),
      (error: unknown) => current && setCode(codeOf(error)),
    );
    return () => {
      current = false;
    };
  }, [room, made, changes]);

  const now = room.now();
  const open = (invites ?? []).filter((invite) => invite.used < invite.uses && invite.expires > now);
  return (
    <section class="part">
      <h3>{t("invites-open")}</h3>
      <Trouble code={action.code ?? code} />
      {invites !== null && open.length === 0 && <p class="soft">{t("invites-none")}</p>}
      <ul class="rows">
        {open.map((invite) => (
          <li key={invite.id} class="row">
            <span class="row-words">
              {invite.guest && <span class="note">{t("guest-link")}</span>}
              <b>{t("invites-used", { used: invite.used, uses: invite.uses })}</b>
              <span class="note">{t("invites-until", { day: shortTime(invite.expires, now) })}</span>
            </span>
            <Button
              kind="quiet"
              small
              name={`${t("invites-take-back")}: ${t("invites-used", { used: invite.used, uses: invite.uses })}, ${t("invites-until", { day: shortTime(invite.expires, now) })}`}
              idle={action.busy}
              onPress={() =>
                action.run(async () => {
                  await room.doors.revokeInvite(invite.id);
                  setChanges(changes + 1);
                })
              }
            >
              {t("invites-take-back")}
            </Button>
          </li>
        ))}
      </ul>
    </section>
  );
}
