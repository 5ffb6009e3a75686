"""Retention: how far a room's lines were deleted; on PostgreSQL, lines are kept by the day on which they end"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("rooms") as batch:
        batch.add_column(sa.Column("expired_to", sa.BigInteger(), nullable=False, server_default="0"))
        batch.add_column(sa.Column("filed", sa.BigInteger(), nullable=False, server_default="0"))
    with op.batch_alter_table("rooms") as batch:
        batch.alter_column("expired_to", server_default=None)
        batch.alter_column("filed", server_default=None)
    with op.batch_alter_table("envelopes") as batch:
        batch.add_column(sa.Column("expires", sa.BigInteger(), nullable=False, server_default="0"))
    with op.batch_alter_table("envelopes") as batch:
        batch.alter_column("expires", server_default=None)
    if op.get_bind().dialect.name == "postgresql":
        _partition()


def _partition() -> None:
    """What is there becomes the partition of what is kept; a partition's key is part of every unique one."""
    for statement in (
        "DROP INDEX envelopes_taken_down",
        "ALTER TABLE envelopes RENAME TO envelopes_kept",
        "ALTER TABLE envelopes_kept DROP CONSTRAINT envelopes_pkey",
        "ALTER TABLE envelopes_kept DROP CONSTRAINT envelopes_room_client_id_part_key",
        "ALTER TABLE envelopes_kept DROP CONSTRAINT envelopes_room_fkey",
        "CREATE TABLE envelopes (LIKE envelopes_kept) PARTITION BY LIST (expires)",
        "ALTER TABLE envelopes ATTACH PARTITION envelopes_kept FOR VALUES IN (0)",
        "ALTER TABLE envelopes ADD PRIMARY KEY (room, seq, expires)",
        "ALTER TABLE envelopes ADD UNIQUE (room, client_id, part, expires)",
        "ALTER TABLE envelopes ADD FOREIGN KEY (room) REFERENCES rooms (id) ON DELETE CASCADE",
        "CREATE INDEX envelopes_taken_down ON envelopes (taken_down) WHERE taken_down IS NOT NULL",
    ):
        op.execute(statement)


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        for statement in (
            "CREATE TABLE envelopes_whole (LIKE envelopes)",
            "INSERT INTO envelopes_whole SELECT * FROM envelopes",
            "DROP TABLE envelopes",
            "ALTER TABLE envelopes_whole RENAME TO envelopes",
            "ALTER TABLE envelopes ADD PRIMARY KEY (room, seq)",
            "ALTER TABLE envelopes ADD UNIQUE (room, client_id, part)",
            "ALTER TABLE envelopes ADD FOREIGN KEY (room) REFERENCES rooms (id) ON DELETE CASCADE",
            "CREATE INDEX envelopes_taken_down ON envelopes (taken_down) WHERE taken_down IS NOT NULL",
        ):
            op.execute(statement)
    with op.batch_alter_table("envelopes") as batch:
        batch.drop_column("expires")
    with op.batch_alter_table("rooms") as batch:
        batch.drop_column("filed")
        batch.drop_column("expired_to")
