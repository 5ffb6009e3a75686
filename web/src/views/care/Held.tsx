import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import type { TalkView } from "../../room/types";
import { t } from "../../i18n/text";
import { Button } from "../shared/Button";
import { Icon } from "../shared/Icon";
import { heldIcon, heldTitle, heldUntil, type Holding } from "./heldWords";
import { Silenced } from "./Silenced";
import { useNow } from "./useNow";

/** Above what somebody is writing while it cannot be sent: one line, and the rest of it behind "Why?". */
export function Held({ room, why, children }: { room: TalkView; why: Holding; children: ComponentChildren }) {
  const [open, setOpen] = useState(false);
  const now = useNow(room, 10_000);
  return (
    <>
      {open && <Silenced room={room} why={why} />}
      <div class="held">
        <Icon name={heldIcon(why)} />
        <p>
          <b>{heldTitle(why)}</b> {why.why === "muted" && heldUntil(why, now)}
        </p>
        {children}
        <Button kind="quiet" small expanded={open} onPress={() => setOpen(!open)}>
          {t("silenced-why")}
        </Button>
      </div>
    </>
  );
}
