"""The bytes of a mail: stable, threaded, and nobody's words in a header of their own."""

import base64
import re
import subprocess
import sys
from collections.abc import Callable
from datetime import datetime, timedelta
from email import policy
from email.parser import BytesParser

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from helpdesk.mail import Letter, MailRefused, MailSettings, build, message_id
from helpdesk.mail.wire import BadHeader, mail, one_line

MakeLetter = Callable[..., Letter]
MakeSettings = Callable[..., MailSettings]
HOSTILE = st.text(
    st.one_of(
        st.sampled_from(list('\r\n\0\t\v\f\x85\u2028\u202e\ud800:<>@,;"\\=?é漢😀 ')),
        st.characters(),
    ),
    max_size=300,
)
CALM = settings(
    deadline=None, max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
HEADERS = [
    "Message-ID", "Date", "From", "To", "Subject", "Auto-Submitted", "X-Auto-Response-Suppress",
    "In-Reply-To", "References", "MIME-Version", "Content-Type",
]  # fmt: skip


def head(data: bytes) -> bytes:
    return data.partition(b"\r\n\r\n")[0]


@CALM
@given(name=HOSTILE, subject=HOSTILE)
def test_no_name_or_subject_can_add_a_header(
    make_letter: MakeLetter, make_settings: MakeSettings, name: str, subject: str
) -> None:
    letter = make_letter(to_name=name, subject=subject)
    data = build(letter, make_settings()).as_bytes()
    unfolded = head(data).replace(b"\r\n ", b" ").decode("ascii")
    assert [line.partition(":")[0] for line in unfolded.split("\r\n")] == HEADERS
    assert not re.search(r"[\x00-\x1f]", unfolded.replace("\r\n", ""))
    assert max(len(line) for line in head(data).split(b"\r\n")) <= 100


@CALM
@given(name=HOSTILE, subject=HOSTILE)
def test_names_and_subjects_are_read_as_they_were_cleaned(
    make_letter: MakeLetter, make_settings: MakeSettings, name: str, subject: str
) -> None:
    data = build(make_letter(to_name=name, subject=subject), make_settings()).as_bytes()
    parsed = BytesParser(policy=policy.compat32).parsebytes(data)
    assert decoded(parsed["Subject"]) == one_line(subject, 200)
    assert len(re.findall(r"<[^<>]*@[^<>]*>\Z", str(parsed["To"]))) == 1
    assert str(parsed["To"]).endswith("<ann@harbor.example>")


def decoded(value: str) -> str:
    """As mail programs read it: encoded words side by side belong together."""
    unfolded = re.sub(r"\r?\n(?=[ \t])", "", value)
    if not unfolded.startswith("=?utf-8?b?"):
        return unfolded
    words = re.findall(r"=\?utf-8\?b\?([^?]*)\?=", unfolded)
    return b"".join(base64.b64decode(word) for word in words).decode()


@CALM
@given(address=HOSTILE)
def test_an_address_is_clean_or_refused(
    make_letter: MakeLetter, make_settings: MakeSettings, address: str
) -> None:
    try:
        message = build(make_letter(to_address=f"{address}@harbor.example"), make_settings())
    except MailRefused:
        return
    assert not re.search(r"[\s\x00-\x1f<>,;:\"\\]", str(message.recipient))
    assert message.as_bytes()


@pytest.mark.parametrize(
    "address",
    [
        "", "ann", "@x.example", "ann@", "ann@ x.example", "a b@x.example", "a@b@x.example",
        "ann@x..example", "ann@-x.example", "ann@[127.0.0.1]", '"a b"@x.example', "ann.@x.example",
        "ann@x.example\n", "ann@x.example\0", "ann@x.example>", "ann@x.example,eve@y.example",
        "a" * 65 + "@x.example", "ann@" + "x" * 64 + ".example", "ann@" + "x." * 130 + "example",
        "ann\u202e@x.example", "ann\ud800@x.example", "ann@\u2028.example", "ann@*.example",
    ],
)  # fmt: skip
def test_what_is_no_address_is_refused_for_good(
    make_letter: MakeLetter, make_settings: MakeSettings, address: str
) -> None:
    with pytest.raises(MailRefused) as refusal:
        build(make_letter(to_address=address), make_settings())
    assert str(refusal.value).endswith(".")


def test_controls_in_a_subject_collapse_to_one_space(
    make_letter: MakeLetter, make_settings: MakeSettings
) -> None:
    letter = make_letter(subject="HD-1\r\n\0\u202eBcc: eve@evil.example")
    data = build(letter, make_settings()).as_bytes()
    assert b"\r\nSubject: HD-1 Bcc: eve@evil.example\r\n" in data


def test_a_mail_that_can_be_turned_off_says_where(
    make_letter: MakeLetter, make_settings: MakeSettings
) -> None:
    url = f"https://desk.example/weekly-email/{'x' * 140}"
    data = build(make_letter(unsubscribe=url), make_settings()).as_bytes()
    parsed = BytesParser(policy=policy.default).parsebytes(data)
    assert parsed["List-Unsubscribe"] == f"<{url}>"
    assert b"List-Unsubscribe" not in build(make_letter(), make_settings()).as_bytes()


def test_a_line_end_that_gets_to_a_header_is_never_sent() -> None:
    with pytest.raises(BadHeader):
        mail([("Subject", "a\r\nBcc: eve@evil.example")], "", "", "x")


def test_controls_in_a_body_become_visible(
    make_letter: MakeLetter, make_settings: MakeSettings
) -> None:
    message = build(make_letter(text="a\0b\x1b[31m\ud800\rc\r\nd"), make_settings())
    parsed = BytesParser(policy=policy.default).parsebytes(message.as_bytes())
    part = parsed.get_body(("plain",))
    assert part is not None
    assert part.get_content().splitlines() == ["a\ufffdb\ufffd[31m\ufffd", "c", "d"]


def test_only_the_date_tells_two_attempts_apart(
    make_letter: MakeLetter, make_settings: MakeSettings
) -> None:
    first = build(make_letter(), make_settings()).as_bytes().split(b"\r\n")
    later = make_letter(when=make_letter().when + timedelta(days=1))
    second = build(later, make_settings()).as_bytes().split(b"\r\n")
    assert [a[:5] for a, b in zip(first, second, strict=True) if a != b] == [b"Date:"]


def test_the_bytes_are_the_same_in_another_process(
    make_letter: MakeLetter, make_settings: MakeSettings
) -> None:
    letter = make_letter(to_name="Łucja", subject="ß" * 90)
    code = (
        f"import sys, datetime; from helpdesk.mail import *;letter = {letter!r}".replace(
            "Letter(", "Letter(text=sys.argv[1], html=sys.argv[2], "
        )
        + "; s = MailSettings(sender='help@desk.example', domain='desk.example',"
        " desk_name='HAND Help Desk', server='x');"
        "sys.stdout.buffer.write(build(letter, s).as_bytes())"
    )
    command = [sys.executable, "-c", code, letter.text, letter.html]
    environment = {"PYTHONHASHSEED": "7", "TZ": "Asia/Tokyo"}
    there = subprocess.run(command, capture_output=True, check=True, env=environment).stdout
    assert there == build(letter, make_settings()).as_bytes()


def test_mails_of_one_thread_share_a_root_and_nothing_else(
    make_letter: MakeLetter, make_settings: MakeSettings
) -> None:
    def headers(**changes: str | None) -> dict[str, str | None]:
        parsed = BytesParser().parsebytes(build(make_letter(**changes), make_settings()).as_bytes())
        return {name: parsed[name] for name in ("Message-ID", "References", "In-Reply-To")}

    one, two = headers(key="a"), headers(key="b")
    other, alone = headers(key="a", thread="ticket-13"), headers(key="a", thread=None)
    assert one["References"] == one["In-Reply-To"] == two["References"] != other["References"]
    assert one["Message-ID"] != two["Message-ID"]
    assert alone["References"] is alone["In-Reply-To"] is None


def test_a_message_id_hides_its_key() -> None:
    assert re.fullmatch(r"<[0-9a-f]{40}@desk\.example>", message_id("ticket:12", "desk.example"))


def test_reply_to_is_set_when_configured(
    make_letter: MakeLetter, make_settings: MakeSettings
) -> None:
    data = build(make_letter(), make_settings(reply_to="Desk <answers@desk.example>")).as_bytes()
    assert b'\r\nReply-To: "Desk"\r\n <answers@desk.example>\r\n' in data


def test_a_letter_shows_no_body_when_it_is_logged(make_letter: MakeLetter) -> None:
    assert "secret" not in repr(make_letter(text="secret", html="secret"))


def test_a_time_without_zone_is_a_fault(
    make_letter: MakeLetter, make_settings: MakeSettings
) -> None:
    with pytest.raises(ValueError, match="time zone"):
        build(make_letter(when=datetime(2026, 1, 1)), make_settings())  # noqa: DTZ001
