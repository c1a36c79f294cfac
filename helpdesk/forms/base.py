"""What the forms of all request types have in common."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from wtforms import HiddenField, SelectField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional, Regexp

from helpdesk.actor import Actor
from helpdesk.forms.about import About
from helpdesk.forms.desk_form import STALE
from helpdesk.forms.documents import TakesDocuments
from helpdesk.forms.inputs import as_typed
from helpdesk.models.license import License
from workflows.engine import Reason
from workflows.training import Grid

LONGEST_TEXT = 4000
KEY = Regexp(r"^[\w-]{16,64}\Z", re.ASCII, STALE)
NEWCOMER = ("first_name", "last_name", "email", "phone")
NOT_ANSWERS = {"key", "caller", "agency", "csrf_token"}


@dataclass(frozen=True)
class Section:
    """A part of a long form: a title, a sentence, and the names of its inputs. `courses`: its
    inputs are those that the training grid wants."""

    title: str
    names: tuple[str, ...] = ()
    hint: str = ""
    courses: bool = False


COURSES = Section(
    "Courses",
    hint="When was each completed? The worksheet tells us; for a photo or a scan of it, type the "
    "dates.",
    courses=True,
)


def _number(value: Any) -> int | None:
    """The id that is chosen; None for the entry that only asks to choose."""
    return int(value) if value else None


class RequestForm(TakesDocuments):
    """`key` is drawn when the form is first shown: the same form sent twice is one ticket.

    `sections` divides a long form; inputs that none of them names come first.
    """

    sections: ClassVar[tuple[Section, ...]] = ()

    key = HiddenField(validators=[InputRequired(STALE), KEY])
    caller = SelectField(
        "Who asks for it?",
        coerce=_number,
        description="You file it on their behalf; they get the emails.",
        validators=[InputRequired("Choose who asks for it.")],
    )
    agency = SelectField(
        "Agency", coerce=_number, validators=[InputRequired("Choose the agency they come to.")]
    )

    def errors_in_order(self) -> list[tuple[str | None, Sequence[str]]]:
        named = [name for section in self.sections for name in section.names]
        place = {name: number for number, name in enumerate(named, start=1)}
        return sorted(super().errors_in_order(), key=lambda one: place.get(one[0] or "", 0))

    def prepare(self, about: About) -> None:
        """Fits the questions to who asks, and about whom."""
        self._choose("caller", {str(caller.id): caller.name for caller in about.callers})
        agencies = about.agencies if about.person is None else {}
        self._choose("agency", {str(number): name for number, name in agencies.items()})

    def _choose(self, name: str, choices: dict[str, str]) -> None:
        if choices:
            first = {"": "Choose…"} if len(choices) > 1 else {}
            self[name].choices = first | choices
        else:
            del self[name]

    @classmethod
    def filled_in(cls, fields: dict[str, Any]) -> dict[str, Any]:
        """A ticket's fields under the names of the inputs, to file it again."""
        return as_typed(fields)

    @classmethod
    def suggested(cls, row: License | None) -> dict[str, Any]:  # noqa: ARG003
        """Answers that the license gives already."""
        return {}

    def agency_id(self) -> int | None:
        """The agency a newcomer comes to."""
        return int(self.agency.data) if "agency" in self else None

    def caller_id(self) -> int | None:
        """On whose behalf staff file; None: for themselves, as everybody else does."""
        return int(self.caller.data) if "caller" in self else None

    def newcomer(self) -> dict[str, str] | None:
        """Who it is about, as the form names them; None for somebody who is known."""
        if "first_name" not in self:
            return None
        return {name: (self[name].data or "").strip() for name in NEWCOMER}

    def mark(self, reasons: Iterable[Reason]) -> bool:
        """Puts each reason at the input it is about; False if one is about none of them."""
        places = [self.place(reason) for reason in reasons]
        return all(places)

    def answers(self, actor: Actor) -> dict[str, Any]:
        """The type's own fields, as the ticket keeps them."""
        return {field.name: field.data for field in self if field.name not in NOT_ANSWERS}

    @staticmethod
    def in_short(fields: dict[str, Any]) -> str:
        """What is asked, in a few words for a line of the queue."""
        return ""

    @staticmethod
    def read_back(
        fields: dict[str, Any],
        grid: Grid,
    ) -> list[tuple[str, str | None]]:
        """The answers of a ticket in words, label by label, for the people who read it. `grid`: the
        one that judges the ticket."""
        return [(name.replace("_", " ").capitalize(), str(value)) for name, value in fields.items()]


def note_field() -> TextAreaField:
    """What else there is to say, the same on every form."""
    return TextAreaField(
        "Anything HAND should know?",
        description="Nothing about clients, please: no names, dates of birth or SSNs.",
        validators=[Optional(), Length(max=LONGEST_TEXT)],
    )


def note_read_back(fields: dict[str, Any]) -> list[tuple[str, str | None]]:
    """The note, where there is one."""
    return [("Note", fields["note"])] if fields.get("note") else []
