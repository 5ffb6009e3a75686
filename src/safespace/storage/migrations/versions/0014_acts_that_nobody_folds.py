"""Acts that nobody folds are taken back, and doubts end by themselves"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "acts",
        sa.Column("room", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("author", sa.LargeBinary(), nullable=False),
        sa.Column("rank", sa.BigInteger(), nullable=False),
        sa.Column("changed", sa.JSON(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.Column("folded", sa.Boolean(), nullable=False),
        sa.Column("undone", sa.Boolean(), nullable=False),
        sa.Column("created", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["room"], ["rooms.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("room", "seq"),
    )
    op.create_index("ix_acts_created", "acts", ["created"])
    doubted = sa.text("until > 0")
    op.create_index("acts_doubted", "acts", ["room"], sqlite_where=doubted, postgresql_where=doubted)
    op.execute("DELETE FROM changes")  # what is provisional while the server is updated stands
    with op.batch_alter_table("changes") as batch:
        batch.add_column(sa.Column("opened", sa.Boolean(), nullable=False))
    op.drop_table("doubts")
    op.create_table(
        "doubts",
        sa.Column("group", sa.Uuid(), nullable=False),
        sa.Column("room", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("by", sa.LargeBinary(), nullable=False),
        sa.Column("author", sa.LargeBinary(), nullable=False),
        sa.Column("about", sa.String(), nullable=False),
        sa.Column("created", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["group"], ["groups.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("room", "seq", "by"),
    )
    op.create_index("ix_doubts_group", "doubts", ["group"])
    op.create_index("ix_doubts_created", "doubts", ["created"])


def downgrade() -> None:
    op.drop_table("acts")
    with op.batch_alter_table("changes") as batch:
        batch.drop_column("opened")
    op.drop_table("doubts")
    op.create_table(
        "doubts",
        sa.Column("group", sa.Uuid(), nullable=False),
        sa.Column("author", sa.LargeBinary(), nullable=False),
        sa.Column("by", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["group"], ["groups.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("group", "author", "by"),
    )
