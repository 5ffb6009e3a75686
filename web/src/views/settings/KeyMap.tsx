import type { MessageId } from "../../i18n/ids";
import { t } from "../../i18n/text";
import { Sheet } from "../shared/Sheet";

const KEYS: readonly (readonly [key: MessageId, does: MessageId])[] = [
  ["key-enter", "key-enter-does"],
  ["key-newline", "key-newline-does"],
  ["key-tab", "key-tab-does"],
  ["key-scroll", "key-scroll-does"],
  ["key-message", "key-message-does"],
  ["key-escape", "key-escape-does"],
  ["key-exit", "key-exit-does"],
  ["key-help", "key-help-does"],
];

/** What the keys do, on `?`. */
export function KeyMap({ onClose }: { onClose: () => void }) {
  return (
    <Sheet title={t("keys-title")} onClose={onClose}>
      <dl class="keys">
        {KEYS.map(([key, does]) => (
          <div key={key} class="keys-row">
            <dt>
              <kbd>{t(key)}</kbd>
            </dt>
            <dd>{t(does)}</dd>
          </div>
        ))}
      </dl>
    </Sheet>
  );
}
