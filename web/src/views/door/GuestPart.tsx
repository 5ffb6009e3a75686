import { t } from "../../i18n/text";
import type { Member, RoomView } from "../../room/types";
import { useAction } from "../action";
import { offerUndo } from "../care/undo";
import { Button } from "../shared/Button";
import { Trouble } from "../shared/Trouble";

/** Someone who is here as a guest, and saying goodbye to them. */
export function GuestPart({ room, member, onDone }: { room: RoomView; member: Member; onDone: () => void }) {
  const action = useAction();
  const name = member.pseudonym;
  const thank = async (): Promise<void> => {
    await room.doing.remove(member.id, false, null);
    offerUndo({ words: t("guest-thanked", { name }), undo: null });
    onDone();
  };
  return (
    <div class="box">
      <p>{t("guest-thank-words", { name })}</p>
      <Trouble code={action.code} />
      <Button small idle={action.busy} onPress={() => action.run(thank)}>
        {t("guest-thank", { name })}
      </Button>
    </div>
  );
}
