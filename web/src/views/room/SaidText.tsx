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
    <div class="said-one" data-state={message.state}>
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
  return (
    <div class="said-failed">
      <p class="trouble">
        <Icon name="look" />
        <span>
          {t("send-failed")} {message.code !== null && wordsFor(message.code)}
        </span>
      </p>
      <div class="buttons">
        <Button small icon="again" idle={action.busy} onPress={() => action.run(() => room.retry(message.id))}>
          {t("try-again")}
        </Button>
        <Button small icon="trash" idle={action.busy} onPress={() => action.run(() => room.discard(message.id))}>
          {t("send-delete")}
        </Button>
      </div>
    </div>
  );
}
