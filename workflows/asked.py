"""Who is asked to sign a worksheet by a mailed link."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Asked:
    """Somebody who is asked to sign by a link. `typed`: the address is not the one on file. `sent`:
    how many links they were mailed. `declined`: why they can’t sign, in their words."""

    who: str
    name: str
    address: str
    typed: bool = False
    sent: int = 0
    declined: str = ""
