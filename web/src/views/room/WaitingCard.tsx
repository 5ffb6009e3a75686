import type { RoomView } from "../../room/types";
import { t } from "../../i18n/text";
import { Button } from "../shared/Button";
import { Icon } from "../shared/Icon";
import { mayAdmit } from "./rights";
import { waitedFor } from "./waited";

/** At the side of a wide screen: who waits, where an admitter cannot overlook it. */
export function WaitingCard({ room, onOpen }: { room: RoomView; onOpen: () => void }) {
  const [first] = room.waiting.value;
  if (!first || !mayAdmit(room)) return null;
  return (
    <div class="waiting-card">
      <Icon name="door" />
      <p>
        <b>{t("waiting-banner", { count: room.waiting.value.length, name: first.pseudonym })}</b>
        {first.replaces && <span class="waiting-since">{t("waiting-elsewhere-short")}</span>}
        <span class="waiting-since">{waitedFor(first.since, room.now())}</span>
      </p>
      <Button small onPress={onOpen}>
        {t("waiting-see")}
      </Button>
    </div>
  );
}
