import { Icon, type IconName } from "./Icon";

export interface RowProps {
  readonly icon: IconName;
  readonly words: string;
  readonly under?: string | undefined;
  /** Leads to something that cannot be taken back. */
  readonly remove?: boolean;
  readonly onPress: () => void;
}

/** One thing to go on to, in a list of such. */
export function Row({ icon, words, under, remove, onPress }: RowProps) {
  return (
    <button type="button" class={`row${remove ? " remove" : ""}`} onClick={onPress}>
      <Icon name={icon} />
      <span class="row-words">
        <b>{words}</b>
        {under && <span class="note">{under}</span>}
      </span>
      <Icon name="on" />
    </button>
  );
}
