"""Moderation: mutes, listening, offers, bans and by which invite people came; messages taken down; retention"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_NEW: dict[str, list[sa.Column[Any]]] = {
    "groups": [
        sa.Column("days", sa.BigInteger(), nullable=False, server_default="0"),
        sa.Column("quiet", sa.Boolean(), nullable=False, server_default=sa.false()),
    ],
    "members": [
        sa.Column("muted_until", sa.BigInteger(), nullable=False, server_default="0"),
        sa.Column("listening", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("offered", sa.String(), nullable=True),
        sa.Column("offered_by", sa.LargeBinary(), nullable=True),
        sa.Column("came_by", sa.Uuid(), nullable=True),
        sa.Column("banned", sa.Boolean(), nullable=False, server_default=sa.false()),
    ],
    "invites": [sa.Column("maker", sa.LargeBinary(), nullable=True)],
    "envelopes": [sa.Column("taken_down", sa.BigInteger(), nullable=True)],
}


def upgrade() -> None:
    for table, columns in _NEW.items():
        with op.batch_alter_table(table) as batch:
            for column in columns:
                batch.add_column(column)
        with op.batch_alter_table(table) as batch:
            for column in columns:
                if column.server_default is not None:  # for the rows there are
                    batch.alter_column(column.name, server_default=None)
            if table == "envelopes":
                batch.alter_column("body", existing_type=sa.LargeBinary(), nullable=True)
    op.create_index(
        "envelopes_taken_down",
        "envelopes",
        ["taken_down"],
        sqlite_where=sa.text("taken_down IS NOT NULL"),
        postgresql_where=sa.text("taken_down IS NOT NULL"),
    )
    op.execute(
        "UPDATE members SET came_by = (SELECT r.invite FROM requests r WHERE r.identity = members.member"
        " AND r.status = 'admitted')"
    )


def downgrade() -> None:
    op.drop_index("envelopes_taken_down", "envelopes")
    with op.batch_alter_table("envelopes") as batch:
        batch.alter_column("body", existing_type=sa.LargeBinary(), nullable=False)
    for table, columns in _NEW.items():
        with op.batch_alter_table(table) as batch:
            for column in columns:
                batch.drop_column(column.name)
