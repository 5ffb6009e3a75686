import { useEffect, useState } from "preact/hooks";
import { t } from "../i18n/text";
import { ofBrowser } from "../platform";
import { useApp } from "./context";
import { Button } from "./shared/Button";
import { Icon } from "./shared/Icon";

/** Told once: that this device's clock is wrong, and that nothing hangs on it. Once it was right it is told anew. */
export function ClockNote() {
  const wrong = useApp().clockWrongBy.value !== 0;
  const [told, setTold] = useState(ofBrowser.get("clock") === "told");
  useEffect(() => {
    if (wrong || !told) return;
    ofBrowser.set("clock", "");
    setTold(false);
  }, [wrong, told]);
  const close = (): void => {
    ofBrowser.set("clock", "told");
    setTold(true);
  };
  return (
    <div role="status">
      {wrong && !told && (
        <aside class="reminder" aria-labelledby="clock-note">
          <Icon name="clock" />
          <p id="clock-note">{t("clock-wrong")}</p>
          <Button small onPress={close}>
            {t("close")}
          </Button>
        </aside>
      )}
    </div>
  );
}
