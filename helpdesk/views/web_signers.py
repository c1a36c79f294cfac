"""Who else signs a worksheet that is filled in on a page, and what its reading tells of them."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from sqlalchemy import select

from helpdesk.extensions import db
from helpdesk.forms.about import About
from helpdesk.forms.signatures import Signer, Signers, mailed, on_pages
from helpdesk.forms.worksheet import ADMIN_NAME, WorksheetForm
from helpdesk.models.agency import Agency
from helpdesk.models.person import Person
from helpdesk.models.role import admins_of_any, approvers
from workflows.license import REQUESTED
from workflows.signing import (
    ADMIN,
    BY_LINK,
    BY_TYPED_LINK,
    ON_PAGE,
    asked_at,
    asked_name,
    asked_person,
    where,
)


def signers_of(
    about: About, mine: str | None, others: Sequence[str], filer: Person | None
) -> Signers:
    """`filer`: on whose behalf it is filed; None: nobody else’s, or not chosen yet."""
    me = db.session.get(Person, about.actor.person_id)
    judges = approvers(db.session()) if others else []
    return Signers(
        others=others,
        me=Signer(me.id, me.name, me.email) if me else Signer(None, "", None),
        mine=mine,
        user=replace(_signer(about.person), new=_is_new(about)) if about.person else None,
        admins=_admins(about, judges) if ADMIN in others else (),
        judges=[_signer(each) for each in judges],
        filer=_signer(filer) if filer else Signer(None, "", None),
    )


def _is_new(about: About) -> bool:
    """Whether what is on file is what the request says."""
    return about.license is not None and about.license.state == REQUESTED


def _signer(person: Person) -> Signer:
    return Signer(person.id, person.name, person.email)


def _admins(about: About, judges: Iterable[Person]) -> list[Signer]:
    """Those of the agencies that it may be, who can be mailed. Nobody signs their own, and nobody
    of HAND’s staff what HAND is to approve."""
    row = about.license
    ids = [row.agency_id] if row and row.agency_id else [*about.agencies]
    barred = {about.actor.person_id, about.person.id if about.person else None}
    barred |= {each.id for each in judges}
    found: dict[int, tuple[Person, set[int]]] = {}
    for admin, agency_id in admins_of_any(db.session(), ids):
        if admin.email and admin.id not in barred:
            found.setdefault(admin.id, (admin, set()))[1].add(agency_id)
    names = dict(_agency_names(ids)) if len(ids) > 1 else {}
    return [replace(_signer(person), agencies=frozenset(theirs),
                    note=", ".join(names[each] for each in theirs if each in names))
            for person, theirs in found.values()]  # fmt: skip


def _agency_names(ids: Iterable[int]) -> list[tuple[int, str]]:
    query = select(Agency.id, Agency.name).where(Agency.id.in_(ids))
    return [(row.id, row.name) for row in db.session.execute(query)]


def texts_of(form: WorksheetForm, signers: Signers) -> dict[str, str]:
    """By the names under which a reading tells it."""
    found = {where(who): ON_PAGE for who in on_pages(form, signers)}
    for who, signer in mailed(form, signers).items():
        found[where(who)] = BY_TYPED_LINK if signer.id is None or signer.new else BY_LINK
        found[asked_name(who)], found[asked_at(who)] = signer.name, signer.email or ""
        if signer.id is not None:
            found[asked_person(who)] = str(signer.id)
        if who == ADMIN:
            found[ADMIN_NAME] = signer.name
    return found
