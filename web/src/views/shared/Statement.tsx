import type { ComponentChildren } from "preact";
import { Heading } from "./Heading";
import { Icon, type IconName } from "./Icon";
import { Page } from "./Page";

export interface StatementProps {
  readonly page: string;
  readonly icon: IconName;
  readonly title: string;
  /** Paragraphs. */
  readonly words: readonly string[];
  readonly children?: ComponentChildren;
  readonly bar?: string;
}

/** A screen that says one thing, and what can be done now. */
export function Statement({ page, icon, title, words, children, bar }: StatementProps) {
  return (
    <Page name={page} {...(bar === undefined ? {} : { bar })}>
      <div class="statement">
        <span class="statement-icon">
          <Icon name={icon} />
        </span>
        <Heading>{title}</Heading>
        <div class="stack statement-words">
          {words.map((paragraph) => (
            <p key={paragraph}>{paragraph}</p>
          ))}
        </div>
        <div class="stack">{children}</div>
      </div>
    </Page>
  );
}
