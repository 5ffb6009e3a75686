import { useState } from "preact/hooks";
import type { Deed } from "../../room/types";
import { t } from "../../i18n/text";
import { fullTime } from "../../i18n/time";
import { Passphrase } from "../account/Passphrase";
import { useAction } from "../action";
import { useApp } from "../context";
import { Button } from "../shared/Button";
import { Trouble } from "../shared/Trouble";
import { deedWords } from "./deedWords";

/** Reads a file that was saved here, on this device alone. */
export function OpenKept() {
  const app = useApp();
  const [file, setFile] = useState<File | null>(null);
  const [passphrase, setPassphrase] = useState("");
  const [deeds, setDeeds] = useState<readonly Deed[] | null>(null);
  const action = useAction();
  if (deeds) {
    return (
      <ol class="deeds">
        {deeds.map((deed) => (
          <li key={deed.seq}>
            <p>{deedWords(deed)}</p>
            {deed.reason !== null && <p class="said">{t("quoted", { words: deed.reason })}</p>}
            <span class="note">{fullTime(deed.time)}</span>
          </li>
        ))}
      </ol>
    );
  }
  return (
    <form
      class="stack"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (file) action.run(async () => setDeeds(await app.openDeeds(await file.text(), passphrase)));
      }}
    >
      <label class="file">
        <span>{t("open-file")}</span>
        <input type="file" accept="application/json,.json" onChange={(event) => setFile(event.currentTarget.files?.[0] ?? null)} />
      </label>
      <Passphrase value={passphrase} onValue={setPassphrase} wrong={null} fresh={false} />
      <Trouble code={action.code} />
      <Button kind="primary" submit idle={action.busy || !file || passphrase === ""}>
        {t("open-do")}
      </Button>
    </form>
  );
}
