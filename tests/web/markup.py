"""Reads an answer as a browser would: its forms with what stands in them, and its words."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

Attributes = dict[str, str]
CHOSEN = {"radio", "checkbox"}
NOT_WRITTEN = {"hidden", "submit", "button"}


@dataclass
class Field:
    """`options` are the values of a select or of radio buttons of one name."""

    name: str
    kind: str
    value: str = ""
    options: list[str] = field(default_factory=list)

    @property
    def visible(self) -> bool:
        return self.kind not in NOT_WRITTEN


@dataclass
class Form:
    action: str
    method: str
    id: str
    fields: dict[str, Field] = field(default_factory=dict)

    def values(self) -> dict[str, str]:
        """What would be sent now."""
        sent = self.fields.values()
        return {f.name: f.value for f in sent if f.value or f.kind not in CHOSEN}

    @property
    def visible(self) -> list[Field]:
        return [each for each in self.fields.values() if each.visible]


class Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.forms: list[Form] = []
        self.words: list[str] = []
        self.ids: set[str] = set()
        self.title = ""
        self.open: list[str] = []
        self.area: Field | None = None
        self.areas: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given: Attributes = {name: value or "" for name, value in attrs}
        self.open = [*self.open[-40:], tag]
        self.ids.add(given.get("id", ""))
        if tag == "form":
            method = given.get("method", "get")
            self.forms.append(Form(given.get("action", ""), method, given.get("id", "")))
        elif tag == "input":
            self.add(given, given.get("type", "text"))
        elif tag in ("textarea", "select"):
            self.area = self.add(given, tag)
        elif tag == "option" and self.area is not None:
            self.choice(self.area, given, "selected" in given or not self.area.options)

    def add(self, given: Attributes, kind: str) -> Field:
        name = given.get("name", "")
        if not name or not self.forms:
            return Field(name, kind)
        place = self.forms[-1].fields.setdefault(name, Field(name, kind))
        if kind in CHOSEN:
            self.choice(place, given, "checked" in given)
        elif kind != "textarea":
            place.value = given.get("value", "")
        return place

    def choice(self, place: Field, given: Attributes, chosen: bool) -> None:
        place.options.append(given.get("value", ""))
        if chosen:
            place.value = given.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("textarea", "select"):
            if tag == "textarea" and self.area is not None:
                self.area.value = self.area.value.removeprefix("\n")
                self.areas.append(self.area.value)
            self.area = None
        if tag in self.open:
            del self.open[len(self.open) - 1 - self.open[::-1].index(tag) :]

    def handle_data(self, data: str) -> None:
        if self.area is not None and self.area.kind == "textarea":
            self.area.value += data
        elif "title" in self.open and "svg" not in self.open:
            self.title += data
        elif not {"script", "style"} & set(self.open):
            self.words.append(data)


@dataclass(frozen=True)
class Answer:
    """`words` is the page's text with single spaces."""

    status: int
    text: str
    headers: dict[str, str]
    path: str

    def read(self) -> Reader:
        reader = Reader()
        reader.feed(self.text.replace("\r\n", "\n").replace("\r", "\n"))
        return reader

    @property
    def words(self) -> str:
        return " ".join(" ".join(self.read().words).split())

    @property
    def title(self) -> str:
        return self.read().title

    @property
    def forms(self) -> list[Form]:
        return self.read().forms

    def form_with(self, *names: str) -> Form:
        """The first form that has these fields."""
        return next(form for form in self.forms if set(names) <= set(form.fields))

    @property
    def areas(self) -> list[str]:
        """What stands in its text areas, those outside of forms included."""
        return self.read().areas
