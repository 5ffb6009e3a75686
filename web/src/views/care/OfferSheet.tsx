import { t } from "../../i18n/text";
import { useAction } from "../action";
import type { InRoom } from "../room/inRoom";
import { aRole } from "../room/roleWord";
import { Button } from "../shared/Button";
import { Rules } from "../shared/Rules";
import { Sheet } from "../shared/Sheet";
import { Trouble } from "../shared/Trouble";
import { putOff } from "../strip/putOff";
import { Duties } from "./Duties";
import { offerUndo } from "./undo";

/** By what an offer is known that was put off: another one is asked about anew. */
export function offerKey({ groupId, offer: { value } }: InRoom["room"]): string {
  return `${groupId} ${value?.role} ${value?.by}`;
}

/** A role that is offered: what it means, what one agrees to, both answers, and none for now. */
export function OfferSheet({ room, onClose }: InRoom) {
  const action = useAction();
  const offer = room.offer.value;
  const me = room.me.value;
  if (!offer || !me) {
    return (
      <Sheet title={t("offer-gone")} onClose={onClose}>
        <Button onPress={onClose}>{t("close")}</Button>
      </Sheet>
    );
  }
  const role = aRole(offer.role);
  const answer = (step: () => Promise<void>, words: string): void =>
    action.run(async () => {
      await step();
      offerUndo({ words, undo: null });
      onClose();
    });
  return (
    <Sheet title={t("offer-title", { role })} under={t("offer-by", { by: offer.by })} onClose={onClose}>
      <Duties role={offer.role} />
      <section class="part">
        <h3>{t("charter-title")}</h3>
        <Rules text={room.charter.value} />
      </section>
      <p class="soft">{t("offer-free")}</p>
      <Trouble code={action.code} />
      <div class="buttons">
        <Button kind="primary" idle={action.busy} onPress={() => answer(() => room.doing.accept(), t("offer-accepted", { role }))}>
          {t("offer-accept")}
        </Button>
        <Button
          onPress={() => {
            putOff(offerKey(room));
            onClose();
          }}
        >
          {t("offer-later")}
        </Button>
        <Button idle={action.busy} onPress={() => answer(() => room.doing.endOffer(me.id), t("offer-declined", { by: offer.by }))}>
          {t("offer-decline")}
        </Button>
      </div>
    </Sheet>
  );
}
