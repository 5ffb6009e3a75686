import { useState } from "preact/hooks";
import type { FurtherView, RoomView } from "../../room/types";
import { t } from "../../i18n/text";
import { useAction } from "../action";
import { navigate } from "../router";
import { roleName } from "../room/roleWord";
import { Button } from "../shared/Button";
import { Icon } from "../shared/Icon";
import { Mark } from "../shared/Mark";
import { Row } from "../shared/Row";
import { Sheet } from "../shared/Sheet";
import { Trouble } from "../shared/Trouble";
import { furtherTitle } from "./title";

/** Who is in a further room, which is exactly who can read it, and how to go. */
export function FurtherSheet({ main, room, onClose }: { main: RoomView; room: FurtherView; onClose: () => void }) {
  const [leaving, setLeaving] = useState(false);
  const staff = room.purpose.value === "staff";
  if (leaving) return <Leaving main={main} room={room} onClose={onClose} onBack={() => setLeaving(false)} />;
  return (
    <Sheet title={furtherTitle(room)} onClose={onClose}>
      <div class="box">
        <p class="with-icon">
          <Icon name="lock" />
          <span>{t("further-lock", { count: room.members.value.length })}</span>
        </p>
        <p class="why">{staff ? t("staff-what") : t("aside-what")}</p>
      </div>
      <ul class="people">
        {room.members.value.map((member) => (
          <li key={member.id} class="row person">
            <span class="person-mark">
              <Mark member={member.id} />
              {member.here === true && <span class="person-here" />}
            </span>
            <span class="row-words">
              <b dir="auto">{member.pseudonym}</b>
              {member.me && <span class="note">{t("you")}</span>}
            </span>
            <span class="note person-aside">
              {roleName(member.role)}
              {member.here === true && <span class="unseen"> {t("person-here")}</span>}
            </span>
          </li>
        ))}
      </ul>
      {!staff && (
        <div class="rows">
          <Row icon="leave" words={t("aside-leave")} under={t("asks-once-more")} remove onPress={() => setLeaving(true)} />
        </div>
      )}
    </Sheet>
  );
}

interface LeavingProps {
  readonly main: RoomView;
  readonly room: FurtherView;
  readonly onClose: () => void;
  readonly onBack: () => void;
}

function Leaving({ main, room, onClose, onBack }: LeavingProps) {
  const action = useAction();
  return (
    <Sheet title={t("aside-leave")} onClose={onClose} onBack={onBack}>
      <p>{t("aside-leave-words", { group: main.name.value })}</p>
      <Trouble code={action.code} />
      <div class="buttons">
        <Button
          kind="remove"
          idle={action.busy}
          onPress={() =>
            action.run(async () => {
              await room.leave();
              navigate(`/g/${room.groupId}`, "replace");
            })
          }
        >
          {t("aside-leave-do")}
        </Button>
        <Button onPress={onBack}>{t("aside-leave-not")}</Button>
      </div>
    </Sheet>
  );
}
