import { t } from "../../i18n/text";
import type { Member, RoomView } from "../../room/types";
import { mayDo } from "../room/rights";
import { Row } from "../shared/Row";
import { Trouble } from "../shared/Trouble";
import { useDone } from "./useDone";

/** Lets this person speak now, where the floor goes round. */
export function GiveFloorRow({ room, member, onDone }: { room: RoomView; member: Member; onDone: () => void }) {
  const done = useDone(onDone);
  const live = room.live.value;
  if (!live || live.terms.mode === "open" || live.floor.holder === member.id || !mayDo(room, "give_floor")) return null;
  const give = (): void =>
    done.run(() => room.leading.giveFloor(member.id), t("floor-given", { name: member.pseudonym }));
  return (
    <>
      <Row icon="hand" words={t("floor-give")} under={t("floor-give-under")} onPress={give} />
      <Trouble code={done.code} />
    </>
  );
}
