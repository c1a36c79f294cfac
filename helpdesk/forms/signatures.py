"""Signatures that the one at a worksheet’s page can’t give: asked for by email, or on a page that
is attached."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from wtforms import EmailField, Form, RadioField, SelectField, StringField
from wtforms.validators import Email, InputRequired, Length, Optional

from workflows import typed_signer
from workflows.signing import ADMIN, DIRECTOR, SIGNERS, USER
from workflows.typed_signer import FILED, JUDGES, LICENSEE, SIGNS, YOURSELF, Concerned

PREFIX = "sheet-"
"""Begins the names of a worksheet’s inputs."""

HOW = ".how"
MAIL, PAGE = "mail", "page"
ADMIN_ASKED = "admin.asked"
DIRECTOR_NAME, DIRECTOR_EMAIL = "director.asked_name", "director.asked_email"
UNAIDED = {"autocomplete": "off"}
LONGEST = 200
NO_EMAIL = "That is not an email address, such as ann.lee@agency.org."


@dataclass(frozen=True)
class Signer:
    """`id` None: somebody who is not on file; `new`: only since this request. `agencies`: by id,
    those whose admin they are; `note` names them, where there is a choice."""

    id: int | None
    name: str
    email: str | None
    agencies: frozenset[int] = frozenset()
    note: str = ""
    new: bool = False

    @property
    def label(self) -> str:
        return f"{self.name}, {self.note}" if self.note else self.name


@dataclass(frozen=True)
class Signers:
    """`others` have still to sign. `me` is at the page; `mine`: the part in which they sign.
    `user` None: a newcomer, as the sheet names them. `admins`: who can be asked as the admin.
    `judges`: those at HAND who may approve. `filer`: on whose behalf it is filed, once it is
    chosen."""

    others: Sequence[str] = ()
    me: Signer = field(default_factory=lambda: Signer(None, "", None))
    mine: str | None = None
    user: Signer | None = None
    admins: Sequence[Signer] = ()
    judges: Sequence[Signer] = ()
    filer: Signer = field(default_factory=lambda: Signer(None, "", None))

    def can_be_mailed(self, who: str) -> bool:
        if who == USER:
            return self.user is None or self.user.email is not None
        return who == DIRECTOR or bool(self.admins)


def inputs_of(who: str, signers: Signers) -> Iterator[tuple[str, Any]]:
    """What is asked of a signature that somebody else gives."""
    choices = {PAGE: "They signed a page, which I attach"}
    if signers.can_be_mailed(who):
        choices = {MAIL: _by_mail(who, signers), **choices}
    yield f"{who}{HOW}", RadioField(f"How {SIGNERS[who]} signs", choices=choices,
                                    default=next(iter(choices)),
                                    validators=[InputRequired("Choose one of these.")])  # fmt: skip
    if who == ADMIN and signers.admins:
        names = {str(each.id): each.label for each in signers.admins}
        alone = next(iter(names)) if len(names) == 1 else ""
        yield ADMIN_ASKED, SelectField("Whom to ask", choices={"": "Choose…"} | names,
                                       default=alone, render_kw=_only(who))  # fmt: skip
    if who == DIRECTOR:
        yield DIRECTOR_NAME, StringField("Name of the executive director",
                                         validators=[Optional(), Length(max=LONGEST)],
                                         render_kw=UNAIDED | _only(who))  # fmt: skip
        yield DIRECTOR_EMAIL, EmailField("Their work email", render_kw=UNAIDED | _only(who),
                                         validators=[Optional(), Length(max=LONGEST),
                                                     Email(NO_EMAIL)])  # fmt: skip


def _only(who: str) -> dict[str, str]:
    """Asked of those who are asked by email."""
    return {"data-only": f"{PREFIX}{who}{HOW}={MAIL}"}


def _by_mail(who: str, signers: Signers) -> str:
    if who != USER:
        return "Ask them by email"
    if signers.user is None:
        return "Ask them by email, at the work email above"
    return f"Ask {signers.user.name} by email, at {signers.user.email}"


def on_pages(form: Form, signers: Signers) -> list[str]:
    """Who signed a page."""
    return [who for who in signers.others if _text(form, f"{who}{HOW}") != MAIL]


def mailed(form: Form, signers: Signers) -> dict[str, Signer]:
    """Who is asked by email, as far as it is filled in."""
    found = {}
    for who in signers.others:
        if _text(form, f"{who}{HOW}") == MAIL:
            found[who] = _signer(who, form, signers)
    return found


def _signer(who: str, form: Form, signers: Signers) -> Signer:
    if who == ADMIN:
        chosen = _text(form, ADMIN_ASKED)
        return next((a for a in signers.admins if str(a.id) == chosen), Signer(None, "", None))
    if who == DIRECTOR:
        return Signer(None, " ".join(_text(form, DIRECTOR_NAME).split()),
                      _text(form, DIRECTOR_EMAIL) or None)  # fmt: skip
    name = f"{_text(form, 'first_name')} {_text(form, 'last_name')}".strip()
    return signers.user or Signer(None, name, _text(form, "email") or None)


def judge(form: Form, signers: Signers) -> bool:
    """Whether each can be asked; what is wrong stands at the inputs."""
    asked = mailed(form, signers)
    faults = [*_admins_faults(form, asked), *_twice(asked, signers),
              *_directors_faults(form, asked, signers)]  # fmt: skip
    for name, sentence in faults:
        errors = form[name].errors
        form[name].errors = list(errors) or [sentence]
    return not faults


def _admins_faults(form: Form, asked: Mapping[str, Signer]) -> Iterator[tuple[str, str]]:
    if ADMIN in asked and asked[ADMIN].id is None:
        yield ADMIN_ASKED, "Choose who is asked to sign as the agency admin."
    elif ADMIN in asked and not _is_of_agency(form, asked[ADMIN]):
        yield ADMIN_ASKED, "This person is no admin of the agency you chose."


def _is_of_agency(form: Form, admin: Signer) -> bool:
    chosen = _text(form, "agency")
    return not chosen.isdecimal() or int(chosen) in admin.agencies


PLACES = {USER: f"{USER}{HOW}", ADMIN: ADMIN_ASKED}
"""Where it stands that somebody on file can’t be asked."""


def _twice(asked: Mapping[str, Signer], signers: Signers) -> Iterator[tuple[str, str]]:
    """Nobody signs in two roles, and nobody gets the links of others."""
    seen = [Concerned(signers.me.name, signers.me.email, YOURSELF)]
    for who, signer in asked.items():
        if who != DIRECTOR:
            same = (each for each in seen if each.is_one_with(signer.name, signer.email))
            yield from ((PLACES[who], each.sentence) for each in list(same)[:1])
            seen.append(_asked(who, signer))


def _asked(who: str, signer: Signer) -> Concerned:
    words = SIGNS.format(name=signer.name, who=SIGNERS[who])
    return Concerned(signer.name, signer.email, words)


TYPED = {typed_signer.NAME: DIRECTOR_NAME, typed_signer.ADDRESS: DIRECTOR_EMAIL}


def _directors_faults(
    form: Form, asked: Mapping[str, Signer], signers: Signers
) -> Iterator[tuple[str, str]]:
    if DIRECTOR not in asked:
        return
    others = [Concerned(signers.me.name, signers.me.email, YOURSELF)]
    others += [_asked(who, signer) for who, signer in asked.items() if who != DIRECTOR]
    user = _signer(USER, form, signers)
    others.append(Concerned(user.name, user.email, LICENSEE))
    others.append(Concerned(signers.filer.name, signers.filer.email, FILED))
    others += [Concerned(each.name, each.email, JUDGES) for each in signers.judges]
    director = asked[DIRECTOR]
    for what, sentence in typed_signer.faults(director.name, director.email, others):
        yield TYPED[what], sentence


def _text(form: Form, name: str) -> str:
    return str((form[name].data if name in form else None) or "").strip()
