import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { t } from "../../i18n/text";
import { useArrival } from "../arrival";
import { pageName } from "../title";
import { Icon } from "./Icon";
import { Leave } from "./Leave";

export interface PageProps {
  /** What the browser calls the page. Never a group's name: it stays in the history of the browser. */
  readonly name: string;
  readonly children: ComponentChildren;
  /** The address of the arrow back; without one the product's name stands there. */
  readonly back?: string;
  /** Words in the bar beside the arrow or instead of the product's name. */
  readonly bar?: string;
  readonly wide?: boolean;
  /** Stands only until the screen itself can be drawn. */
  readonly passing?: boolean;
}

/** The frame of every screen but the room: bar, quick exit, one column. */
export function Page({ name, children, back, bar, wide, passing }: PageProps) {
  const main = useRef<HTMLElement>(null);
  useEffect(() => {
    pageName.value = name;
  }, [name]);
  useArrival(main, passing);
  return (
    <div class={`page${wide ? " wide" : ""}`}>
      <a class="skip" href="#main">
        {t("skip")}
      </a>
      <header class="bar">
        {back !== undefined && (
          <a class="round bar-back" href={back} aria-label={t("back")}>
            <Icon name="back" />
          </a>
        )}
        <span class="bar-name">{bar ?? t("product")}</span>
        <Leave />
      </header>
      <main id="main" ref={main} tabIndex={-1}>
        {children}
      </main>
    </div>
  );
}
