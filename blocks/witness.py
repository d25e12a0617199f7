"""The message that keeps the head of the audit chain in the channel."""

from blocks.kit import Block, context, message
from failover.audit_chain import Head

SHOWN_DIGITS = 16
"""So much of the hash is shown; the metadata of the message hold all of it."""


def witness(head: Head) -> Block:
    """The message, in one line."""
    entries = "1 entry" if head.n == 1 else f"{head.n:,} entries"
    told = (
        f"Audit record: {entries}, head {head.hash[:SHOWN_DIGITS]}\u2026; "
        "kept here so that the record can be checked against this channel."
    )
    return message(told, [context(told)])
