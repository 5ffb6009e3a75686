import type { VNode } from "preact";
import { t } from "../../i18n/text";
import { Boundary } from "./Boundary";

export interface EachProps<T> {
  readonly of: readonly T[];
  readonly by: (one: T) => string | number;
  readonly draw: (one: T, at: number) => VNode;
  /** What each is. */
  readonly as?: "li" | "p";
}

/** Rows that show what others wrote, or their devices did: one that cannot be drawn takes none of the others down. */
export function Each<T>({ of, by, draw, as: Row = "li" }: EachProps<T>) {
  return (
    <>
      {of.map((one, at) => (
        <Boundary key={by(one)} instead={<Row class="notice">{t("line-broken")}</Row>}>
          <Drawn draw={() => draw(one, at)} />
        </Boundary>
      ))}
    </>
  );
}

function Drawn({ draw }: { draw: () => VNode }) {
  return draw();
}
