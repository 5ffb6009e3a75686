"""KeyPackages that are meant for one room alone"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("key_packages") as batch:
        batch.add_column(sa.Column("room", sa.Uuid(), nullable=True))
    op.create_index("ix_key_packages_room", "key_packages", ["room"])


def downgrade() -> None:
    op.drop_index("ix_key_packages_room", "key_packages")
    with op.batch_alter_table("key_packages") as batch:
        batch.drop_column("room")
