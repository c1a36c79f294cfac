"""What forms have in common that documents come with."""

from functools import cached_property

from helpdesk.forms.desk_form import DeskForm
from workflows.engine import Reason
from workflows.requirements import DOCUMENT


class TakesDocuments(DeskForm):
    """`about_documents` are sentences about what has to be attached, by the name of the paper."""

    @cached_property
    def about_documents(self) -> dict[str, list[str]]:
        return {}

    def place(self, reason: Reason) -> bool:
        name = reason.field or ""
        if not name.startswith(DOCUMENT):
            return super().place(reason)
        paper = name.removeprefix(DOCUMENT)
        self.about_documents.setdefault(paper, []).append(reason.sentence)
        return True
