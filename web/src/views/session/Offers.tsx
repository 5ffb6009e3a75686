import type { LiveView } from "../../room/liveView";
import type { RoomView } from "../../room/types";
import { useAction } from "../action";
import type { SheetName } from "../room/inRoom";
import { Button } from "../shared/Button";
import { Trouble } from "../shared/Trouble";
import { offersOf } from "./offers";

/** Buttons for what comes next; nothing where the evening goes on by itself. */
export function Offers({ room, live, onOpen }: { room: RoomView; live: LiveView; onOpen: (sheet: SheetName) => void }) {
  const action = useAction();
  const offers = offersOf(room, live);
  if (offers.length === 0) return null;
  return (
    <div class="turn-offers">
      {offers.map((offer) => (
        <Button key={offer.words} icon={offer.icon} small idle={action.busy} onPress={() => ("act" in offer ? action.run(offer.act) : onOpen(offer.open))}>
          {offer.words}
        </Button>
      ))}
      <Trouble code={action.code} />
    </div>
  );
}
