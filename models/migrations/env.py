"""Alembic's entry: one transaction per revision, on the connection that `models.schema` opened."""

from alembic import context
from sqlmodel import SQLModel

from models import database  # noqa: F401  (fills the metadata)

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=SQLModel.metadata,
    render_as_batch=True,
    transaction_per_migration=True,
    transactional_ddl=True,  # SQLite can, since we begin the transaction ourselves
    compare_type=False,
)
with context.begin_transaction():
    context.run_migrations()
