"""The codec: what is read is written the same, and nothing else is read."""

import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crypto.mls.forge import Device, Room, message, private_message
from safespace.crypto.mls import MLSError, MLSMessage, Tree
from safespace.crypto.mls.codec import MAX_ENTRIES, MAX_MESSAGE, Reader, Structure, numbers, opaque
from safespace.crypto.mls.commit import Commit, HPKECiphertext, ProposalOrRef, UpdatePath, UpdatePathNode
from safespace.crypto.mls.leaf import (
    BASIC,
    X509,
    Capabilities,
    Certificate,
    Credential,
    Extension,
    KeyPackage,
    LeafNode,
    LeafNodeSource,
    Lifetime,
)
from safespace.crypto.mls.messages import (
    ContentType,
    FramedContent,
    PrivateMessage,
    PublicMessage,
    Sender,
    SenderType,
    WireFormat,
)
from safespace.crypto.mls.proposals import (
    Add,
    ExternalInit,
    ExternalPSK,
    GroupContextExtensions,
    PreSharedKey,
    PreSharedKeyID,
    ReInit,
    Remove,
    ResumptionPSK,
    ResumptionUsage,
    UnknownProposal,
    Update,
)
from safespace.crypto.mls.tree import MAX_TREE
from safespace.crypto.mls.welcome import EncryptedGroupSecrets, GroupContext, GroupInfo, GroupSecrets, Welcome

u16s = st.integers(0, 2**16 - 1)
u32s = st.integers(0, 2**32 - 1)
u64s = st.integers(0, 2**64 - 1)
opaques = st.binary(max_size=70)


def few(item: st.SearchStrategy[object]) -> st.SearchStrategy[tuple[object, ...]]:
    return st.lists(item, max_size=3).map(tuple)


extensions = few(st.builds(Extension, u16s, opaques))
credentials = st.one_of(
    st.builds(lambda identity: Credential(BASIC, identity), opaques),
    st.builds(lambda chain: Credential(X509, certificates=chain), few(st.builds(Certificate, opaques))),
)
kinds = few(u16s)
capabilities = st.builds(Capabilities, kinds, kinds, kinds, kinds, kinds)


def leaves_from(
    source: LeafNodeSource, lifetime: st.SearchStrategy[object], parent_hash: st.SearchStrategy[object]
) -> st.SearchStrategy[LeafNode]:
    start = (opaques, opaques, credentials, capabilities, st.just(source))
    return st.builds(LeafNode, *start, lifetime, parent_hash, extensions, opaques)


leaves = st.one_of(
    leaves_from(LeafNodeSource.KEY_PACKAGE, st.builds(Lifetime, u64s, u64s), st.none()),
    leaves_from(LeafNodeSource.UPDATE, st.none(), st.none()),
    leaves_from(LeafNodeSource.COMMIT, st.none(), opaques),
)
packages = st.builds(KeyPackage, u16s, u16s, opaques, leaves, extensions, opaques)
psks = st.builds(
    PreSharedKeyID,
    st.one_of(
        st.builds(ExternalPSK, opaques), st.builds(ResumptionPSK, st.sampled_from(ResumptionUsage), opaques, u64s)
    ),
    opaques,
)
proposals = st.one_of(
    st.builds(Add, packages),
    st.builds(Update, leaves),
    st.builds(Remove, u32s),
    st.builds(PreSharedKey, psks),
    st.builds(ReInit, opaques, u16s, u16s, extensions),
    st.builds(ExternalInit, opaques),
    st.builds(GroupContextExtensions, extensions),
    st.builds(UnknownProposal, st.integers(8, 2**16 - 1), opaques),
)
sealed = st.builds(HPKECiphertext, opaques, opaques)
paths = st.builds(UpdatePath, leaves, few(st.builds(UpdatePathNode, opaques, few(sealed))))
commits = st.builds(Commit, few(st.builds(ProposalOrRef, st.one_of(proposals, opaques))), st.none() | paths)
members = st.builds(Sender, st.just(SenderType.MEMBER), u32s)
others = st.one_of(
    st.builds(Sender, st.just(SenderType.EXTERNAL), u32s),
    st.sampled_from(
        [Sender(SenderType.NEW_MEMBER_PROPOSAL, None), Sender(SenderType.NEW_MEMBER_COMMIT, None)],
    ),
)


Framed = st.SearchStrategy[PublicMessage]


def framed(sender: st.SearchStrategy[Sender], membership_tag: st.SearchStrategy[object]) -> Framed:
    """Public messages with the tags that sender and content ask for."""
    head = (opaques, u64s, sender, opaques)

    def of(kind: ContentType, body: st.SearchStrategy[object], tag: st.SearchStrategy[object]) -> Framed:
        content = st.builds(FramedContent, *head, st.just(kind), body)
        return st.builds(PublicMessage, content, opaques, tag, membership_tag)

    return st.one_of(
        of(ContentType.APPLICATION, opaques, st.none()),
        of(ContentType.PROPOSAL, proposals, st.none()),
        of(ContentType.COMMIT, commits, opaques),
    )


contexts = st.builds(GroupContext, u16s, u16s, opaques, u64s, opaques, opaques, extensions)
bodies = {
    WireFormat.PUBLIC_MESSAGE: framed(members, opaques) | framed(others, st.none()),
    WireFormat.PRIVATE_MESSAGE: st.builds(
        PrivateMessage, opaques, u64s, st.sampled_from(ContentType), opaques, opaques, opaques
    ),
    WireFormat.WELCOME: st.builds(Welcome, u16s, few(st.builds(EncryptedGroupSecrets, opaques, sealed)), opaques),
    WireFormat.GROUP_INFO: st.builds(GroupInfo, contexts, extensions, opaques, u32s, opaques),
    WireFormat.KEY_PACKAGE: packages,
}
structures = st.one_of(
    st.builds(GroupSecrets, opaques, st.none() | opaques, few(psks)),
    *(st.builds(MLSMessage, st.just(wire_format), body) for wire_format, body in bodies.items()),
)


def refusal(kind: type[Structure], data: bytes) -> str | None:
    """The code with which `data` is refused; what is not refused is written the same."""
    try:
        assert kind.decode(data).encode() == data
    except MLSError as error:
        return error.code
    return None


@given(structures)
def test_what_is_written_is_read_the_same(structure: Structure) -> None:
    data = structure.encode()
    assert type(structure).decode(data) == structure
    for wrong in (data[:-1], data + b"\x00"):
        with pytest.raises(MLSError, match="mls_malformed"):
            type(structure).decode(wrong)


@given(st.binary(max_size=400), st.sampled_from([b"", *(b"\x00\x01\x00" + bytes((kind,)) for kind in range(7))]))
def test_noise_is_refused_or_written_the_same(noise: bytes, head: bytes) -> None:
    for kind in (MLSMessage, Tree, Commit, GroupSecrets):
        assert refusal(kind, head + noise) in (None, "mls_malformed")


def header(length: int, size: int) -> bytes:
    """A length header of `size` bytes, in its shortest form or not."""
    return (length | {1: 0, 2: 1 << 14, 4: 1 << 31}[size]).to_bytes(size, "big")


@pytest.mark.parametrize(
    ("length", "shortest"), [(0, 1), (63, 1), (64, 2), (255, 2), (16383, 2), (16384, 4), (70000, 4)]
)
def test_lengths_have_one_form(length: int, shortest: int) -> None:
    data = bytes(length)
    assert opaque(data) == header(length, shortest) + data
    assert Reader(opaque(data)).opaque() == data
    for longer in (2, 4):
        if longer > shortest:
            with pytest.raises(MLSError, match="shortest form"):
                Reader(header(length, longer) + data).opaque()


def test_a_length_that_lies_costs_nothing() -> None:
    heads = [bytes.fromhex(head) for head in ("0001000300019fffffff", "00010001bfffffff", "000100050001000120", "c0")]
    tracemalloc.start()
    try:
        for head in heads:
            for fill in (b"", b"\x00", b"\xff" * 1000, b"\xbf" * 1000):
                for kind in (MLSMessage, Tree, Commit):
                    with pytest.raises(MLSError, match="mls_malformed"):
                        kind.decode(head + fill)
        assert tracemalloc.get_traced_memory()[1] < 1 << 20
    finally:
        tracemalloc.stop()


def test_caps_come_before_reading() -> None:
    with pytest.raises(MLSError, match="too_large"):
        MLSMessage.decode(bytes(MAX_MESSAGE + 1))
    with pytest.raises(MLSError, match="too_large"):
        Tree.decode(bytes(MAX_TREE + 1))
    for crowded in (opaque(bytes(MAX_ENTRIES + 1)), opaque(bytes(100_000))):
        with pytest.raises(MLSError, match="too many entries"):
            Tree.decode(crowded)
    with pytest.raises(MLSError, match="too many entries"):
        Capabilities.decode(numbers(range(MAX_ENTRIES + 1), 2) + bytes(4))


def test_the_most_crowded_message_fits_in_memory() -> None:
    """A quarter of a megabyte of the smallest things there are."""
    ref = ProposalOrRef(Remove(0xFFFFFFFF))
    full = tuple(range(MAX_ENTRIES - 1))
    crowded = Capabilities(full, full, full, full, full)
    data = Commit((ref,) * MAX_ENTRIES, None).encode()
    tracemalloc.start()
    try:
        assert len(Commit.decode(data).proposals) == MAX_ENTRIES
        assert Capabilities.decode(crowded.encode()) == crowded
        assert tracemalloc.get_traced_memory()[1] < 32 << 20
    finally:
        tracemalloc.stop()


def test_largest_numbers_survive() -> None:
    largest = private_message(epoch=2**64 - 1)
    assert MLSMessage.decode(largest).encode() == largest
    room = Room(2)
    far = room.commit(0, epoch=2**64 - 1, sender=Sender(SenderType.MEMBER, 0xFFFFFFFF))
    assert MLSMessage.decode(far).encode() == far


def test_frames_of_another_kind_are_refused() -> None:
    package = message(Device().package())
    for head in ("0002", "0000", "ffff"):
        with pytest.raises(MLSError, match="mls_malformed"):
            MLSMessage.decode(bytes.fromhex(head) + package[2:])
    for wire_format in (0, 6, 0x0A0A, 0xFFFF):
        with pytest.raises(MLSError, match="mls_malformed"):
            MLSMessage.decode(package[:2] + wire_format.to_bytes(2, "big") + package[4:])


def test_trees_end_with_a_node_and_keep_its_kind() -> None:
    leaf = Device().leaf()
    entry = b"\x01\x01" + leaf.encode()
    assert Tree.decode(opaque(entry)).leaf(0) == leaf
    for wrong in (b"", b"\x00", entry + b"\x00", entry + entry, entry + b"\x02", b"\x01\x02" + leaf.encode()):
        with pytest.raises(MLSError, match="mls_malformed"):
            Tree.decode(opaque(wrong))
    assert Tree.decode(opaque(entry + b"\x00" + entry)).nodes == (leaf, None, leaf)
