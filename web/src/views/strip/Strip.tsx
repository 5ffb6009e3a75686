import { useEffect, useRef, useState } from "preact/hooks";
import { t } from "../../i18n/text";
import { type Action, useAction } from "../action";
import { say } from "../say";
import { Icon } from "../shared/Icon";
import { Trouble } from "../shared/Trouble";
import { isAmber, type StripItem } from "./item";
import { useFront } from "./front";

/** One line under the header, or nothing: what most needs a look, with the rest a tap away. `items` are in order. */
export function Strip({ items, big }: { items: readonly StripItem[]; big: boolean }) {
  const [open, setOpen] = useState(false);
  const action = useAction();
  const strip = useRef<HTMLDivElement>(null);
  const front = useFront(items, strip);
  const rest = items.filter((item) => item !== front);
  useTelling(front, rest.length, items);
  const unfolded = open && front !== null && rest.length > 0;
  useFoldAway(strip, unfolded, () => setOpen(false));
  return (
    <div class="room-strip" ref={strip} data-amber={front && isAmber(front) ? "" : undefined}>
      {front && (
        <div class="strip-line">
          <StripWords item={front} action={action} />
          {rest.length > 0 && (
            <button type="button" class="strip-more" aria-expanded={unfolded} onClick={() => setOpen(!open)}>
              <span aria-hidden="true">{unfolded ? !big && t("strip-fold") : t(big ? "strip-more-short" : "strip-more", { count: rest.length })}</span>
              <span class="unseen">{unfolded ? t("strip-fold") : t("strip-more", { count: rest.length })}</span>
              <Icon name={unfolded ? "up" : "unfold"} />
            </button>
          )}
        </div>
      )}
      {unfolded && (
        <ul class="strip-rest" tabIndex={-1}>
          {rest.map((item) => (
            <li key={item.key} data-amber={isAmber(item) ? "" : undefined}>
              <StripWords item={item} action={action} said />
            </li>
          ))}
        </ul>
      )}
      <Trouble code={action.code} />
    </div>
  );
}

/** `said`: whether it is read here, where no live region has told it. */
function StripWords({ item: { icon, words, full, aside, action: way }, action, said }: { item: StripItem; action: Action; said?: boolean }) {
  return (
    <>
      <Icon name={icon} />
      <p class="strip-words">
        <span aria-hidden="true" dir="auto">
          {words}
        </span>
        {said && <span class="unseen">{full}</span>}
        {aside !== undefined && <span class="strip-aside"> {aside}</span>}
      </p>
      {way && "href" in way && (
        <a class="strip-do" href={way.href}>
          {way.words}
        </a>
      )}
      {way && !("href" in way) && (
        <button type="button" class="strip-do" aria-disabled={action.busy} onClick={() => ("act" in way ? action.run(way.act) : way.open())}>
          {way.words}
        </button>
      )}
    </>
  );
}

/** Milliseconds after which it stands: what is over by then is not worth a word. */
const STANDS = 500;

/** Says what takes the line, once, with how many others there are then; and at once what is loud, wherever it stands. */
function useTelling(front: StripItem | null, others: number, items: readonly StripItem[]): void {
  const words = useRef("");
  words.current = front === null ? "" : others > 0 ? t("strip-and-more", { words: front.full, count: others }) : front.full;
  const key = front === null || front.loud ? null : front.key;
  useEffect(() => {
    if (key === null) return;
    const timer = setTimeout(() => say(words.current), STANDS);
    return () => clearTimeout(timer);
  }, [key]);
  const told = useRef<ReadonlySet<string>>(new Set());
  useEffect(() => {
    const loud = items.filter((item) => item.loud);
    for (const item of loud) if (!told.current.has(item.key)) say(item.full, { when: "now" });
    told.current = new Set(loud.map((item) => item.key));
  }, [items]);
}

/** While the rest lies over the conversation: the focus goes to its first row; Escape and a tap beside it fold it away. */
function useFoldAway(strip: { readonly current: HTMLElement | null }, open: boolean, fold: () => void): void {
  const latest = useRef(fold);
  latest.current = fold;
  useEffect(() => {
    if (!open) return;
    const place = strip.current;
    const list = place?.querySelector<HTMLElement>(".strip-rest");
    (list?.querySelector<HTMLElement>(".strip-do") ?? list)?.focus();
    const onKey = (event: KeyboardEvent): void => {
      if (event.key !== "Escape") return;
      latest.current();
      place?.querySelector<HTMLElement>(".strip-more")?.focus();
    };
    const onDown = (event: Event): void => {
      if (event.target instanceof Node && !place?.contains(event.target)) latest.current();
    };
    document.addEventListener("keydown", onKey);
    document.addEventListener("pointerdown", onDown);
    return () => {
      document.removeEventListener("keydown", onKey);
      document.removeEventListener("pointerdown", onDown);
    };
  }, [strip, open]);
}
