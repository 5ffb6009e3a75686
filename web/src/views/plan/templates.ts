/** Evenings to begin with: what the parts are, and for how long. Words are the person's own once they are taken. */
import type { MessageId } from "../../i18n/ids";
import { t } from "../../i18n/text";
import type { Segment } from "../../room/liveActions";

type Part = readonly [title: MessageId, minutes: number, kind: Segment["kind"]];

const PARTS = {
  structured: [
    ["evening-arriving", 5, "welcome"],
    ["evening-agreed", 5, "rules"],
    ["evening-how-are-you", 15, "check_in"],
    ["evening-topic", 20, "topic"],
    ["evening-take-along", 15, "closing"],
  ],
  free: [
    ["evening-arriving", 5, "welcome"],
    ["evening-who-is-here", 10, "check_in"],
    ["evening-open-talk", 35, "other"],
    ["evening-take-along", 10, "closing"],
  ],
  steps: [
    ["evening-quiet-moment", 5, "welcome"],
    ["evening-we-share", 5, "rules"],
    ["evening-step", 10, "topic"],
    ["evening-sharing", 30, "check_in"],
    ["evening-thanks", 10, "closing"],
  ],
  led: [
    ["evening-arriving", 5, "welcome"],
    ["evening-how-are-you", 10, "check_in"],
    ["evening-learn", 15, "guest"],
    ["evening-questions", 15, "questions"],
    ["evening-try", 10, "exercise"],
    ["evening-take-along", 5, "closing"],
  ],
  newcomers: [
    ["evening-welcome-new", 5, "welcome"],
    ["evening-agreed-read", 10, "rules"],
    ["evening-how-evenings-go", 10, "other"],
    ["evening-names", 15, "check_in"],
    ["evening-take-along", 5, "closing"],
  ],
} as const satisfies Record<string, readonly Part[]>;

export type Template = keyof typeof PARTS;

export const TEMPLATES: Readonly<Record<Template, MessageId>> = {
  structured: "template-structured",
  free: "template-free",
  steps: "template-steps",
  led: "template-led",
  newcomers: "template-newcomers",
};

export function segmentsOf(template: Template): Segment[] {
  return PARTS[template].map(([title, minutes, kind]) => ({ title: t(title), minutes, kind }));
}
