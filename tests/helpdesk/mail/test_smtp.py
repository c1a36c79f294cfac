"""SMTP servers as they are: slow, broken, refusing; what is final and what is tried again."""

import socket
import time
from collections.abc import Callable

import pytest

from helpdesk.mail import (
    Letter,
    MailBusy,
    MailError,
    MailRefused,
    MailSettings,
    MailUncertain,
    open_mailer,
)
from tests.helpdesk.mail.loopback import Act, SmtpServer

pytestmark = pytest.mark.sockets
MakeLetter = Callable[..., Letter]
MakeSettings = Callable[..., MailSettings]
NO_SUCH_USER = "550 5.1.1 <ann@harbor.example> unknown, see https://evil.example/?token=abc"


def failure(settings: MailSettings, letter: Letter) -> MailError:
    with open_mailer(settings) as mailer, pytest.raises(MailError) as error:
        mailer.send(letter)
    return error.value


def test_a_batch_goes_over_one_connection(
    smtp: SmtpServer, smtp_settings: MakeSettings, make_letter: MakeLetter
) -> None:
    with open_mailer(smtp_settings()) as mailer:
        for number in range(5):
            mailer.send(make_letter(key=f"k{number}"))
    assert (smtp.connections, len(set(smtp.mails))) == (1, 5)


def test_opening_without_a_letter_costs_no_connection(
    smtp: SmtpServer, smtp_settings: MakeSettings
) -> None:
    with open_mailer(smtp_settings()):
        pass
    assert smtp.connections == 0


@pytest.mark.parametrize(
    ("stage", "answer", "kind"),
    [
        ("MAIL", "451 4.3.0 later", MailBusy),
        ("MAIL", "550 5.7.1 you may not send", MailBusy),
        ("MAIL", "530 5.7.0 log in first", MailBusy),
        ("RCPT", "450 4.2.1 greylisted", MailBusy),
        ("RCPT", NO_SUCH_USER, MailRefused),
        ("RCPT", "530 5.7.0 log in first", MailBusy),
        ("RCPT", "421 4.3.2 closing", MailBusy),
        ("DATA", "452 4.3.1 disk full", MailBusy),
        ("DATA", "554 5.5.1 no", MailRefused),
        ("DOT", "451 4.7.1 later", MailBusy),
        ("DOT", "421 4.3.2 closing", MailBusy),
        ("DOT", "552 5.3.4 too big", MailRefused),
        ("DOT", "xyz", MailUncertain),
    ],
)
def test_each_answer_is_final_or_not(
    smtp: SmtpServer,
    smtp_settings: MakeSettings,
    make_letter: MakeLetter,
    stage: str,
    answer: str,
    kind: type[MailError],
) -> None:
    smtp.plan(stage, answer)
    with open_mailer(smtp_settings()) as mailer:
        with pytest.raises(MailError) as error:
            mailer.send(make_letter(key="first"))
        mailer.send(make_letter(key="second", to_address="bea@harbor.example"))
    assert type(error.value) is kind
    assert smtp.recipients == ["bea@harbor.example"]
    assert smtp.connections == (2 if answer.startswith(("421", "xyz")) else 1)


def test_a_sentence_for_staff_holds_the_code_but_not_the_servers_words(
    smtp: SmtpServer, smtp_settings: MakeSettings, make_letter: MakeLetter
) -> None:
    smtp.plan("RCPT", NO_SUCH_USER)
    assert (
        str(failure(smtp_settings(), make_letter()))
        == "The mail server refused this address for good (550 5.1.1)."
    )


@pytest.mark.parametrize("stage", ["RCPT", "DATA"])
@pytest.mark.parametrize("act", [Act.DROP, Act.HANG])
def test_a_line_lost_before_the_dot_is_tried_again_without_doubt(
    smtp: SmtpServer,
    smtp_settings: MakeSettings,
    make_letter: MakeLetter,
    stage: str,
    act: Act,
) -> None:
    smtp.plan(stage, act)
    with open_mailer(smtp_settings(timeout=0.4)) as mailer:
        with pytest.raises(MailBusy) as error:
            mailer.send(make_letter())
        mailer.send(make_letter())
    assert type(error.value) is MailBusy
    assert (smtp.connections, len(smtp.mails)) == (2, 1)


@pytest.mark.parametrize("act", [Act.DROP, Act.HANG])
def test_a_line_lost_while_the_body_goes_out_was_before_the_dot(
    smtp: SmtpServer, smtp_settings: MakeSettings, make_letter: MakeLetter, act: Act
) -> None:
    smtp.plan("BODY", act)
    long = make_letter(text="more than any buffer holds\n" * 700_000)
    assert type(failure(smtp_settings(timeout=0.4), long)) is MailBusy


@pytest.mark.parametrize("act", [Act.DROP, Act.HANG])
def test_a_line_lost_after_the_dot_is_repeated_with_the_same_bytes(
    smtp: SmtpServer, smtp_settings: MakeSettings, make_letter: MakeLetter, act: Act
) -> None:
    smtp.plan("DOT", act)
    with open_mailer(smtp_settings(timeout=0.4)) as mailer:
        with pytest.raises(MailUncertain):
            mailer.send(make_letter())
        mailer.send(make_letter())
    assert len(smtp.mails) == 2
    assert smtp.mails[0] == smtp.mails[1]


@pytest.mark.parametrize("step", [Act.DROP, "421 4.7.0 too many mails"])
def test_an_old_connection_that_is_gone_is_dialed_again_at_once(
    smtp: SmtpServer, smtp_settings: MakeSettings, make_letter: MakeLetter, step: str | Act
) -> None:
    with open_mailer(smtp_settings()) as mailer:
        mailer.send(make_letter(key="first"))
        smtp.plan("MAIL", step)
        mailer.send(make_letter(key="second"))
    assert (smtp.connections, len(smtp.mails)) == (2, 2)


def test_a_fresh_connection_that_is_dropped_is_busy(
    smtp: SmtpServer, smtp_settings: MakeSettings, make_letter: MakeLetter
) -> None:
    smtp.plan("MAIL", Act.DROP)
    assert isinstance(failure(smtp_settings(), make_letter()), MailBusy)
    assert smtp.connections == 1


def test_nobody_listening_is_busy(make_settings: MakeSettings, make_letter: MakeLetter) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        settings = make_settings(server="127.0.0.1", port=closed.getsockname()[1])
        assert type(failure(settings, make_letter())) is MailBusy


def test_a_server_that_never_greets_is_left_in_time(
    make_settings: MakeSettings, make_letter: MakeLetter
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        settings = make_settings(server="127.0.0.1", port=silent.getsockname()[1], timeout=0.3)
        before = time.monotonic()
        error = failure(settings, make_letter())
    assert str(error) == "The mail server did not answer in time."
    assert time.monotonic() - before < 5


def test_a_server_without_smtputf8_refuses_a_local_part_of_another_script(
    start_smtp: Callable[..., SmtpServer], make_settings: MakeSettings, make_letter: MakeLetter
) -> None:
    server = start_smtp(enable_SMTPUTF8=False)
    with open_mailer(make_settings(server="127.0.0.1", port=server.port)) as mailer:
        with pytest.raises(MailRefused, match="SMTPUTF8"):
            mailer.send(make_letter(to_address="łucja@harbor.example"))
        mailer.send(make_letter(to_address="ann@łódź.example"))
    assert server.recipients == ["ann@xn--d-uga0v4h.example"]
    assert server.connections == 1
