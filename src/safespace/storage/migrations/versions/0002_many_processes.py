"""Many processes: leases, secrets they share, and how far a leaf that is gone may read"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "leases",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("holder", sa.Uuid(), nullable=True),
        sa.Column("beat", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "secrets",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("secret", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    op.add_column("leaves", sa.Column("left_seq", sa.BigInteger(), nullable=True))


def downgrade() -> None:
    op.drop_column("leaves", "left_seq")
    op.drop_table("secrets")
    op.drop_table("leases")
