"""Rows about the same: said twice they count once, contradicting each other all are left out."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field


@dataclass
class _Said:
    """What the first row of a key says, as a digest, and all lines that name it."""

    digest: bytes
    lines: list[int]
    agree: bool = True


@dataclass
class Repeats:
    said: dict[str, _Said] = field(default_factory=dict)

    def is_first(self, key: str, content: Iterable[str], line: int) -> bool:
        digest = hashlib.blake2b("\0".join(content).encode(), digest_size=16).digest()
        earlier = self.said.get(key)
        if earlier is None:
            self.said[key] = _Said(digest, [line])
            return True
        earlier.lines.append(line)
        earlier.agree = earlier.agree and earlier.digest == digest
        return False

    def torn(self) -> dict[str, tuple[int, ...]]:
        """The lines of each key of which rows say different things."""
        return {key: tuple(each.lines) for key, each in self.said.items() if not each.agree}

    def repeated(self) -> int:
        """Rows that say what an earlier one says."""
        return sum(len(each.lines) - 1 for each in self.said.values() if each.agree)
