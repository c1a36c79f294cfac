"""Mails as files, and the mailbox that shows them."""

import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from helpdesk.mail import Letter, MailBusy, MailSettings, list_mails, open_mailer, read_mail

MakeLetter = Callable[..., Letter]
MakeSettings = Callable[..., MailSettings]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "mail"


def send(settings: MailSettings, *letters: Letter) -> None:
    with open_mailer(settings) as mailer:
        for letter in letters:
            mailer.send(letter)


def test_a_mail_is_read_as_it_was_sent(
    make_settings: MakeSettings, make_letter: MakeLetter, folder: Path
) -> None:
    text = "See https://desk.example/link/abc\nor <https://desk.example/tickets/1>.\n"
    letter = make_letter(to_name="Łucja", subject="Für Łucja", text=text)
    send(make_settings(), letter)
    (mail,) = list_mails(folder)
    assert read_mail(folder, mail.name) == mail
    assert (mail.when, mail.subject, mail.text) == (letter.when, "Für Łucja", text)
    assert mail.to == "Łucja <ann@harbor.example>"
    assert mail.html == letter.html
    assert mail.links == ("https://desk.example/link/abc", "https://desk.example/tickets/1")


def test_the_newest_mails_come_first(
    make_settings: MakeSettings, make_letter: MakeLetter, folder: Path
) -> None:
    start = make_letter().when
    letters = [
        make_letter(key=f"k{n}", subject=f"s{n}", when=start + timedelta(seconds=n))
        for n in range(4)
    ]
    send(make_settings(), *letters)
    assert [mail.subject for mail in list_mails(folder, limit=3)] == ["s3", "s2", "s1"]


def test_a_repeated_mail_with_a_later_date_replaces_its_file(
    make_settings: MakeSettings, make_letter: MakeLetter, folder: Path
) -> None:
    later = make_letter().when + timedelta(minutes=5)
    send(make_settings(), make_letter(), make_letter(when=later))
    assert len(list(folder.iterdir())) == 1


def test_only_the_owner_may_read(
    make_settings: MakeSettings, make_letter: MakeLetter, folder: Path
) -> None:
    send(make_settings(), make_letter())
    (path,) = folder.iterdir()
    assert path.stat().st_mode & 0o077 == 0


def test_a_mail_that_cannot_be_written_leaves_nothing_behind(
    make_settings: MakeSettings,
    make_letter: MakeLetter,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(MailBusy, match="could not be written"):
        send(make_settings(), make_letter())
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize(
    "name", ["", ".", "..", "../mail/x.eml", "/etc/passwd", "x.eml", "a\0.eml", "%2e%2e", "x\n"]
)
def test_a_name_is_never_a_path(folder: Path, name: str) -> None:
    folder.mkdir()
    (folder / "x.eml").write_text("not ours")
    assert read_mail(folder, name) is None
    assert list_mails(folder) == []


def test_a_folder_that_is_not_there_is_an_empty_mailbox(folder: Path) -> None:
    assert list_mails(folder) == []
    assert read_mail(folder, f"20261123T201530123456-{'0' * 40}.eml") is None


def test_settings_that_cannot_work_are_refused_at_start(make_settings: MakeSettings) -> None:
    for bad in (
        {"directory": None},
        {"use_tls": True, "use_ssl": True},
        {"username": "desk"},
    ):
        with pytest.raises(ValueError, match="MAIL_"):
            make_settings(**bad)


def test_settings_come_from_the_apps_config(tmp_path: Path) -> None:
    config = {
        "MAIL_DEFAULT_SENDER": "help@desk.example",
        "MAIL_DOMAIN": "desk.example",
        "DESK_NAME": "HAND Help Desk",
        "MAIL_SERVER": "",
        "MAIL_DIRECTORY": str(tmp_path),
    }
    settings = MailSettings.from_config(config)
    assert (settings.server, settings.port, settings.timeout) == (None, 25, 20)
    assert settings.directory == tmp_path
    assert settings.sender_name_and_address == ("HAND Help Desk", "help@desk.example")
