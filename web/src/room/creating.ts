/** A new group: its keys, its first policy message, and what the server is told of it. */
import { b64encode } from "../crypto/bytes.ts";
import { GroupCrypto } from "../crypto/group.ts";
import { generate } from "../crypto/hpke.ts";
import type { Api } from "../net/api.ts";
import { prepare } from "./acts.ts";
import { codeOf } from "./errors.ts";
import { uuidBytes, uuidv7 } from "./ids.ts";
import { Ledger } from "./ledger.ts";
import { newRecord } from "./record.ts";
import type { App } from "./types.ts";

export type NewGroup = Parameters<App["createGroup"]>[0];

/** The ledger of a group of one, with the act that begins it ready to be sent. Throws AppError `invalid_field`. */
export async function newGroup({ clock }: Api, options: NewGroup): Promise<Ledger> {
  const [group, room] = [uuidv7(), uuidv7()];
  const [crypto, policyKey] = await Promise.all([GroupCrypto.create(uuidBytes(room), clock.now()), generate()]);
  const record = newRecord({
    group, room, crypto: crypto.serialise(), policyKey: policyKey.privateKey, me: crypto.me.id, head: 0,
    sinceUpdate: 0, promised: null,
  });
  const nothingKept = { line: () => Promise.resolve(null) };
  const ledger = new Ledger(record, nothingKept, () => clock.now());
  const key = b64encode(policyKey.publicKey);
  record.act = await prepare(ledger, { action: { action: "create", target: null, group, room, key, days: 0, ...options } });
  return ledger;
}

/** Tells the server of a new group; once more is harmless. */
export async function publish(api: Api, { group, record }: Ledger): Promise<void> {
  const action = record.act?.message?.action;
  const presence = action?.action === "create" && action.presence;
  const { tree, confirmationTag } = group;
  try {
    await api.post("/groups", {
      id: record.group, room: record.room, tree: b64encode(tree), confirmation_tag: b64encode(confirmationTag), presence,
    });
  } catch (error) {
    if (codeOf(error) !== "group_exists") throw error;
  }
}
