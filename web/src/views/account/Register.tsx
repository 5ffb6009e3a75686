import { useState } from "preact/hooks";
import { isHandle, typedHandle } from "../../crypto/login";
import { t } from "../../i18n/text";
import { useAction } from "../action";
import { useApp } from "../context";
import { navigate, onward } from "../router";
import { Button } from "../shared/Button";
import { Heading } from "../shared/Heading";
import { Page } from "../shared/Page";
import { Trouble } from "../shared/Trouble";
import { Handle } from "./Handle";
import { Passphrase } from "./Passphrase";

const SHORTEST = 12;
/** Refusals that are about the handle, and are shown there. */
const OF_THE_HANDLE = ["handle_taken", "handle_invalid"];

export function Register() {
  const app = useApp();
  const action = useAction();
  const [handle, setHandle] = useState("");
  const [passphrase, setPassphrase] = useState("");
  const [tried, setTried] = useState(false);
  const goodHandle = isHandle(typedHandle(handle));
  const goodPassphrase = passphrase.length >= SHORTEST;

  const submit = (event: Event): void => {
    event.preventDefault();
    setTried(true);
    if (!goodHandle || !goodPassphrase) return;
    action.run(async () => {
      await app.register(handle, passphrase);
      navigate(onward(), "replace");
    });
  };

  const refusedHandle = action.code === "handle_taken" ? t("refused-handle-taken") : null;
  return (
    <Page name={t("register-page")} back="/">
      <form class="flow" noValidate onSubmit={submit}>
        <div class="intro">
          <Heading>{t("register-title")}</Heading>
          <p class="soft">{t("register-intro")}</p>
        </div>
        <Handle
          value={handle}
          onValue={setHandle}
          wrong={tried && !goodHandle ? t("refused-handle-invalid") : refusedHandle}
          fresh
        />
        <Passphrase
          value={passphrase}
          onValue={setPassphrase}
          wrong={tried && !goodPassphrase ? t("passphrase-short", { count: SHORTEST }) : null}
          fresh
        />
        <div class="box">
          <h2>{t("register-lost-title")}</h2>
          <p class="note">{t("register-lost")}</p>
        </div>
        <div class="stack">
          <Trouble code={action.code !== null && OF_THE_HANDLE.includes(action.code) ? null : action.code} />
          <Button kind="primary" submit idle={action.busy}>
            {action.busy ? t("register-busy") : t("register-do")}
          </Button>
          <p class="note centre">
            <a class="tap" href={`/login${location.search}`}>
              {t("register-login")}
            </a>
          </p>
        </div>
      </form>
    </Page>
  );
}
