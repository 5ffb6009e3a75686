"""Leaf identities that never mean two people, and traces of passing rooms that reports may quote"""

import sqlalchemy as sa
from alembic import op

from safespace.storage.identities import hidden, owner

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


_SEEN = [
    sa.text(query).columns(sa.column("i", sa.LargeBinary()), sa.column("g", sa.Uuid()), sa.column("a", sa.Uuid()))
    for query in (
        'SELECT l.identity AS i, r."group" AS g, l.account AS a FROM leaves l JOIN rooms r ON r.id = l.room',
        'SELECT identity AS i, "group" AS g, account AS a FROM requests',
        'SELECT k.identity AS i, k."group" AS g, d.account AS a FROM key_packages k JOIN devices d ON d.id = k.device'
        " WHERE k.taken_for IS NOT NULL",
    )
]
"""Leaf identities that others have seen."""


def upgrade() -> None:
    identities = op.create_table(
        "leaf_identities",
        sa.Column("identity", sa.LargeBinary(), nullable=False),
        sa.Column("owner", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("identity"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "past_leaves",
        sa.Column("leaf", sa.LargeBinary(), nullable=False),
        sa.Column("group", sa.Uuid(), nullable=False),
        sa.Column("room", sa.Uuid(), nullable=False),
        sa.Column("began", sa.BigInteger(), nullable=False),
        sa.Column("ended", sa.BigInteger(), nullable=False),
        sa.Column("joined_seq", sa.BigInteger(), nullable=False),
        sa.Column("left_seq", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["group"], ["groups.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("leaf"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_past_leaves_group", "past_leaves", ["group"])
    op.create_index("ix_past_leaves_room", "past_leaves", ["room"])
    found = {
        hidden(identity): owner(identity, group, account)
        for query in _SEEN
        for identity, group, account in op.get_bind().execute(query)
    }
    if found:
        op.bulk_insert(identities, [{"identity": identity, "owner": whose} for identity, whose in found.items()])


def downgrade() -> None:
    op.drop_table("past_leaves")
    op.drop_table("leaf_identities")
