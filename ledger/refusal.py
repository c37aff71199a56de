"""The refusal of a file that cannot be read as a ledger."""

from rules.refusal import Refusal


class LedgerUnreadable(Refusal):
    """No cell was read. `key` is the last part of `ledger.unreadable.<key>` in the texts."""
