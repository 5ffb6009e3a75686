import { wordsFor } from "./refusals";
import { Icon } from "./Icon";

/** Says in plain words why something was refused, and what to do. */
export function Trouble({ code, id }: { code: string | null; id?: string }) {
  return (
    <div role="alert" id={id}>
      {code !== null && (
        <p class="trouble">
          <Icon name="look" />
          <span>{wordsFor(code)}</span>
        </p>
      )}
    </div>
  );
}
