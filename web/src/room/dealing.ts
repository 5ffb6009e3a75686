/** What an action does to the session and the floor. As `safespace.rooms.dealing`, by which the relay goes, too. */
import type { Action } from "./actions.ts";
import * as floors from "./floor.ts";
import type { Floor, Silences, Terms } from "./floor.ts";
import * as lives from "./live.ts";
import { type Live, MINUTE, type Table } from "./live.ts";
import * as passing from "./passing.ts";
import { PolicyError } from "./policyError.ts";
import { RANKS } from "./roles.ts";
import type { Role } from "./types.ts";

/** Who does something, when, in a group of so many `members`, of whom some cannot use the floor. */
export interface Dealer {
  readonly id: string;
  readonly role: Role;
  readonly time: number;
  readonly members: number;
  readonly silences: Silences;
}

/**
 * What is after someone did this; the two are settled already, and whom it names are members.
 *
 * Actions of other kinds change nothing. Throws PolicyError with a code of the rule's own, forbidden or invalid_field.
 */
export function deal(live: Live, floor: Floor, { id, role, time, members, silences }: Dealer, action: Action): Table {
  switch (action.action) {
    case "plan": {
      const { plan, starts, minutes, clock } = action;
      return [lives.plan(live, plan, { starts, minutes, clock }, time), floor];
    }
    case "unplan":
      return [lives.unplan(live, action.plan), floor];
    case "open_session":
      return [lives.openSession(live, action.plan, action.minutes, id, time), floor];
    case "extend_session":
      return [lives.extendSession(live, action.minutes, time), floor];
    case "take_lead":
      return [lives.takeLead(live, id), floor];
    case "close_session":
      return lives.closeSession(live, floor, time);
    case "between_sessions":
      return [lives.changed(live, { between: action.on }), floor];
    case "lock":
      return [lives.changed(live, { locked: action.on }), floor];
    case "pause":
      return [lives.pause(live, id, action.note, time), floor];
    case "resume":
      return lives.resume(live, floor, time);
    case "slow_mode":
      return [lives.changed(live, { slow: action.seconds }), floor];
    case "set_floor": {
      const { mode, seconds, grace } = action;
      if (mode === "round") throw new PolicyError("invalid_field");
      const terms: Terms = { mode, seconds, grace };
      return [{ ...live, terms }, floors.setFloor(live.terms, floor, terms, time)];
    }
    case "start_round": {
      const terms: Terms = { mode: "round", seconds: action.seconds, grace: action.grace };
      return [{ ...live, terms }, floors.startRound(terms, floor, action.order, silences, time)];
    }
    case "give_floor":
      return [live, floors.giveFloor(live.terms, floor, action.target, silences, time)];
    case "raise_hand":
      return [live, floors.raiseHand(live.terms, floor, id, action.too, silences, time)];
    case "lower_hand": {
      const whose = action.target ?? id;
      if (whose !== id && RANKS[role] < RANKS.facilitator) throw new PolicyError("forbidden");
      return [live, floors.lowerHand(floor, whose)];
    }
    case "lower_hands":
      return [live, floors.lowerHands(floor)];
    case "pass_turn":
      return [live, floors.passTurn(floor, id, role, action, time)];
    case "open_ballot": {
      const { ballot, asks, minutes, token_key } = action;
      const opened = { asks, token_key, opened: time, closes: time + minutes * MINUTE, voters: members };
      return [lives.openBallot(live, ballot, opened), floor];
    }
    case "close_ballot":
      return [lives.closeBallot(live, action.ballot, time), floor];
    case "capsule":
      return [passing.hold(live, action.into), floor];
    case "break_out":
      return [passing.breakOut(live, action.rooms, action.minutes, time), floor];
    case "call_back":
      return [passing.callBack(live), floor];
    case "renew_room":
      return [passing.renew(live, action.old, action.into, id, role), floor];
    default:
      return [live, floor];
  }
}
