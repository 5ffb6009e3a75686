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

export function Login() {
  const app = useApp();
  const action = useAction();
  const [handle, setHandle] = useState("");
  const [passphrase, setPassphrase] = useState("");
  const [tried, setTried] = useState(false);

  const submit = (event: Event): void => {
    event.preventDefault();
    setTried(true);
    if (!isHandle(typedHandle(handle)) || passphrase === "") return;
    action.run(async () => {
      await app.login(handle, passphrase);
      navigate(onward(), "replace");
    });
  };

  return (
    <Page name={t("login-page")} back="/">
      <form class="flow" noValidate onSubmit={submit}>
        <div class="intro">
          <Heading>{t("login-title")}</Heading>
          <p class="soft">{t("login-intro")}</p>
        </div>
        <Handle
          value={handle}
          onValue={setHandle}
          wrong={tried && !isHandle(typedHandle(handle)) ? t("refused-handle-invalid") : null}
          fresh={false}
        />
        <Passphrase
          value={passphrase}
          onValue={setPassphrase}
          wrong={tried && passphrase === "" ? t("passphrase-empty") : null}
          fresh={false}
        />
        <div class="stack">
          <Trouble code={action.code} />
          <Button kind="primary" submit idle={action.busy}>
            {action.busy ? t("login-busy") : t("login-do")}
          </Button>
          <p class="note centre">
            <a class="tap" href={`/account${location.search}`}>
              {t("login-register")}
            </a>
          </p>
        </div>
      </form>
    </Page>
  );
}
