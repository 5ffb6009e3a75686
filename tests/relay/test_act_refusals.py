"""Acts that break a rule: each is refused with its code and changes nothing."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from uuid6 import uuid7

from gathering import Evening, Frame, Person, act, junk, stored
from safespace.fields import b64encode
from safespace.sdk.group_crypto import GroupCrypto, LeafKey, Newcomer
from serving import ServerProcess

Wrong = Callable[[Evening], Awaitable[tuple[Person, Frame]]]
CASES: list[tuple[str, Wrong]] = []


def refused_with(code: str) -> Callable[[Wrong], Wrong]:
    def note(wrong: Wrong) -> Wrong:
        CASES.append((code, wrong))
        return wrong

    return note


async def admission(e: Evening, by: Person | None = None, role: str = "member") -> tuple[Person, Frame]:
    _, newcomer, request = await e.wait("wren")
    return by or e.ada, e.admission(by or e.ada, newcomer, request, role)[0]


@refused_with("invalid_field")
async def nothing(e: Evening) -> tuple[Person, Frame]:
    return e.ada, act(e.room)


@refused_with("announcement_missing")
async def a_state_without_a_policy(e: Evening) -> tuple[Person, Frame]:
    frame = (await admission(e))[1]
    del frame["policy"]
    return e.ada, frame


@refused_with("announcement_mismatch")
async def an_admission_without_a_commit(e: Evening) -> tuple[Person, Frame]:
    frame = (await admission(e))[1]
    return e.ada, act(e.room, policy=frame["policy"])


@refused_with("announcement_mismatch")
async def an_admission_without_a_state(e: Evening) -> tuple[Person, Frame]:
    frame = (await admission(e))[1]
    del frame["state"]
    return e.ada, frame


@refused_with("invalid_field")
async def an_admission_without_a_welcome(e: Evening) -> tuple[Person, Frame]:
    frame = (await admission(e))[1]
    del frame["commit"]["welcome"]
    return e.ada, frame


@refused_with("invalid_field")
async def an_admission_without_a_request(e: Evening) -> tuple[Person, Frame]:
    frame = (await admission(e))[1]
    del frame["policy"]["request"]
    return e.ada, frame


@refused_with("invalid_field")
async def a_removal_of_nobody(e: Evening) -> tuple[Person, Frame]:
    return e.mo, act(e.room, policy=e.mo.policy(e.room, "remove", e.policy_seq, ban=False))


@refused_with("invalid_field")
async def a_departure_with_a_target(e: Evening) -> tuple[Person, Frame]:
    return e.ben, act(e.room, policy=e.ben.policy(e.room, "leave", e.policy_seq, target=e.mo.member))


@refused_with("invalid_field")
async def an_update_with_a_welcome(e: Evening) -> tuple[Person, Frame]:
    commit = e.ben.commit(e.ben.mls.update())
    return e.ben, act(e.room, commit=commit | {"welcome": junk(), "reply": junk(64)})


@refused_with("announcement_mismatch")
async def an_agreement_with_a_commit(e: Evening) -> tuple[Person, Frame]:
    policy = e.ben.policy(e.room, "agree", e.policy_seq)
    return e.ben, act(e.room, policy=policy, commit=e.ben.commit(e.ben.mls.update()))


@refused_with("stale_policy")
async def a_decision_on_old_ground(e: Evening) -> tuple[Person, Frame]:
    return e.ben, act(e.room, policy=e.ben.policy(e.room, "agree", e.policy_seq - 1))


@refused_with("stale_policy")
async def a_decision_on_ground_to_come(e: Evening) -> tuple[Person, Frame]:
    return e.ben, act(e.room, policy=e.ben.policy(e.room, "agree", e.policy_seq + 1))


@refused_with("forbidden")
async def a_second_creation(e: Evening) -> tuple[Person, Frame]:
    return e.ada, act(e.room, policy=e.ada.policy(e.room, "create", e.policy_seq, days=0))


@refused_with("stale_epoch")
async def a_policy_of_an_old_epoch(e: Evening) -> tuple[Person, Frame]:
    return e.ben, act(e.room, policy=e.ben.policy(e.room, "agree", e.policy_seq, epoch=e.ben.epoch - 1))


@refused_with("wrong_epoch")
async def a_policy_of_an_epoch_to_come(e: Evening) -> tuple[Person, Frame]:
    return e.ben, act(e.room, policy=e.ben.policy(e.room, "agree", e.policy_seq, epoch=e.ben.epoch + 1))


@refused_with("mls_malformed")
async def a_policy_of_noise(e: Evening) -> tuple[Person, Frame]:
    return e.ben, act(e.room, policy=e.ben.policy(e.room, "agree", e.policy_seq, body=junk(300)))


@refused_with("forbidden")
async def a_member_who_admits(e: Evening) -> tuple[Person, Frame]:
    return await admission(e, e.ben)


@refused_with("forbidden")
async def a_member_who_removes(e: Evening) -> tuple[Person, Frame]:
    return e.ben, e.removal(e.ben, e.mo, commit=e.ben.mls.remove(e.leaves_of(e.mo)))


@refused_with("rank_too_low")
async def a_facilitator_who_admits_an_owner(e: Evening) -> tuple[Person, Frame]:
    return await admission(e, e.fae, "owner")


@refused_with("rank_too_low")
async def a_moderator_who_removes_a_facilitator(e: Evening) -> tuple[Person, Frame]:
    return e.mo, e.removal(e.mo, e.fae, commit=e.mo.mls.remove(e.leaves_of(e.fae)))


@refused_with("rank_too_low")
async def an_owner_who_removes_herself(e: Evening) -> tuple[Person, Frame]:
    return e.ada, e.removal(e.ada, e.ada, commit=None)


@refused_with("unknown_member")
async def a_removal_of_a_stranger(e: Evening) -> tuple[Person, Frame]:
    return e.mo, act(e.room, policy=e.mo.policy(e.room, "remove", e.policy_seq, target=junk(16), ban=False))


@refused_with("announcement_mismatch")
async def a_removal_that_removes_another(e: Evening) -> tuple[Person, Frame]:
    return e.ada, e.removal(e.ada, e.ben, commit=e.ada.mls.remove(e.leaves_of(e.mo)))


@refused_with("announcement_mismatch")
async def a_removal_that_removes_one_more(e: Evening) -> tuple[Person, Frame]:
    return e.ada, e.removal(e.ada, e.ben, commit=e.ada.mls.remove(e.leaves_of(e.ben, e.mo)))


@refused_with("announcement_mismatch")
async def a_removal_that_only_updates(e: Evening) -> tuple[Person, Frame]:
    return e.ada, e.removal(e.ada, e.ben, commit=e.ada.mls.update())


@refused_with("announcement_missing")
async def an_unannounced_removal(e: Evening) -> tuple[Person, Frame]:
    return e.ada, act(e.room, commit=e.ada.commit(e.ada.mls.remove(e.leaves_of(e.ben))))


@refused_with("announcement_missing")
async def an_unannounced_admission(e: Evening) -> tuple[Person, Frame]:
    return e.ada, act(e.room, commit=e.ada.commit(e.ada.mls.add(Newcomer().package)))


@refused_with("last_owner")
async def the_last_owner_who_leaves(e: Evening) -> tuple[Person, Frame]:
    return e.ada, act(e.room, policy=e.ada.policy(e.room, "leave", e.policy_seq))


async def coming_back(
    e: Evening, who: Person, replaces: str | None, role: str = "member", by: Person | None = None
) -> tuple[Person, Frame]:
    _, newcomer, request = await e.come_back(who)
    return by or e.ada, e.admission(by or e.ada, newcomer, request, role, replaces)[0]


@refused_with("announcement_mismatch")
async def a_member_let_in_as_if_new(e: Evening) -> tuple[Person, Frame]:
    return await coming_back(e, e.ben, None)


@refused_with("announcement_mismatch")
async def a_member_let_in_in_anothers_place(e: Evening) -> tuple[Person, Frame]:
    return await coming_back(e, e.ben, e.mo.member)


@refused_with("announcement_mismatch")
async def a_newcomer_let_in_in_a_members_place(e: Evening) -> tuple[Person, Frame]:
    _, newcomer, request = await e.wait("wren")
    return e.ada, e.admission(e.ada, newcomer, request, replaces=e.ben.member)[0]


@refused_with("rank_too_low")
async def a_member_who_gains_by_coming_back(e: Evening) -> tuple[Person, Frame]:
    return await coming_back(e, e.ben, e.ben.member, "moderator")


@refused_with("rank_too_low")
async def a_facilitator_let_back_in_by_a_facilitator(e: Evening) -> tuple[Person, Frame]:
    return await coming_back(e, e.fae, e.fae.member, by=e.fae)


@refused_with("forbidden")
async def a_member_let_back_in_by_a_moderator(e: Evening) -> tuple[Person, Frame]:
    return await coming_back(e, e.ben, e.ben.member, by=e.mo)


@refused_with("invalid_field")
async def a_removal_that_replaces(e: Evening) -> tuple[Person, Frame]:
    policy = e.mo.policy(e.room, "remove", e.policy_seq, target=e.ben.member, ban=False, replaces=e.ben.member)
    return e.mo, act(e.room, policy=policy)


@refused_with("request_unknown")
async def an_admission_nobody_asked_for(e: Evening) -> tuple[Person, Frame]:
    frame = (await admission(e))[1]
    frame["policy"]["request"] = str(uuid7())
    return e.ada, frame


@refused_with("request_decided")
async def an_admission_of_someone_who_was_declined(e: Evening) -> tuple[Person, Frame]:
    frame = (await admission(e))[1]
    await e.ada.ask("POST", f"/groups/{e.group}/requests/{frame['policy']['request']}/decline")
    return e.ada, frame


@refused_with("invite_revoked")
async def an_admission_by_an_invite_taken_back(e: Evening) -> tuple[Person, Frame]:
    kept, e.invite = e.invite, await e.make_invite(e.ada)
    frame = (await admission(e))[1]
    await e.ada.ask("DELETE", f"/groups/{e.group}/invites/{e.invite}")
    e.invite = kept
    return e.ada, frame


@refused_with("key_package_not_handed_out")
async def an_admission_with_a_swapped_key_package(e: Evening) -> tuple[Person, Frame]:
    _, _, request = await e.wait("wren")
    return e.ada, e.admission(e.ada, Newcomer(), request)[0]


@refused_with("announcement_mismatch")
async def an_admission_under_another_name(e: Evening) -> tuple[Person, Frame]:
    frame = (await admission(e))[1]
    frame["policy"]["target"] = junk(16)
    return e.ada, frame


@refused_with("announcement_mismatch")
async def a_welcome_for_another(e: Evening) -> tuple[Person, Frame]:
    frame = (await admission(e))[1]
    other = e.ada.mls.add(Newcomer().package)
    assert other.welcome is not None
    frame["commit"]["welcome"] = b64encode(other.welcome)
    return e.ada, frame


@refused_with("mls_malformed")
async def a_welcome_of_noise(e: Evening) -> tuple[Person, Frame]:
    frame = (await admission(e))[1]
    frame["commit"]["welcome"] = junk(200)
    return e.ada, frame


@refused_with("wrong_epoch")
async def a_state_of_the_old_epoch(e: Evening) -> tuple[Person, Frame]:
    frame = (await admission(e))[1]
    frame["state"]["epoch"] = e.ada.epoch
    return e.ada, frame


@refused_with("wrong_epoch")
async def a_state_sealed_in_the_old_epoch(e: Evening) -> tuple[Person, Frame]:
    frame = (await admission(e))[1]
    frame["state"]["body"] = e.ada.sealed(e.room, e.ada.epoch)[0]
    return e.ada, frame


@refused_with("epoch_taken")
async def a_commit_of_an_old_epoch(e: Evening) -> tuple[Person, Frame]:
    return e.ben, act(e.room, commit=e.ben.commit(e.ben.mls.update()) | {"epoch": e.ben.epoch - 1})


@refused_with("wrong_epoch")
async def a_commit_of_an_epoch_to_come(e: Evening) -> tuple[Person, Frame]:
    return e.ben, act(e.room, commit=e.ben.commit(e.ben.mls.update()) | {"epoch": e.ben.epoch + 1})


@refused_with("wrong_leaf")
async def a_commit_of_another_device(e: Evening) -> tuple[Person, Frame]:
    return e.ben, act(e.room, commit=e.mo.commit(e.mo.mls.update()))


@refused_with("wrong_group")
async def a_commit_of_another_group(e: Evening) -> tuple[Person, Frame]:
    other = GroupCrypto.create(LeafKey.fresh(), uuid7().bytes)
    return e.ben, act(e.room, commit=e.ben.commit(other.update()))


@refused_with("bad_signature")
async def a_commit_with_a_changed_byte(e: Evening) -> tuple[Person, Frame]:
    body = bytearray(e.ben.mls.update().body)
    body[-70] ^= 1  # in the signature: two tags of 33 bytes follow it
    return e.ben, act(e.room, commit={"epoch": e.ben.epoch, "body": b64encode(bytes(body))})


@refused_with("forbidden_handshake")
async def a_message_for_a_commit(e: Evening) -> tuple[Person, Frame]:
    return e.ben, act(e.room, commit={"epoch": e.ben.epoch, "body": e.ben.sealed(e.room, e.ben.epoch)[0]})


@refused_with("mls_malformed")
async def a_commit_of_noise(e: Evening) -> tuple[Person, Frame]:
    return e.ben, act(e.room, commit={"epoch": e.ben.epoch, "body": junk(500)})


@refused_with("client_id_reused")
async def a_client_id_of_another_act(e: Evening) -> tuple[Person, Frame]:
    page = await e.ben.ask("GET", f"/rooms/{e.room}/envelopes?after={e.ben.seen - 1}")
    policy = e.ben.policy(e.room, "agree", e.policy_seq)
    return e.ben, act(e.room, policy=policy) | {"client_id": page["items"][0]["client_id"]}


@pytest.mark.parametrize(("code", "wrong"), CASES, ids=[wrong.__name__ for _, wrong in CASES])
async def test_it_is_refused_and_changes_nothing(
    evening: Evening, standing_server: ServerProcess, code: str, wrong: Any
) -> None:
    person, frame = await wrong(evening)
    before = stored(standing_server)
    async with person.entered(evening.room, person.seen) as line:
        assert await line.refusal(frame) == code
    assert stored(standing_server) == before


async def test_after_all_refusals_everyone_still_talks_and_admits(evening: Evening) -> None:
    async with evening.ben.entered(evening.room, evening.ben.seen) as line:
        frame = evening.ben.message(evening.room)
        await line.say(frame)
        await line.until("envelope", client_id=frame["client_id"])
    wren = await evening.admit("wren")
    assert wren.epoch == evening.ada.epoch == evening.ben.epoch
