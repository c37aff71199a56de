"""What a person can be told instead of an answer."""


class Refusal(Exception):
    """A rule said no; `key` names the sentence in the texts, `facts` fill it.

    Everything a person may be told derives from this; any other exception is a fault.
    """

    def __init__(self, key: str, **facts: object) -> None:
        super().__init__(key)
        self.key = key
        self.facts = facts


class Unusable(Refusal):
    """The words cannot be read as the step wants them; the step is asked again."""
