"""Rosa's server makes up decisions, hides them, bends them, and tells people different things: nobody follows it, and
whoever is lied to is told."""

from pathlib import Path

from evening import Listener, refusal, until
from hostile import Frame, Splice, codes, hostile_evening, without
from safespace.rooms.policy import state_hash
from safespace.sdk import Room
from serving import ServerProcess

HOUR = 3_600_000


def is_action(frame: Frame, action: str) -> bool:
    return frame["t"] == "envelope" and frame["policy"] is not None and frame["policy"]["action"] == action


def texts(room: Room) -> list[str]:
    return [room.log.conversation.message(number).text for number in range(room.place.shown)]


async def reads(room: Room, *others: Room) -> None:
    """The room has read as far as any of the others."""
    await until(lambda: room.place.cursor >= max(other.place.cursor for other in others))


async def test_decisions_that_nobody_made_have_no_effect(standing_server: ServerProcess, tmp_path: Path) -> None:
    """Rosa has a genuine decision of Fern's, and writes over it whatever she likes."""
    async with hostile_evening(standing_server, tmp_path, "Wren", "Moss") as (hostess, evening):
        fern, wren, moss = evening.rooms.values()
        splice = Splice(hostess, "moss")
        said = await wren.send("this stays")
        await fern.mute(evening.member("Wren"), minutes=5, reason="A pause.")
        await fern.unmute(evening.member("Wren"))
        await until(lambda: moss.place.policy_seq == fern.place.policy_seq)
        genuine, before, audit = splice.action("mute"), state_hash(moss.place.state), evening.groups["Moss"].audit()
        ids = {name: evening.member(name).id for name in ("Fern", "Wren", "Moss")}
        forged: dict[str, Frame] = {
            "a mute": {"action": "mute", "target": ids["Wren"], "length": 300},
            "a mute of the reader": {"action": "mute", "target": ids["Moss"], "length": "lifted"},
            "an unmute": {"action": "unmute", "target": ids["Wren"]},
            "quiet": {"action": "mute_all", "on": True},
            "a role that is taken": {"action": "accept", "role": "owner"},
            "a role that is offered": {"action": "offer", "target": ids["Moss"], "role": "owner"},
            "a role that is lost": {"action": "demote", "target": ids["Wren"], "role": "guest"},
            "a removal": {"action": "remove", "target": ids["Wren"], "ban": True},
            "a removal of the reader": {"action": "remove", "target": ids["Moss"], "ban": False},
            "a takedown": {"action": "take_down", "target": ids["Wren"], "line": said},
            "an end to what was said": {"action": "retain", "days": 1},
            "a member who leaves": {"action": "leave"},
        }
        seqs = [
            await splice.add(genuine, policy={**policy, "policy_seq": moss.place.policy_seq})
            for policy in forged.values()
        ]
        seqs.append(await splice.add(genuine))  # the very same again
        noise = {"body": splice.lines[0]["body"], "commitment": genuine["commitment"]}
        seqs.append(await splice.add(genuine, **noise))
        await until(lambda: moss.place.cursor == seqs[-1])
        assert [(warning.code, warning.seq) for warning in moss.warnings()] == [("policy_forged", seq) for seq in seqs]
        assert state_hash(moss.place.state) == before
        assert evening.groups["Moss"].audit() == audit
        assert texts(moss) == ["this stays"]
        await moss.send("I am still here")  # it silences nobody
        await Listener(fern).hears("I am still here")
        assert codes(fern) == codes(wren) == []


async def test_a_decision_that_is_bent_on_the_way_is_void(standing_server: ServerProcess, tmp_path: Path) -> None:
    async with hostile_evening(standing_server, tmp_path, "Wren", "Moss") as (hostess, evening):
        fern, moss = evening.rooms["Fern"], evening.rooms["Moss"]

        def longer(who: str, frame: Frame) -> list[Frame]:
            if who != "moss" or not is_action(frame, "mute"):
                return [frame]
            return [frame | {"policy": frame["policy"] | {"length": 86_400}}]

        hostess.frame = longer
        await fern.mute(evening.member("Wren"), minutes=1)
        await until(lambda: codes(moss) == ["policy_forged"])
        assert moss.place.state is not None
        assert moss.place.state.mutes == {}


async def test_a_decision_that_is_hidden_shows_with_the_next(standing_server: ServerProcess, tmp_path: Path) -> None:
    async with hostile_evening(standing_server, tmp_path, "Wren", "Moss") as (hostess, evening):
        fern, moss = evening.rooms["Fern"], evening.rooms["Moss"]
        hide = without(lambda frame: not is_action(frame, "mute"))
        hostess.frame = lambda who, frame: hide(frame) if who == "moss" else [frame]
        await fern.mute(evening.member("Wren"), minutes=1)
        await fern.mute_all()
        await until(lambda: codes(moss) == ["policy_forged"])
        assert moss.policy is not None
        assert not moss.policy.quiet


async def test_who_is_muted_without_being_told_is_refused_by_the_server_alone(
    standing_server: ServerProcess, tmp_path: Path
) -> None:
    async with hostile_evening(standing_server, tmp_path, "Wren") as (hostess, evening):
        wren = evening.rooms["Wren"]
        hide = without(lambda frame: not is_action(frame, "mute"))
        hostess.frame = lambda who, frame: hide(frame) if who == "wren" else [frame]
        await evening.rooms["Fern"].mute(evening.member("Wren"), minutes=5)
        assert await refusal(wren.send("hello?")) == "forbidden"
        await evening.rooms["Fern"].send("Wren is quiet today")  # by then she should have read why
        await until(lambda: codes(wren) == ["refused_unfounded"])


async def test_one_message_left_out_and_the_rest_renumbered_shows_with_the_second_decision(
    standing_server: ServerProcess, tmp_path: Path
) -> None:
    """Every decision names the seq of the one before it."""
    async with hostile_evening(standing_server, tmp_path, "Wren", "Moss") as (hostess, evening):
        fern, wren, moss = evening.rooms.values()
        left_out = without(lambda frame: frame["kind"] != "message")
        hostess.frame = lambda who, frame: left_out(frame) if who == "moss" else [frame]
        await wren.send("Moss is not to hear this")
        await fern.mute_all()
        await fern.mute_all(False)
        await until(lambda: codes(moss) == ["policy_forged"])
        assert texts(moss) == []


async def test_two_who_are_shown_different_decisions(standing_server: ServerProcess, tmp_path: Path) -> None:
    """Wren is shown that the room is quiet, Moss that messages end. Fern decided both, and the next thing shows it."""
    async with hostile_evening(standing_server, tmp_path, "Wren", "Moss") as (hostess, evening):
        fern, wren, moss = evening.rooms.values()
        hide = {
            "wren": without(lambda frame: not is_action(frame, "retain")),
            "moss": without(lambda frame: not is_action(frame, "mute_all")),
        }
        hostess.frame = lambda who, frame: hide[who](frame) if who in hide else [frame]
        await fern.mute_all()
        await evening.group.retain(30)
        await evening.group.write_charter("Be kind.")
        await until(lambda: "policy_forged" in codes(wren) and "policy_forged" in codes(moss))
        assert codes(fern) == []


async def test_two_who_are_kept_on_different_keys(standing_server: ServerProcess, tmp_path: Path) -> None:
    """Moss is not shown that Wren took new keys: he reads nothing any more, and is told."""
    async with hostile_evening(standing_server, tmp_path, "Wren", "Moss") as (hostess, evening):
        fern, wren, moss = evening.rooms.values()
        hide = without(lambda frame: frame["kind"] != "handshake")
        hostess.frame = lambda who, frame: hide(frame) if who == "moss" else [frame]
        await wren.refresh_keys()
        await fern.send("to those who follow")
        await until(lambda: codes(moss) == ["unreadable"])
        assert texts(moss) == []
        assert codes(wren) == []


async def test_another_time_for_one_of_them_shows_with_the_next_decision(
    standing_server: ServerProcess, tmp_path: Path
) -> None:
    """Wren would take her mute to be over, an hour before the others do."""
    async with hostile_evening(standing_server, tmp_path, "Wren", "Moss") as (hostess, evening):
        fern, wren, moss = evening.rooms.values()

        def earlier(who: str, frame: Frame) -> list[Frame]:
            return [frame | {"time": frame["time"] - HOUR} if who == "wren" and is_action(frame, "mute") else frame]

        hostess.frame = earlier
        await fern.mute(evening.member("Wren"), minutes=5)
        await fern.mute_all()
        await until(lambda: "policy_forged" in codes(wren))
        await reads(moss, fern)
        assert codes(moss) == []


async def test_what_comes_in_another_order_stops_the_room(standing_server: ServerProcess, tmp_path: Path) -> None:
    async with hostile_evening(standing_server, tmp_path, "Wren", "Moss") as (hostess, evening):
        wren, moss = evening.rooms["Wren"], evening.rooms["Moss"]
        held: list[Frame] = []

        def swap(who: str, frame: Frame) -> list[Frame]:
            if who != "moss" or frame.get("kind") != "message":
                return [frame]
            if not held:
                held.append(frame)
                return []
            return [frame, held.pop()]

        hostess.frame = swap
        await wren.send("first")
        await wren.send("second")
        await until(lambda: codes(moss) == ["seq_hole"])
        assert await refusal(moss.send("what was first?")) == "seq_hole"


async def test_an_act_that_is_said_to_be_refused_is_told_as_that(
    standing_server: ServerProcess, tmp_path: Path
) -> None:
    """Rosa keeps Fern from muting anyone: she is told so, and nobody is muted unawares."""
    async with hostile_evening(standing_server, tmp_path, "Wren", "Moss") as (hostess, evening):
        fern, wren = evening.rooms["Fern"], evening.rooms["Wren"]
        before = state_hash(wren.policy)

        def refuse(who: str, frame: Frame) -> list[Frame]:
            if who == "fern" and is_action(frame, "mute"):
                return [
                    {
                        "t": "refused",
                        "room": frame["room"],
                        "client_id": frame["client_id"],
                        "code": "rank_too_low",
                        "detail": "You can only do this to someone of a lower rank.",
                    }
                ]
            return [frame]

        hostess.frame = refuse
        assert await refusal(fern.mute(evening.member("Wren"), minutes=5)) == "rank_too_low"
        hostess.frame = lambda who, frame: [frame]
        # Her server had stored it all the same: Wren knows why she is silent, and Fern is told with the next line.
        await until(lambda: state_hash(wren.policy) != before)
        assert await refusal(wren.send("may I?")) == "muted"
        await evening.rooms["Moss"].send("are you there, Wren?")
        await until(lambda: codes(fern) == ["seq_hole"])
        assert codes(wren) == []
