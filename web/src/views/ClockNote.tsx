import { useEffect, useState } from "preact/hooks";
import { t } from "../i18n/text";
import { ofBrowser } from "../platform";
import { useApp } from "./context";
import { Button } from "./shared/Button";
import { Icon } from "./shared/Icon";

/** Told once: that this device's clock is wrong, and that nothing hangs on it. Once it was right it is told anew. */
export function ClockNote() {
  const wrongBy = useApp().clockWrongBy.value;
  const [told, setTold] = useState(ofBrowser.get("clock") === "told");
  useEffect(() => {
    if (wrongBy !== 0 || !told) return;
    ofBrowser.set("clock", "");
    setTold(false);
  }, [wrongBy, told]);
  const close = (): void => {
    ofBrowser.set("clock", "told");
    setTold(true);
  };
  return (
    <div role="status">
      {wrongBy !== null && wrongBy !== 0 && !told && (
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
