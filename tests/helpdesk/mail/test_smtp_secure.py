"""TLS is verified or nothing is sent; a log-in that fails tells nobody the password."""

from collections.abc import Callable

import pytest

from helpdesk.mail import Letter, MailBusy, MailSettings, open_mailer
from tests.helpdesk.mail.conftest import Certificate
from tests.helpdesk.mail.loopback import PASSWORD, SmtpServer, check_password

pytestmark = pytest.mark.sockets
MakeLetter = Callable[..., Letter]
MakeSettings = Callable[..., MailSettings]
StartSmtp = Callable[..., SmtpServer]


def busy(settings: MailSettings, letter: Letter) -> str:
    with open_mailer(settings) as mailer, pytest.raises(MailBusy) as error:
        mailer.send(letter)
    return str(error.value)


@pytest.mark.parametrize("way", ["use_tls", "use_ssl"])
def test_a_trusted_certificate_lets_mail_through(
    start_smtp: StartSmtp,
    make_settings: MakeSettings,
    make_letter: MakeLetter,
    certificate: Certificate,
    way: str,
) -> None:
    server = start_smtp(**tls(way, certificate))
    ours = {"server": "localhost", "port": server.port, "tls": certificate.client, way: True}
    with open_mailer(make_settings(**ours)) as mailer:
        mailer.send(make_letter())
    assert len(server.mails) == 1


@pytest.mark.parametrize("way", ["use_tls", "use_ssl"])
def test_an_unknown_certificate_lets_nothing_through(
    start_smtp: StartSmtp,
    make_settings: MakeSettings,
    make_letter: MakeLetter,
    certificate: Certificate,
    way: str,
) -> None:
    server = start_smtp(**tls(way, certificate))
    ours = {"server": "localhost", "port": server.port, way: True}
    assert "certificate could not be verified" in busy(make_settings(**ours), make_letter())
    assert server.mails == []


@pytest.mark.parametrize("way", ["use_tls", "use_ssl"])
def test_a_certificate_for_another_name_lets_nothing_through(
    start_smtp: StartSmtp,
    make_settings: MakeSettings,
    make_letter: MakeLetter,
    certificate: Certificate,
    way: str,
) -> None:
    server = start_smtp(**tls(way, certificate))
    ours = {"server": "127.0.0.1", "port": server.port, "tls": certificate.client, way: True}
    assert "certificate could not be verified" in busy(make_settings(**ours), make_letter())
    assert server.mails == []


def test_no_plain_text_when_starttls_was_asked_for(
    smtp: SmtpServer, smtp_settings: MakeSettings, make_letter: MakeLetter
) -> None:
    assert "STARTTLS" in busy(smtp_settings(use_tls=True), make_letter())
    assert smtp.mails == []


def test_tls_spoken_to_a_plain_port_is_busy(
    smtp: SmtpServer, smtp_settings: MakeSettings, make_letter: MakeLetter
) -> None:
    assert "No secure connection" in busy(smtp_settings(use_ssl=True), make_letter())


def test_the_right_password_opens(
    start_smtp: StartSmtp,
    make_settings: MakeSettings,
    make_letter: MakeLetter,
    certificate: Certificate,
) -> None:
    server = start_smtp(**tls("use_tls", certificate), **LOG_IN)
    with open_mailer(log_in(make_settings, server, certificate, PASSWORD)) as mailer:
        mailer.send(make_letter())
    assert len(server.mails) == 1


def test_a_wrong_password_is_mended_not_final(
    start_smtp: StartSmtp,
    make_settings: MakeSettings,
    make_letter: MakeLetter,
    certificate: Certificate,
) -> None:
    server = start_smtp(**tls("use_tls", certificate), **LOG_IN)
    settings = log_in(make_settings, server, certificate, "hunter2-hunter2")
    assert "did not accept" in busy(settings, make_letter())
    assert "hunter2" not in repr(settings)


def test_a_log_in_the_server_does_not_offer_is_busy(
    smtp_settings: MakeSettings, make_letter: MakeLetter
) -> None:
    settings = smtp_settings(username="desk", password=PASSWORD)
    assert "does not offer" in busy(settings, make_letter())


LOG_IN = {"authenticator": check_password, "auth_required": True}


def tls(way: str, certificate: Certificate) -> dict[str, object]:
    if way == "use_ssl":
        return {"tls": certificate.server}
    return {"tls_context": certificate.server, "require_starttls": True}


def log_in(
    make_settings: MakeSettings, server: SmtpServer, certificate: Certificate, password: str
) -> MailSettings:
    return make_settings(
        server="localhost",
        port=server.port,
        tls=certificate.client,
        use_tls=True,
        username="desk",
        password=password,
    )
