/** The fold, for actions that run the live session, and what time and departures do to it. As `safespace.rooms.running`. */
import type { Action, ActionOf } from "./actions.ts";
import { deal } from "./dealing.ts";
import * as floors from "./floor.ts";
import * as lives from "./live.ts";
import { memberIn, withMember } from "./membership.ts";
import { keptNames } from "./naming.ts";
import { movedTo } from "./passing.ts";
import { PolicyError } from "./policyError.ts";
import { cannotAsk, silences } from "./silence.ts";
import { NO_SHEET, type State } from "./state.ts";

/** What time alone made of a state: sessions began and ended, turns ran out. */
export function settle(state: State, time: number): State {
  let settled = state;
  let ends = lives.firstEnd(settled.live, time);
  while (ends !== null && ends < time) {
    settled = settleOne(settled, ends);
    ends = lives.firstEnd(settled.live, time);
  }
  return settleOne(settled, time);
}

/** The same, where no session ends before `time`. */
function settleOne(state: State, time: number): State {
  const [live, floor] = lives.settled(state.live, state.floor, time);
  const names = keptNames(state.names, time);
  const same = live === state.live && floor === state.floor;
  if (same) return names === state.names ? state : { ...state, names };
  const themes = live.breakouts ? state.themes : {};
  return afterSession(state, { ...state, live, floor, themes, names }, time);
}

/** Throws PolicyError unknown_member, unknown_segment, unchanged, forbidden, or what `cannotAsk` says or `deal` throws. */
export function run(state: State, id: string, action: Action, time: number): State {
  const me = memberIn(state, id);
  let { plans, themes } = state;
  switch (action.action) {
    case "write_rules": {
      const version = state.rules.version + 1;
      return withMember({ ...state, rules: { version, text: action.rules } }, id, { ...me, agreed: version });
    }
    case "write_run_sheet":
      return { ...state, sheet: { ...NO_SHEET, segments: action.segments } };
    case "move_on":
      if (action.at !== null && action.at >= state.sheet.segments.length) throw new PolicyError("unknown_segment");
      if (action.at === state.sheet.at) throw new PolicyError("unchanged");
      return { ...state, sheet: { ...state.sheet, at: action.at, since: time } };
    case "set_pace":
      if (action.pace === state.pace) throw new PolicyError("unchanged");
      return { ...state, pace: action.pace };
    case "give_floor":
      memberIn(state, action.target);
      break;
    case "start_round":
      for (const one of action.order) memberIn(state, one);
      break;
    case "raise_hand": {
      const why = cannotAsk(state, id, time);
      if (why) throw new PolicyError(why);
      break;
    }
    case "pass_turn":
      if (action.absent && !state.presence) throw new PolicyError("forbidden");
      break;
    case "plan": {
      const { title, note, zone, rule } = action;
      plans = { ...plans, [action.plan]: { title, note, zone, rule, segments: plans[action.plan]?.segments ?? [] } };
      break;
    }
    case "unplan":
      plans = Object.fromEntries(Object.entries(plans).filter(([one]) => one !== action.plan));
      break;
    case "break_out":
      themes = action.titles;
      break;
    case "renew_room":
      themes = movedTo(themes, action.old, action.into);
      break;
    default:
  }
  const members = Object.keys(state.members).length;
  const dealer = { id, role: me.role, time, members, silences: silences(state, time) };
  const [live, floor] = deal(state.live, state.floor, dealer, action);
  const prompts = action.action === "open_ballot" ? prompted(state, live, action) : state.prompts;
  return afterSession(state, { ...state, live, floor, plans, prompts, themes: live.breakouts ? themes : {} }, time);
}

/**
 * What it means for session and floor that someone came or went, may speak now or not. Throws PolicyError locked.
 *
 * An admission, which has no time when it is handed over, changes nothing about who may use the floor.
 */
export function follow(before: State, after: State, action: Action, time: number): State {
  let table: lives.Table = [after.live, after.floor];
  const replaces = action.action === "admit" ? action.replaces : null;
  if (action.action === "admit") {
    if (replaces === null && lives.settled(...table, time)[0].locked) throw new PolicyError("locked");
    if (replaces !== null) table = lives.renamed(...table, replaces, action.target);
  }
  for (const id of Object.keys(before.members)) {
    if (!(id in after.members) && id !== replaces) table = lives.without(...table, id, time);
  }
  const [live, floor] = table;
  const followed = { ...after, live, floor };
  if (action.action === "admit") return followed;
  return { ...followed, floor: floors.heeding(live.terms, floor, silences(followed, time), time) };
}

/** What the ballots that are remembered say, the new one too. */
function prompted(state: State, live: lives.Live, action: ActionOf<"open_ballot">): State["prompts"] {
  const { ballot, prompt, answer_key, readers } = action;
  const kept = Object.entries(state.prompts).filter(([id]) => id in live.ballots);
  return { ...Object.fromEntries(kept), [ballot]: { prompt, answer_key, readers } };
}

/** When a session has ended, at `at`, mutes for the session have too, and what was said of its evening. Its plan keeps the run-sheet. */
function afterSession(before: State, after: State, at: number): State {
  if (after.live.ended === before.live.ended) return after;
  const mutes = Object.fromEntries(
    Object.entries(after.mutes).map(([id, muted]) => {
      return [id, muted.session ? { ...muted, until: Math.min(muted.until ?? at, at) } : muted];
    }),
  );
  const plan = lives.onBy(before.live, at)?.plan ?? null;
  const planned = plan === null ? undefined : after.plans[plan];
  const { segments } = before.sheet;
  const plans = plan !== null && planned && segments.length > 0 ? { ...after.plans, [plan]: { ...planned, segments } } : after.plans;
  return { ...after, mutes, plans, sheet: NO_SHEET, pace: "usual" };
}
