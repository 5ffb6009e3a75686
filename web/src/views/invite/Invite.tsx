import { useEffect, useRef, useState } from "preact/hooks";
import { codeOf } from "../../room/errors";
import type { InviteCard } from "../../room/types";
import { t } from "../../i18n/text";
import { useApp } from "../context";
import { isOut } from "../room/rights";
import { RoomPart } from "../RoomPart";
import { navigate } from "../router";
import { Skeleton } from "../shared/Skeleton";
import { AskToJoin } from "./AskToJoin";
import { dropSecret, takeCode } from "./secret";
import { Unusable } from "./Unusable";

type Reading = { readonly card: InviteCard; readonly link: string } | { readonly code: string } | null;

/** The page behind an invite link: the invitation, the wait, or why the link is of no use. */
export function Invite({ invite }: { invite: string }) {
  const app = useApp();
  const [reading, setReading] = useState<Reading>(null);
  const [tries, setTries] = useState(0);
  const ready = app.account.value !== undefined;
  const join = app.pending.value.find((pending) => pending.card.invite === invite);
  const asked = join !== undefined;
  // Once the room is open the request is forgotten, perhaps before this page has moved on.
  const awaited = useRef<string | null>(null);
  if (join) awaited.current = join.card.group;
  const entered = app.groups.value.find(({ id, status }) => !asked && id === awaited.current && !isOut(status))?.id;

  useEffect(() => {
    if (entered !== undefined) navigate(`/g/${entered}`, "replace");
  }, [entered]);

  useEffect(() => {
    if (asked || awaited.current !== null) dropSecret(invite);
    if (!ready || asked || awaited.current !== null) return;
    const link = takeCode(invite);
    let current = true;
    app.readInvite(link).then(
      (card) => current && setReading({ card, link }),
      (error: unknown) => current && setReading({ code: codeOf(error) }),
    );
    return () => {
      current = false;
    };
  }, [app, invite, ready, asked, tries]);

  // What comes after asking is not needed to ask.
  if (join) return <RoomPart name={t("invite-page")} screen={({ Joining }) => <Joining key={join.status} join={join} />} />;
  if (reading === null) return <Skeleton name={t("invite-page")} />;
  if ("code" in reading) return <Unusable code={reading.code} onRetry={() => setTries(tries + 1)} />;
  const { card, link } = reading;
  if (app.groups.value.some((group) => group.id === card.group && !isOut(group.status))) {
    return <Unusable code="already_member" onRetry={() => navigate(`/g/${card.group}`, "replace")} />;
  }
  return <AskToJoin card={card} link={link} />;
}
