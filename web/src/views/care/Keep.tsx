import { useState } from "preact/hooks";
import type { RoomView } from "../../room/types";
import { t } from "../../i18n/text";
import { Passphrase } from "../account/Passphrase";
import { useAction } from "../action";
import { useApp } from "../context";
import { Button } from "../shared/Button";
import { Trouble } from "../shared/Trouble";
import { download } from "./download";
import { offerUndo } from "./undo";

const SHORTEST = 12;

/** Saves what was done as a file that only a passphrase opens. It is made on the device. */
export function Keep({ room, onDone }: { room: RoomView; onDone: () => void }) {
  const app = useApp();
  const [passphrase, setPassphrase] = useState("");
  const [tried, setTried] = useState(false);
  const action = useAction();
  const short = Array.from(passphrase).length < SHORTEST;
  return (
    <form
      class="stack"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        setTried(true);
        if (short) return;
        action.run(async () => {
          download(await app.sealDeeds(room.audit.value, passphrase), `safespace-${new Date(room.now()).toISOString().slice(0, 10)}.json`);
          offerUndo({ words: t("keep-done"), undo: null });
          onDone();
        });
      }}
    >
      <p>{t("keep-words")}</p>
      <Passphrase value={passphrase} onValue={setPassphrase} wrong={tried && short ? t("keep-short") : null} fresh />
      <p class="note">{t("keep-lost")}</p>
      <Trouble code={action.code} />
      <Button kind="primary" submit idle={action.busy}>
        {action.busy ? t("keep-busy") : t("keep-do")}
      </Button>
    </form>
  );
}
