import { useLayoutEffect, useState } from "preact/hooks";
import { openPlace, spoken, type When } from "../say";

const WHEN: readonly When[] = ["politely", "now"];

/** Where `say` speaks: one for the page, and one in each sheet, as nothing is heard from under a sheet. */
export function Announcer() {
  const [place] = useState(() => Symbol("place"));
  useLayoutEffect(() => openPlace(place), [place]);
  const here = spoken.value.filter((line) => line.place === place);
  return (
    <div class="unseen">
      {WHEN.map((when) => (
        <div key={when} aria-live={when === "now" ? "assertive" : "polite"} aria-relevant="additions">
          {here.filter((line) => line.when === when).map(({ id, words }) => (
            <p key={id}>{words}</p>
          ))}
        </div>
      ))}
    </div>
  );
}
