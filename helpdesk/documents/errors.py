"""What can go wrong with a file."""


class NotAllowed(Exception):
    """The file is not taken; `sentence` says why, and how to mend it."""

    def __init__(self, sentence: str) -> None:
        self.sentence = sentence
        super().__init__(sentence)


class TooLarge(Exception):
    """There are more bytes than the limit allows."""


class CannotStore(Exception):
    """The disk is full or refuses; nothing was kept."""


class NotThere(Exception):
    """The kept bytes are missing, or they are not what was put."""
