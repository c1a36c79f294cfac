"""What is taken and what is not, by the bytes: each refusal names the file and is a sentence."""

import contextlib
import io

import pytest

from config import Config
from helpdesk.documents.errors import NotAllowed
from helpdesk.documents.names import harmless
from helpdesk.documents.types import SUFFIXES, label_of, recognize
from tests.helpdesk.hostile_files import GOOD, HOSTILE

MOST = Config.DOCUMENT_PIXELS_TAKEN


def test_there_are_enough_of_them() -> None:
    assert len(HOSTILE) >= 60


@pytest.mark.parametrize("what", HOSTILE)
def test_a_hostile_file_is_refused_in_words(what: str) -> None:
    name, content, words = HOSTILE[what]
    with pytest.raises(NotAllowed) as refused:
        recognize(io.BytesIO(content), harmless(name), MOST)
    sentence = refused.value.sentence
    assert words in sentence
    assert sentence.startswith(f"“{harmless(name)}” ")
    assert sentence.endswith(".")


@pytest.mark.parametrize("what", GOOD)
def test_a_good_file_is_known_by_its_bytes_and_left_at_its_beginning(what: str) -> None:
    name, content = GOOD[what]
    stream = io.BytesIO(content)
    found = recognize(stream, name, MOST)
    assert what.startswith(found.label)
    assert stream.tell() == 0
    assert label_of(found.content_type) == found.label


@pytest.mark.parametrize("what", GOOD)
@pytest.mark.parametrize("suffix", [*SUFFIXES, ".docm", ".exe", ".html", ".svg", ""])
def test_name_and_content_have_to_agree(what: str, suffix: str) -> None:
    name, content = GOOD[what]
    agree = suffix in recognize(io.BytesIO(content), name, MOST).suffixes
    if agree:
        recognize(io.BytesIO(content), f"other{suffix}", MOST)
    else:
        with pytest.raises(NotAllowed, match="rename"):
            recognize(io.BytesIO(content), f"other{suffix}", MOST)


@pytest.mark.parametrize("what", GOOD)
def test_a_good_file_cut_anywhere_is_refused_or_a_good_file(what: str) -> None:
    name, content = GOOD[what]
    length = len(content)
    for end in {*range(0, min(length, 400), 3), *range(max(0, length - 90), length)}:
        with contextlib.suppress(NotAllowed):
            found = recognize(io.BytesIO(content[:end]), name, MOST)
            assert found == recognize(io.BytesIO(content), name, MOST)


@pytest.mark.parametrize("what", ["PNG", "JPEG of 108 megapixels"])
def test_a_picture_may_have_as_many_pixels_as_a_site_says(what: str) -> None:
    name, content = next(file for label, file in GOOD.items() if label.startswith(what))
    with pytest.raises(NotAllowed, match=r"has [\d,]+ megapixels; we take up to 0\. Please save"):
        recognize(io.BytesIO(content), name, 0)
