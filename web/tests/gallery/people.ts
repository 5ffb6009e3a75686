/** Made-up people and what they say. */
import type { ReportedLine } from "../../src/crypto/reports";
import type { InviteCard, Member, Message, Notice, Role, TimelineItem } from "../../src/room/types";

export const GROUP = "0199-slow-tuesdays";
export const ROOM = "0199-slow-tuesdays-main";
const MINUTE = 60_000;

export const card: InviteCard = {
  invite: "0199-invite",
  group: GROUP,
  name: "Slow Tuesdays",
  welcome: "For people living with long COVID or ME.\nTuesdays at 7:30 pm, for one hour.",
  rules:
    "What is said here stays here.\nYou can pass, always. No reason needed.\nSay what helped you, not what others should do.\nRest, step out, come back. Your place stays.",
  from: "Fern",
  guest: null,
};

function member(id: string, pseudonym: string, role: Role, here: boolean, me = false): Member {
  return { id, pseudonym, role, me, here, agreed: true, agreedTo: 1, keyHolders: pseudonym === "Moss" ? 2 : 1, muted: null, listening: false, away: false, offered: null, blocked: false };
}

export function members(myRole: Role): readonly Member[] {
  return [
    member("f1cXq0Kd6bA7wP2mZr4TEg", "Fern", myRole === "owner" ? "facilitator" : "owner", true),
    member("jU8sPd2LwQ0nVb6KtYxE3A", "Juniper", "member", true),
    member("aL3mQx9ZrT5vBn1WdKp7Cw", "Alder", "member", true),
    member("wR7nYb4HsE2gUk8JcMq0Xg", "Wren", "member", true),
    member("mO5tGz1VfN6pRd3LhSx9Qw", "Moss", "moderator", false),
    member("sP2wJc8DkA4yHm7BvTf1Zw", "Sparrow", "member", false),
    member("hZ9eLr3QnX7uCg5MwVb2Kg", "Hazel", myRole, true, true),
  ];
}

/** A message can be reported; nobody looks into this in the gallery. */
const QUOTE: ReportedLine = { content: "", kf: "", leaf: "", epoch: 0, seq: 1, time: 0, commitment: "", stamp: "", endorsed: null };

const SAID: readonly (readonly [who: number, minutes: number, text: string])[] = [
  [0, -1500, "See you all on Tuesday. There is no need to prepare anything."],
  [0, 0, "Welcome, all. We go round once. Short is fine, silence is fine, and you can pass."],
  [1, 3, "I sat in the garden for ten minutes and did not crash after. Small, but I am counting it."],
  [2, 5, "That is not small."],
  [2, 6, "I told my boss I can only do mornings. She said yes before I had finished the sentence."],
  [6, 8, "I am here but not up to much today. Glad to read along."],
  [3, 11, "I told my sister what a bad day looks like. She listened, all the way through."],
  [3, 12, "She asked what would help. I had no answer yet, and that was all right."],
];

export function talk(people: readonly Member[], from: number): readonly TimelineItem[] {
  const messages = SAID.map(([who, minutes, text], at): Message => {
    const speaker = people[who % people.length];
    if (!speaker) throw new Error("Nobody says this");
    const { id: sender, pseudonym, me: mine } = speaker;
    return { kind: "message", id: `m${at}`, seq: at + 10, time: from + minutes * MINUTE, sender, pseudonym, mine, text, folded: null, card: null, quote: QUOTE, down: null, state: "sent", code: null };
  });
  const told: Notice = { kind: "notice", id: "n1", seq: 9, time: from - 1510 * MINUTE, what: "admitted", who: "Hazel", by: "Fern" };
  return [told, ...messages];
}

export function mine(people: readonly Member[], state: Message["state"], text: string, code: string | null): Message {
  const me = people.find((person) => person.me);
  if (!me) throw new Error("I am not here");
  return { kind: "message", id: `mine ${text}`, seq: null, time: Date.now(), sender: me.id, pseudonym: me.pseudonym, mine: true, text, folded: null, card: null, quote: null, down: null, state, code };
}
