"""What acts set is kept in order; KeyPackages are of who endorsed them"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("DELETE FROM acts")  # what was done before the server is updated stands
    with op.batch_alter_table("acts") as batch:
        batch.drop_column("changed")
    op.create_table(
        "effects",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("group", sa.Uuid(), nullable=False),
        sa.Column("room", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("before", sa.JSON(), nullable=True),
        sa.Column("after", sa.JSON(), nullable=True),
        sa.ForeignKeyConstraint(["group"], ["groups.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["room", "seq"], ["acts.room", "acts.seq"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("effects_by_act", "effects", ["room", "seq"])
    op.create_index("effects_by_name", "effects", ["group", "name"])
    op.execute("DELETE FROM key_packages")  # devices publish others when they come
    with op.batch_alter_table("key_packages") as batch:
        batch.add_column(sa.Column("member", sa.LargeBinary(), nullable=False))


def downgrade() -> None:
    with op.batch_alter_table("key_packages") as batch:
        batch.drop_column("member")
    op.drop_table("effects")
    op.execute("DELETE FROM acts")
    with op.batch_alter_table("acts") as batch:
        batch.add_column(sa.Column("changed", sa.JSON(), nullable=False))
