"""Provisional commits: the public group before the newest one, and who could not apply whose"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("rooms") as batch:
        batch.add_column(sa.Column("unconfirmed", sa.BigInteger(), nullable=False, server_default="0"))
    with op.batch_alter_table("rooms") as batch:
        batch.alter_column("unconfirmed", server_default=None)
    op.create_table(
        "changes",
        sa.Column("room", sa.Uuid(), sa.ForeignKey("rooms.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("last", sa.BigInteger(), nullable=False),
        sa.Column("author", sa.LargeBinary(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.Column("epoch", sa.BigInteger(), nullable=False),
        sa.Column("tree", sa.LargeBinary(), nullable=False),
        sa.Column("confirmed_transcript_hash", sa.LargeBinary(), nullable=False),
        sa.Column("confirmation_tag", sa.LargeBinary(), nullable=False),
        sa.Column("removed", sa.JSON(), nullable=False),
        sa.Column("doubts", sa.JSON(), nullable=False),
    )
    op.create_table(
        "doubts",
        sa.Column("group", sa.Uuid(), sa.ForeignKey("groups.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("author", sa.LargeBinary(), primary_key=True),
        sa.Column("by", sa.LargeBinary(), primary_key=True),
    )


def downgrade() -> None:
    op.drop_table("doubts")
    op.drop_table("changes")
    with op.batch_alter_table("rooms") as batch:
        batch.drop_column("unconfirmed")
