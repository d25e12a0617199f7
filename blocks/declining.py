"""The small form that asks whoever declines a change why."""

from blocks.announcement import change_line, group_name
from blocks.ids import DECLINE_FORM, REASON
from blocks.kit import Block, input_block, modal, neutral, plain, section
from failover.lifecycle import Record
from failover.option_grammar import REASON_LIMIT


def decline_form(record: Record) -> Block:
    """The form; its private metadata is the change's ID, the reason stands under ``REASON``."""
    reason: Block = {
        "type": "plain_text_input",
        "action_id": REASON,
        "max_length": REASON_LIMIT,
        "placeholder": plain("Shown in the channel"),
    }
    blocks = [
        section(f"{neutral(group_name(record), 80)}: {change_line(record)}"),
        input_block(REASON, "Why not?", reason),
    ]
    view = modal("Decline", blocks, callback_id=DECLINE_FORM, metadata=record.id)
    return view | {"submit": plain("Decline"), "close": plain("Cancel")}
