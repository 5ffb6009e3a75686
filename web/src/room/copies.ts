/** Handing on what waits to those who took office after it was sealed. As `safespace.sdk.copies`. */
import { b64decode, b64encode, type Bytes } from "../crypto/bytes.ts";
import { CryptoError } from "../crypto/errors.ts";
import { openMaterial, sealMaterial } from "../crypto/invites.ts";
import { type About, handOn as seal, read, reportContent } from "../crypto/reports.ts";
import type { Desk } from "./desk.ts";
import { AppError } from "./errors.ts";
import { uuidBytes } from "./ids.ts";
import type { Ledger } from "./ledger.ts";
import { laterRecipients } from "./laterRecipients.ts";
import { reachable } from "./reach.ts";
import { may } from "./roles.ts";
import { Statements } from "./statements.ts";

/** Something this person holds, and those in office who have no box of it. */
interface Held {
  readonly id: string;
  readonly box: string;
  readonly members: readonly string[];
}

interface Item extends Held {
  readonly of: "invite" | "report" | "handover";
  /** A report's. */
  readonly sealed: string | null;
  readonly entries: readonly Held[];
}

type Of = Item["of"] | "entry";

const USES = { report: "safespace report", entry: "safespace report entry", handover: "safespace handover" } as const;
/** What those may do for whom each is. */
const FOR = { invite: "admit", handover: "read_handovers" } as const;
/** What does not wait any more, or is for somebody who left office meanwhile. */
const PASSED: ReadonlySet<string> = new Set(["invite_unknown", "report_unknown", "handover_unknown", "unknown_member"]);

/** Seals everything that waits to those in office who lack it and may have it. Throws AppError. */
export async function handOn(desk: Desk<Ledger>): Promise<void> {
  for (const item of await desk.device.api.list<Item>(`/groups/${desk.ledger.record.group}/copies`)) {
    const readers = await readersOf(desk.ledger, item);
    await give(desk, item.of, item, readers);
    for (const entry of item.entries) await give(desk, "entry", entry, readers);
  }
  await desk.keepWarnings();
}

/** The members whom it is for; nobody where it is not genuine. */
async function readersOf(ledger: Ledger, { of, id, sealed, box }: Item): Promise<ReadonlySet<string>> {
  const { state, record } = ledger;
  if (of !== "report") {
    return new Set(Object.keys(state.members).filter((one) => may(state.members[one]?.role ?? "guest", FOR[of])));
  }
  try {
    const { content, author } = await new Statements(ledger).unseal(USES.report, id, sealed ?? "", box);
    return laterRecipients(state, record.roll, read(reportContent, content), author.id);
  } catch (error) {
    if (error instanceof CryptoError) return new Set();
    throw error;
  }
}

async function give(desk: Desk<Ledger>, of: Of, { id, box, members }: Held, readers: ReadonlySet<string>): Promise<void> {
  const { ledger, device } = desk;
  const { group } = ledger.record;
  const boxes: { member: string; box: string }[] = [];
  try {
    for (const member of reachable(ledger, members.filter((one) => readers.has(one)))) {
      const key = b64decode(ledger.state.members[member]?.key ?? "");
      boxes.push({ member, box: b64encode(await another(of, ledger, id, b64decode(box), key)) });
    }
    if (boxes.length > 0) await device.api.post(`/groups/${group}/copies`, { of, id, boxes });
  } catch (error) {
    // The own box does not open, or nobody needs another.
    if (!(error instanceof CryptoError || (error instanceof AppError && PASSED.has(error.code)))) throw error;
  }
}

/** The same box for another policy key. Throws CryptoError. */
async function another(of: Of, { record }: Ledger, id: string, box: Bytes, key: Bytes): Promise<Bytes> {
  const bytes = uuidBytes(id);
  if (of === "invite") return sealMaterial(key, bytes, await openMaterial(record.policyKey, bytes, box));
  const about: About = { use: USES[of], group: uuidBytes(record.group), id: bytes };
  return seal(about, box, record.policyKey, key);
}
