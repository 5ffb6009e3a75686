import { t } from "../../i18n/text";
import { Icon } from "../shared/Icon";
import { Leave } from "../shared/Leave";

export interface RoomBarProps {
  readonly name: string;
  /** Whether it is sure who can read this. */
  readonly certain: boolean;
  /** How many can read this. */
  readonly count: number;
  /** The part that the session is at. */
  readonly part: Part | null;
  readonly back: { readonly href: string; readonly words: string };
  /** Opens all there is to know about the place. */
  readonly onPlace: () => void;
  readonly onHelp: () => void;
  readonly onMenu?: () => void;
  /** Whether a keyboard leaves little of the screen. */
  readonly writing: boolean;
}

export interface Part {
  readonly title: string;
  readonly number: number;
  readonly count: number;
}

/** One line: where am I and who can read this, help, one menu, and the way out in the outer corner. */
export function RoomBar({ name, certain, count, part, back, onPlace, onHelp, onMenu, writing }: RoomBarProps) {
  const lock = certain ? t("lock-line", { count }) : t("lock-line-halted");
  // What one answers, while one writes.
  const title = writing && certain && part ? part.title : name;
  return (
    <header class="room-bar" data-doubt={certain ? undefined : ""}>
      <a class="round room-back" href={back.href} aria-label={back.words}>
        <Icon name="back" />
      </a>
      <h1 tabIndex={-1}>
        <button type="button" class="room-place" onClick={onPlace}>
          <span class="room-name">
            <span dir="auto">{title}</span>
            <Icon name={certain ? "lock" : "look"} />
          </span>
          <span class="unseen">{` ${title === name ? "" : `${name}. `}${lock}. `}</span>
          <span class="room-under">
            {!certain && <span class="room-under-words">{t("place-doubt")}</span>}
            {certain && part && (
              <>
                <span class="room-under-words" dir="auto">
                  {part.title}
                </span>{" "}
                <span class="unseen">{t("place-part")}</span> <span class="room-count">{t("place-count", { number: part.number, count: part.count })}</span>
              </>
            )}
            {certain && !part && <span class="room-under-words" aria-hidden="true">
                {t("place-lock", { count })}
              </span>}
          </span>
        </button>
      </h1>
      <button type="button" class="room-help" aria-label={t("help-ask")} onClick={onHelp}>
        <Icon name="help" />
        <span class="room-word">{t("help-ask")}</span>
      </button>
      {onMenu && (
        <button type="button" class="round room-menu" aria-label={t("menu")} onClick={onMenu}>
          <Icon name="menu" />
        </button>
      )}
      <Leave />
    </header>
  );
}
