import { t } from "../../i18n/text";
import { Ring } from "../shared/Ring";

/** A session of which nothing is kept, before anyone has spoken: what becomes of what one says. */
export function CapsuleEmpty() {
  return (
    <div class="empty">
      <div class="lamp middle small">
        <Ring />
      </div>
      <h2>{t("capsule-begins")}</h2>
      <p class="soft">{t("capsule-empty")}</p>
      <p class="soft">{t("capsule-photo")}</p>
    </div>
  );
}
