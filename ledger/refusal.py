"""The refusal of a file that cannot be read as a ledger."""

from rules.refusal import Refusal


class LedgerUnreadable(Refusal):
    """No cell was read; `reason` is the last part of the key `ledger.unreadable.<reason>`."""

    def __init__(self, reason: str, **facts: object) -> None:
        super().__init__(f"ledger.unreadable.{reason}", **facts)
        self.reason = reason
