import { t } from "../i18n/text";
import { CrisisContacts } from "./help/CrisisContacts";
import { Button } from "./shared/Button";
import { Statement } from "./shared/Statement";

/** Stands where a screen could not be drawn. Whom to call in a crisis is there whatever else is not. */
export function Broken() {
  return (
    <Statement page="" icon="look" title={t("broken-title")} words={[t("broken-words")]}>
      <Button kind="primary" onPress={() => location.reload()}>
        {t("part-reload")}
      </Button>
      <h2>{t("crisis-page")}</h2>
      <CrisisContacts />
    </Statement>
  );
}
