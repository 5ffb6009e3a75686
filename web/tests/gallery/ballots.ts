/** Rooms in which something is asked without names. */
import { signal } from "@preact/signals";
import { answering } from "../../src/crypto/ballots";
import type { BallotDeeds, BallotOutcome, BallotsView, BallotView } from "../../src/room/types";

const MINUTE = 60_000;

function asked(state: string): readonly BallotView[] {
  const now = Date.now();
  const common = { asks: "questions", prompt: "What would you like to ask?", mine: false, fate: "ready", said: null } as const;
  switch (state) {
    case "ballot":
    case "busy":
      return [{ ...common, id: "b1", closes: now + 3 * MINUTE }];
    case "ballot_feedback":
      return [{ ...common, id: "b1", closes: now + 3 * MINUTE, asks: "feedback", prompt: "How did this session leave you?" }];
    case "ballot_kept":
      return [{ ...common, id: "b1", closes: now + 3 * MINUTE, said: answering("Does it get easier?", null) }];
    case "ballot_going":
      return [{ ...common, id: "b1", closes: now - MINUTE / 6 }];
    case "ballot_few":
      return [{ ...common, id: "b1", closes: now - 2 * MINUTE, fate: "sent" }];
    case "leading":
      return [
        { ...common, id: "b2", closes: now - 4 * MINUTE, mine: true, fate: "sent" },
        { ...common, id: "b3", closes: now - 3 * MINUTE, mine: true, fate: "sent", asks: "feedback", prompt: "How did this session leave you?" },
        { ...common, id: "b1", closes: now + 3 * MINUTE, mine: true },
      ];
    default:
      return [];
  }
}

export function ballots(state: string): BallotsView {
  const list = signal(asked(state));
  const outcome = (id: string): BallotOutcome => {
    if (state === "ballot_few") return { status: "too_few", answers: [] };
    const answers =
      id === "b2"
        ? [answering("Does it get easier? I mean the evenings, when nobody is there and I cannot sleep.", null), answering("هل هناك من يشعر بذلك؟", null)]
        : [answering("Thank you.", "better"), answering("", "unsure"), answering("It was a lot tonight.", "worse")];
    return { status: "in", answers };
  };
  const deeds: BallotDeeds = {
    open: () => Promise.resolve(),
    close: () => Promise.resolve(),
    say: (id, text, mood) => {
      list.value = list.value.map((ballot) => (ballot.id === id ? { ...ballot, said: answering(text, mood) } : ballot));
      return Promise.resolve();
    },
    read: (id) => Promise.resolve(outcome(id)),
  };
  return { list, deeds: () => Promise.resolve(deeds) };
}
