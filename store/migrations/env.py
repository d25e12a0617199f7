"""What Alembic runs: the versions, over the connection and in the transaction that it was given."""

from alembic import context


def main() -> None:
    """Carry out what ``store.migrations.upgrade`` asks for."""
    context.configure(connection=context.config.attributes["connection"])
    with context.begin_transaction():
        context.run_migrations()


# Alembic loads the file under this name; an import from elsewhere does nothing.
if __name__ == "env_py":
    main()
