"""The live session: what is decided and whose turn it is, hands apart from policy, who agreed to the rules there are"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_NEW: dict[str, list[sa.Column[Any]]] = {
    "rooms": [
        sa.Column("hand_seq", sa.BigInteger(), nullable=False, server_default="0"),
        sa.Column("live", sa.String(), nullable=True),
        sa.Column("gated", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("due", sa.BigInteger(), nullable=True),
    ],
    "members": [
        sa.Column("agreed", sa.Boolean(), nullable=False, server_default=sa.true()),
        sa.Column("muted_session", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("spoke", sa.BigInteger(), nullable=False, server_default="0"),
    ],
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
    op.create_index("ix_rooms_due", "rooms", ["due"])


def downgrade() -> None:
    op.drop_index("ix_rooms_due", "rooms")
    for table, columns in _NEW.items():
        with op.batch_alter_table(table) as batch:
            for column in columns:
                batch.drop_column(column.name)
