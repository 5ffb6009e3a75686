"""Alembic's entry: runs the migrations on the connection it is handed, inside its transaction."""

from alembic import context

from safespace.storage.tables import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
