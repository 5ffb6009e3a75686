"""Further rooms: whom a room is about, endorsed KeyPackages, Welcomes that wait"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("rooms", sa.Column("about", sa.LargeBinary(), nullable=True))
    # None of the KeyPackages that are here was endorsed; their devices publish others.
    op.execute("DELETE FROM key_packages")
    with op.batch_alter_table("key_packages") as table:
        table.add_column(sa.Column("endorsement", sa.LargeBinary(), nullable=False))
    op.create_table(
        "welcomes",
        sa.Column("room", sa.Uuid(), nullable=False),
        sa.Column("device", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("welcome", sa.LargeBinary(), nullable=False),
        sa.Column("tree", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["room"], ["rooms.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["device"], ["devices.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("room", "device"),
    )
    op.create_index("ix_welcomes_device", "welcomes", ["device"])


def downgrade() -> None:
    op.drop_table("welcomes")
    with op.batch_alter_table("key_packages") as table:
        table.drop_column("endorsement")
    op.drop_column("rooms", "about")
