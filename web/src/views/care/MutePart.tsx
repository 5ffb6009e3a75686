import { useState } from "preact/hooks";
import { LONGEST } from "../../crypto/texts";
import type { Member, RoomView } from "../../room/types";
import { t } from "../../i18n/text";
import { useAction } from "../action";
import { Button } from "../shared/Button";
import { Choices } from "../shared/Choices";
import { Trouble } from "../shared/Trouble";
import { LENGTHS, lengthWords, leftWords, muteLength, shortLength, type Length } from "./lasting";
import { ReasonField } from "./ReasonField";
import { offerUndo } from "./undo";
import { useWords } from "../unsent";
import { useNow } from "./useNow";

export interface MutePartProps {
  readonly room: RoomView;
  readonly member: Member;
  readonly onDone: () => void;
}

/** Pausing someone's messages: for how long, why, and what they will see. */
export function MutePart({ room, member, onDone }: MutePartProps) {
  const [longer, setLonger] = useState(false);
  if (member.muted && !longer) return <Muted room={room} member={member} onDone={onDone} onLonger={() => setLonger(true)} />;
  return <Mute room={room} member={member} onDone={onDone} />;
}

function Mute({ room, member, onDone }: MutePartProps) {
  const [length, setLength] = useState<Length>("300");
  const reason = useWords(`${room.groupId} mute ${member.id}`, LONGEST.reason);
  const action = useAction();
  const name = member.pseudonym;
  const lasts = lengthWords(muteLength(length));
  return (
    <section class="part">
      <Choices
        legend={t("mute-title")}
        value={length}
        options={LENGTHS.map((value) => ({ value, label: shortLength(value) }))}
        onChoose={setLength}
      />
      <div class="box">
        <p class="why">{t("mute-they-see", { name })}</p>
        <p dir="auto">{t("quoted", { words: [t("mute-told", { lasts }), reason.given, t("mute-can-read")].filter(Boolean).join(" ") })}</p>
        <p class="why">{t("mute-who-sees")}</p>
      </div>
      <ReasonField name={name} words={reason} />
      <Trouble code={action.code} />
      <Button
        kind="primary"
        idle={action.busy || !reason.fits}
        onPress={() =>
          action.run(async () => {
            await room.doing.mute(member.id, muteLength(length), reason.given);
            reason.done();
            offerUndo({ words: t("mute-done", { name, lasts }), undo: () => room.doing.unmute(member.id) });
            onDone();
          })
        }
      >
        {t("mute-do", { name, lasts })}
      </Button>
    </section>
  );
}

function Muted({ room, member, onDone, onLonger }: MutePartProps & { onLonger: () => void }) {
  const action = useAction();
  const now = useNow(room);
  const name = member.pseudonym;
  const deed = room.audit.value.findLast(({ what, whom }) => what === "mute" && whom?.id === member.id);
  if (!member.muted) return null;
  return (
    <section class="part">
      <div class="box">
        <p>{t("muted-is", { name, lasts: leftWords(member.muted, now) })}</p>
        {deed && <p class="why">{t("muted-by", { by: deed.by.pseudonym })}</p>}
        {deed?.reason && (
          <p class="why" dir="auto">
            {t("quoted", { words: deed.reason })}
          </p>
        )}
      </div>
      <Trouble code={action.code} />
      <div class="buttons">
        <Button
          kind="primary"
          idle={action.busy}
          onPress={() =>
            action.run(async () => {
              await room.doing.unmute(member.id);
              offerUndo({ words: t("unmute-done", { name }), undo: null });
              onDone();
            })
          }
        >
          {t("unmute-do", { name })}
        </Button>
        <Button onPress={onLonger}>{t("mute-longer")}</Button>
      </div>
    </section>
  );
}
