import type { Message, RoomView } from "../../room/types";
import { t } from "../../i18n/text";
import { useAction } from "../action";
import { useApp } from "../context";
import { Button } from "../shared/Button";
import { Icon } from "../shared/Icon";
import { wordsFor } from "../shared/refusals";

/** One message, and under one's own what became of it. */
export function SaidText({ message, room }: { message: Message; room: RoomView }) {
  return (
    <div class="said-one" data-item={message.id} data-state={message.state}>
      <p class="said" dir="auto">
        {message.text}
      </p>
      {message.state === "sending" && <Sending />}
      {message.state === "failed" && <Failed message={message} room={room} />}
    </div>
  );
}

function Sending() {
  const saved = useApp().connection.value === "offline";
  return (
    <p class={`note said-state${saved ? "" : " late"}`}>
      <Icon name={saved ? "offline" : "clock"} />
      {saved ? t("sending-saved") : t("sending")}
    </p>
  );
}

function Failed({ message, room }: { message: Message; room: RoomView }) {
  const action = useAction();
  const decide = (step: (id: string) => Promise<void>): void => {
    action.run(() => step(message.id));
    // The buttons go away with the trouble; writing goes on.
    document.getElementById("write")?.focus();
  };
  return (
    <div class="said-failed">
      <p class="trouble">
        <Icon name="look" />
        <span>
          {t("send-failed")} {message.code !== null && wordsFor(message.code)}
        </span>
      </p>
      <div class="buttons">
        <Button small icon="again" idle={action.busy} onPress={() => decide((id) => room.retry(id))}>
          {t("try-again")}
        </Button>
        <Button small icon="trash" idle={action.busy} onPress={() => decide((id) => room.discard(id))}>
          {t("send-delete")}
        </Button>
      </div>
    </div>
  );
}
