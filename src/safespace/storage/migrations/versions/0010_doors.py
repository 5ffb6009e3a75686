"""A word to those who wait, and handover notes"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("requests", sa.Column("word", sa.LargeBinary(), nullable=True))

    op.create_table(
        "handovers",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("group", sa.Uuid(), nullable=False),
        sa.Column("author", sa.LargeBinary(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("created", sa.BigInteger(), nullable=False),
        sa.Column("expires", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["group"], ["groups.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_handovers_group", "handovers", ["group"])
    op.create_index("ix_handovers_expires", "handovers", ["expires"])

    op.create_table(
        "handover_boxes",
        sa.Column("handover", sa.Uuid(), nullable=False),
        sa.Column("member", sa.LargeBinary(), nullable=False),
        sa.Column("box", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["handover"], ["handovers.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("handover", "member"),
    )


def downgrade() -> None:
    op.drop_table("handover_boxes")
    op.drop_table("handovers")
    op.drop_column("requests", "word")
