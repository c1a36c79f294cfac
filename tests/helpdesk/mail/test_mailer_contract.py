"""What every mailer does, whatever stands behind it."""

from collections.abc import Callable
from dataclasses import dataclass
from email import policy
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path

import pytest

from helpdesk.mail import (
    Letter,
    MailBusy,
    MailRefused,
    MailSettings,
    build,
    message_id,
    open_mailer,
)

pytestmark = pytest.mark.sockets
MakeLetter = Callable[..., Letter]


@dataclass
class Post:
    """A mailer's settings, and what arrived at its other end."""

    settings: MailSettings
    arrived: Callable[[], list[bytes]]

    def send(self, *letters: Letter) -> list[str]:
        with open_mailer(self.settings) as mailer:
            return [mailer.send(letter) for letter in letters]

    def only(self) -> EmailMessage:
        (data,) = self.arrived()
        return BytesParser(policy=policy.default).parsebytes(data)


@pytest.fixture(params=["smtp", "file"])
def post(request: pytest.FixtureRequest, make_settings: Callable[..., MailSettings]) -> Post:
    if request.param == "smtp":
        server = request.getfixturevalue("smtp")
        settings = make_settings(server="127.0.0.1", port=server.port)
        return Post(settings, lambda: list(server.mails))
    settings = make_settings()
    folder = settings.directory or Path()
    return Post(settings, lambda: [path.read_bytes() for path in sorted(folder.glob("*"))])


def body(mail: EmailMessage, kind: str) -> str:
    part = mail.get_body((kind,))
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")


def read(header: str) -> str:
    """As mail programs show it."""
    return str(make_header(decode_header(header)))


def test_a_letter_arrives_as_text_and_html(post: Post, make_letter: MakeLetter) -> None:
    letter = make_letter()
    (sent,) = post.send(letter)
    mail = post.only()
    assert not mail.defects
    assert str(mail["To"]) == "Ann Lee <ann@harbor.example>"
    assert mail["From"].addresses[0].display_name == "HAND Help Desk"
    assert mail["From"].addresses[0].addr_spec == "help@desk.example"
    assert mail["Subject"] == letter.subject
    assert mail["Message-ID"] == sent == message_id(letter.key, "desk.example")
    assert mail["Date"].datetime == letter.when.replace(microsecond=0)
    assert body(mail, "plain") == letter.text
    assert body(mail, "html") == letter.html


def test_what_arrives_is_what_was_built(post: Post, make_letter: MakeLetter) -> None:
    post.send(make_letter())
    assert post.arrived() == [build(make_letter(), post.settings).as_bytes()]


def test_robots_are_asked_not_to_answer(post: Post, make_letter: MakeLetter) -> None:
    post.send(make_letter())
    mail = post.only()
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["X-Auto-Response-Suppress"] == "All"


def test_the_same_letter_again_has_the_same_bytes(post: Post, make_letter: MakeLetter) -> None:
    first, second = post.send(make_letter()) + post.send(make_letter())
    assert first == second
    assert len(set(post.arrived())) == 1


def test_a_refused_letter_leaves_the_next_alone(post: Post, make_letter: MakeLetter) -> None:
    with open_mailer(post.settings) as mailer:
        with pytest.raises(MailRefused):
            mailer.send(make_letter(to_address="ann\r\nBcc: eve@evil.example"))
        mailer.send(make_letter())
    assert post.only()["To"].addresses[0].addr_spec == "ann@harbor.example"


@pytest.mark.parametrize(
    "name", ["Łucja Nowak", "李 小龍", "أمل", 'O\'Neil, "Bo" <b@x>', "x" * 400]
)
def test_any_name_arrives(post: Post, make_letter: MakeLetter, name: str) -> None:
    post.send(make_letter(to_name=name, subject=f"For {name}"))
    raw = dict(post.only().raw_items())
    shown = name if len(name) <= 100 else name[:99] + "…"
    to = read(raw["To"]).replace("\r\n", "")
    assert to.replace("\\", "").replace('"', "") == shown.replace('"', "") + " <ann@harbor.example>"
    assert read(raw["Subject"]).startswith("For " + name[:90])


def test_a_domain_of_any_script_becomes_ascii(post: Post, make_letter: MakeLetter) -> None:
    post.send(make_letter(to_address="ann@straße.example"))
    assert post.only()["To"].addresses[0].addr_spec == "ann@xn--strae-oqa.example"


def test_a_local_part_of_any_script_arrives(post: Post, make_letter: MakeLetter) -> None:
    post.send(make_letter(to_address="łucja@harbor.example"))
    assert "łucja@harbor.example".encode() in post.arrived()[0]


def test_a_text_of_any_length_and_content_arrives(post: Post, make_letter: MakeLetter) -> None:
    text = ".\n..\nFrom me\n" + "long " * 4000 + "\n" + "ß" * 3000 + "\nend\n"
    post.send(make_letter(text=text))
    assert body(post.only(), "plain") == text
    assert max(len(line) for line in post.arrived()[0].split(b"\r\n")) <= 78


def test_a_bad_sender_is_the_desks_own_trouble(
    make_settings: Callable[..., MailSettings], make_letter: MakeLetter
) -> None:
    for sender in ("", "no address", "Desk <a b@c>", "łucja@desk.example"):
        with open_mailer(make_settings(sender=sender)) as mailer, pytest.raises(MailBusy):
            mailer.send(make_letter())
