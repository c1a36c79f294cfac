"""Small changes to a file, such as a bad disk or a bad mind would make."""

import random

WORDS = (b"<<", b">>", b"[", b"]", b"obj", b"endstream", b"/Kids", b"/Length 9999999", b"-1", b"\0",
         b"4294967295", b"2147483648", b"%PDF-1.7", b"%%EOF", b"PK\x03\x04", b"IHDR", b"IDAT",
         b"\xff\xd8", b"\xff\xda", b"0 R", b"/Filter/FlateDecode", b"1e99")  # fmt: skip


def changed(data: bytes, chance: random.Random) -> bytes:
    """One to eight changes, mostly small ones."""
    for _time in range(chance.choice((1, 1, 2, 4, 8))):
        data = chance.choice(WAYS)(data, chance)
    return data


def flip(data: bytes, chance: random.Random) -> bytes:
    place = _place(data, chance)
    return data[:place] + bytes([chance.randrange(256)]) + data[place + 1 :]


def cut(data: bytes, chance: random.Random) -> bytes:
    place = _place(data, chance)
    return data[:place] + data[place + chance.choice((1, 4, 64, 1024)) :]


def repeat(data: bytes, chance: random.Random) -> bytes:
    place, length = _place(data, chance), chance.choice((4, 64, 1024))
    return data[:place] + data[place : place + length] * chance.choice((2, 9)) + data[place:]


def swap(data: bytes, chance: random.Random) -> bytes:
    first, second = sorted((_place(data, chance), _place(data, chance)))
    length = min(64, second - first)
    return (data[:first] + data[second : second + length] + data[first + length : second]
            + data[first : first + length] + data[second + length :])  # fmt: skip


def put(data: bytes, chance: random.Random) -> bytes:
    place = _place(data, chance)
    return data[:place] + chance.choice(WORDS) + data[place:]


def number(data: bytes, chance: random.Random) -> bytes:
    """One of the digits in it becomes another: sizes, places, counts."""
    digits = [place for place in range(min(len(data), 100_000)) if data[place] in b"0123456789"]
    if not digits:
        return data
    place = chance.choice(digits)
    return data[:place] + chance.choice((b"0", b"9", b"99999", b"-")) + data[place + 1 :]


WAYS = (flip, flip, flip, cut, repeat, swap, put, number)


def _place(data: bytes, chance: random.Random) -> int:
    return chance.randrange(max(1, len(data)))
