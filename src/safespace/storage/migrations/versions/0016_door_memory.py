"""Why a link ended and a wait with it, and who was told no at a door"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("requests", sa.Column("ended", sa.String(), nullable=True))
    with op.batch_alter_table("requests") as batch:
        batch.add_column(sa.Column("seen", sa.Boolean(), nullable=False, server_default=sa.true()))
    with op.batch_alter_table("requests") as batch:
        batch.alter_column("seen", server_default=None)
    with op.batch_alter_table("invites") as batch:
        batch.add_column(sa.Column("ended", sa.String(), nullable=True))
    op.execute("UPDATE invites SET ended = 'invite_revoked' WHERE revoked")
    with op.batch_alter_table("invites") as batch:
        batch.drop_column("revoked")
    op.create_index("requests_by_invite_status", "requests", ["invite", "status"])
    op.create_table(
        "declines",
        sa.Column("group", sa.Uuid(), nullable=False),
        sa.Column("account", sa.Uuid(), nullable=False),
        sa.Column("count", sa.BigInteger(), nullable=False),
        sa.Column("last", sa.BigInteger(), nullable=False),
        sa.Column("final", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["group"], ["groups.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["account"], ["accounts.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("group", "account"),
    )
    op.create_index("ix_declines_account", "declines", ["account"])


def downgrade() -> None:
    op.drop_table("declines")
    op.drop_index("requests_by_invite_status", "requests")
    with op.batch_alter_table("invites") as batch:
        batch.add_column(sa.Column("revoked", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.execute("UPDATE invites SET revoked = true WHERE ended IS NOT NULL")
    with op.batch_alter_table("invites") as batch:
        batch.drop_column("ended")
    with op.batch_alter_table("requests") as batch:
        batch.drop_column("ended")
        batch.drop_column("seen")
