"""What can come of a call instead of an answer."""


class NoAnswer(Exception):
    """Nobody knows whether it arrived: no connection, too slow, too long, or broken off."""


class NotAllowed(Exception):
    """The address is none that we call; nothing was sent."""
