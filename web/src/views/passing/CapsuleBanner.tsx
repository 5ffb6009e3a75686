import type { RoomView } from "../../room/types";
import { t } from "../../i18n/text";
import { Icon } from "../shared/Icon";

/** That nothing of this session is kept, above all that is said in it; and, on the way in, that it takes a moment. */
export function CapsuleBanner({ room }: { room: RoomView }) {
  const { held, capsule } = room.passing;
  return (
    <div role="status">
      {held.value && (
        <div class="banner calm">
          <Icon name="leaf" />
          <p>{capsule.value ? t("capsule-line", { count: capsule.value.members.value.length }) : t("capsule-coming")}</p>
        </div>
      )}
    </div>
  );
}
