/** The door, from inside: invites that are handed out, people who ask, and letting them in. */
import { b64decode, b64encode, equalBytes, type Bytes } from "../crypto/bytes.ts";
import { CryptoError } from "../crypto/errors.ts";
import { readKeyPackage, type PackageSummary } from "../crypto/handshake.ts";
import { generate } from "../crypto/hpke.ts";
import {
  deriveInviteKeys, type JoinRequest, type Material, openCard, openMaterial, openRequest, REPLY_LABEL, requestMac, sealCard, sealMaterial, sealReply, sealWord, verifyAgreement, type Visit,
} from "../crypto/invites.ts";
import type { Api } from "../net/api.ts";
import type { Plan } from "./acts.ts";
import { AppError } from "./errors.ts";
import { uuidBytes, uuidv7 } from "./ids.ts";
import { linkTo } from "./inviteLinks.ts";
import { idsOf } from "./former.ts";
import type { Ledger } from "./ledger.ts";
import { free } from "./namesakes.ts";
import type * as Names from "./names.ts";
import { reachable } from "./reach.ts";
import { may, STAFF } from "./roles.ts";
import type { Muted } from "./state.ts";
import type { InviteSummary, WaitingPerson } from "./types.ts";


interface InviteRow {
  readonly id: string;
  readonly uses: number;
  readonly used: number;
  readonly expires: number;
  readonly revoked: boolean;
  readonly card: string;
  readonly box: string | null;
  /** Those in office who have a box of it. */
  readonly holders: readonly string[];
}

interface RequestRow {
  readonly id: string;
  readonly invite: string;
  readonly package: string;
  readonly sealed: string;
  readonly expires: number;
  readonly mac: string;
  readonly created: number;
  /** The current member id of the account that asks. */
  readonly replaces: string | null;
  /** Whether the account was removed once. */
  readonly removed: boolean;
  readonly muted: Muted | null;
  readonly listening: boolean;
  /** The member id that it last had, if it is none now. */
  readonly was: string | null;
}

/** Someone who asks; `grant` is null unless everything about the request is genuine. */
export interface Applicant extends WaitingPerson {
  readonly grant: Grant | null;
}

interface Grant {
  readonly replaces: string | null;
  readonly was: string | null;
  readonly invite: Bytes;
  readonly message: Bytes;
  readonly summary: PackageSummary;
  readonly said: JoinRequest;
  readonly guest: Visit | null;
}

/** Makes an invite and gives its link. The server sees neither its fragment nor what is on the card. */
export async function createInvite(
  api: Api,
  ledger: Ledger,
  { uses, expires, guest }: { uses: number; expires: number; guest: Visit | null },
  origin: string,
): Promise<string> {
  const { record, state } = ledger;
  const invite = uuidv7();
  const id = uuidBytes(invite);
  const { privateKey, publicKey } = await generate();
  const { group, room, name, welcome, rules } = state;
  const from = state.members[record.me]?.pseudonym ?? "";
  const { fragment, sealed: card } = await sealCard(id, {
    v: 1, group, room, name, welcome, rules, from, key: b64encode(publicKey), guest,
  });
  const admitters = Object.entries(state.members).flatMap(([member, { role }]) => (may(role, "admit") ? member : []));
  const sealed = await Promise.all(
    reachable(ledger, admitters).map(async (member) => {
      const key = b64decode(state.members[member]?.key ?? "");
      return { member, box: b64encode(await sealMaterial(key, id, { fragment, privateKey })) };
    }),
  );
  await api.post(`/groups/${group}/invites`, { id: invite, card: b64encode(card), uses, expires, sealed });
  return linkTo({ invite, fragment: b64encode(fragment) }, origin);
}

/** The invites that still let people in. */
export async function listInvites(api: Api, { record }: Ledger, origin: string): Promise<InviteSummary[]> {
  const rows = await api.list<InviteRow>(`/groups/${record.group}/invites`);
  const open = rows.filter(({ revoked, used, uses, expires }) => !revoked && used < uses && expires > api.clock.now());
  return Promise.all(
    open.map(async (row) => {
      const { id, uses, used, expires } = row;
      const held = await openInvite(row, record.policyKey);
      const link = held && linkTo({ invite: id, fragment: b64encode(held.material.fragment) }, origin);
      return { id, uses, used, expires, link, guest: !!held?.guest };
    }),
  );
}

/**
 * Everyone who waits, oldest first, each request checked against the invite it speaks of. `loadNames` brings what judges
 * names.
 */
export async function readApplicants(
  api: Api, ledger: Ledger, loadNames: () => Promise<typeof Names>,
): Promise<Applicant[]> {
  const { state, record } = ledger;
  const { group, policyKey, me } = record;
  const requests = await api.list<RequestRow>(`/groups/${group}/requests`);
  if (requests.length === 0) return [];
  const { refusal, taken } = await loadNames();
  const invites = new Map((await api.list<InviteRow>(`/groups/${group}/invites`)).map((row) => [row.id, row]));
  const people = await Promise.all(
    requests.map(async (row) => {
      const invite = invites.get(row.invite);
      const grant = invite ? await examine(row, invite, policyKey, ledger) : null;
      const { pseudonym = "", note = "" } = grant?.said ?? {};
      const replaced = row.replaces === null ? undefined : state.members[row.replaces];
      const allowed = replaced !== undefined && may(state.members[me]?.role ?? "guest", "remove", replaced.role);
      const replaces = replaced ? { pseudonym: replaced.pseudonym, allowed } : null;
      const visit = grant?.guest ?? null;
      const staff = Object.entries(state.members).filter(([id, { role }]) => id !== row.replaces && STAFF.includes(role));
      return {
        request: row.id, invite: row.invite, pseudonym, note, since: row.created, genuine: grant !== null, replaces, visit,
        unopened: invite?.box === null ? invite.holders.flatMap((id) => state.members[id]?.pseudonym ?? []) : null,
        removed: row.removed, muted: row.muted, listening: row.listening, grant, comesAs: grant && nameIn(grant, ledger, refusal),
        asStaff: taken(pseudonym, staff.map(([, member]) => member.pseudonym)),
      };
    }),
  );
  return people.sort((one, other) => one.since - other.since);
}

/** The name with which somebody comes in; null where they have to choose another. */
function nameIn(grant: Grant, ledger: Ledger, refusal: typeof Names.refusal): string | null {
  try {
    return free(grant.said.pseudonym, namesBesides(ledger, grant.replaces, grant.was), refusal);
  } catch (error) {
    if (error instanceof AppError) return null;
    throw error;
  }
}

/** What this person holds of an invite; null where they hold nothing of it, or its card is another than it was made with. */
async function openInvite(
  { id, card, box }: InviteRow,
  policyKey: Bytes,
): Promise<{ material: Material; guest: Visit | null } | null> {
  if (box === null) return null;
  const inviteId = uuidBytes(id);
  try {
    const material = await openMaterial(policyKey, inviteId, b64decode(box));
    const { guest } = await openCard(await deriveInviteKeys(material.fragment, inviteId), b64decode(card));
    return { material, guest };
  } catch (error) {
    if (error instanceof CryptoError) return null;
    throw error;
  }
}

/**
 * null unless the MAC, the KeyPackage and the agreement are of one who holds the link, and whoever they are said to be
 * is in the group. The MAC is checked first.
 */
async function examine(row: RequestRow, invite: InviteRow, policyKey: Bytes, ledger: Ledger): Promise<Grant | null> {
  const held = await openInvite(invite, policyKey);
  if (!held || (row.replaces !== null && !(row.replaces in ledger.state.members))) return null;
  const inviteId = uuidBytes(row.invite);
  const requestId = uuidBytes(row.id);
  const group = uuidBytes(ledger.record.group);
  try {
    const keys = await deriveInviteKeys(held.material.fragment, inviteId);
    const message = b64decode(row.package);
    const sealed = b64decode(row.sealed);
    const expected = await requestMac(keys, group, requestId, row.expires, message, sealed);
    if (!equalBytes(expected, b64decode(row.mac)) || row.expires <= ledger.now()) return null;
    const summary = await readKeyPackage(message, ledger.now());
    const said = await openRequest(held.material.privateKey, inviteId, requestId, sealed);
    await verifyAgreement(said.agreement, summary.signatureKey, group, ledger.state.rules);
    return { replaces: row.replaces, was: row.was, invite: inviteId, message, summary, said, guest: held.guest };
  } catch (error) {
    if (error instanceof CryptoError) return null;
    throw error;
  }
}

/** What everyone is called, was called of late, or was when banned or last seen here, but for these members. */
export function namesBesides({ record, state }: Ledger, ...members: (string | null)[]): string[] {
  const own = members.flatMap((id) => (id === null ? [] : idsOf(state, id)));
  const named: [string, { pseudonym: string }][] = [
    ...Object.entries(state.members),
    ...Object.entries(record.roll),
    ...[...state.banned, ...state.names].map((one): [string, typeof one] => [one.member, one]),
  ];
  return named.flatMap(([id, { pseudonym }]) => (own.includes(id) ? [] : pseudonym));
}

/**
 * Letting someone in: the announcement, the Add of exactly their KeyPackage, and the answer only this group can give.
 * `refusal` judges their name.
 */
export function admission(
  { request, grant, muted, ...person }: Applicant, ledger: Ledger, refusal: typeof Names.refusal, listening = false,
): Plan {
  const { record, state } = ledger;
  if (!grant) throw new AppError("not_genuine");
  const { message, summary, said } = grant;
  // Whoever left meanwhile, on the old device, comes like anyone else.
  const replaced = grant.replaces === null ? undefined : state.members[grant.replaces];
  const pseudonym = free(said.pseudonym, namesBesides(ledger, grant.replaces, grant.was), refusal);
  const requestId = uuidBytes(request);
  const target = b64encode(summary.identity);
  // Leaving and coming back sheds neither a mute nor listening.
  const goesOn = replaced ? null : muted;
  return {
    action: {
      action: "admit",
      target,
      pseudonym,
      role: replaced?.role ?? (grant.guest ? "guest" : "member"),
      key: said.key,
      package: b64encode(summary.ref),
      request,
      agreement: said.agreement,
      listening: listening || person.listening,
      replaces: replaced ? grant.replaces : null,
      session: goesOn && goesOn.session,
      until: goesOn && goesOn.until,
    },
    commit: (group) => group.add(message),
    reply: async (after, handed) => {
      const exported = await after.exporter(REPLY_LABEL, requestId, 32);
      const into = { room: uuidBytes(record.room), packageRef: summary.ref, requestId, exported };
      return sealReply(b64decode(said.reply), into, handed);
    },
  };
}

/** A word to someone who waits, or with the answer no; null for who cannot be told, as their request is not genuine. */
export async function wordFor(
  { request, grant }: Applicant, { record, state }: Ledger, text: string | null, declined: boolean,
): Promise<string | null> {
  if (!grant) return null;
  const { invite, said } = grant;
  const word = { declined, from: state.members[record.me]?.pseudonym ?? "", text };
  return b64encode(await sealWord(b64decode(said.reply), b64decode(said.key), invite, uuidBytes(request), word));
}
