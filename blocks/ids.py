"""Action, block and callback IDs: what the drawn parts and the handlers call each other by."""

FORM = "failover_form"
NOTICE = "failover_notice"

GROUP = "group"
MODE = "mode"
FAILBACK = "failback"
REASON = "reason"

RELOAD_FORM = "reload_form"
OPEN_FORM = "open_form"
APPLY = "apply_change"
CANCEL = "cancel_change"
TRY_AGAIN = "try_again"
UNDO = "undo_change"
MORE_GROUPS = "more_groups"

CARD_EVENT = "failover_change"
"""The ``event_type`` in the metadata of a card; its payload holds the change's ID."""
