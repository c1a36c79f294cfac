"""Columns and one-table queries. Nothing here decides, and nothing here commits."""

from helpdesk.models.account import Account, DirectoryAction
from helpdesk.models.agency import Agency
from helpdesk.models.bulk import Bulk, BulkPerson
from helpdesk.models.checklist import Checklist
from helpdesk.models.completion import Completion
from helpdesk.models.completion_change import CompletionChange
from helpdesk.models.correction import Correction
from helpdesk.models.counter import Counter
from helpdesk.models.document import Document
from helpdesk.models.document_mark import DocumentMark
from helpdesk.models.duty import Heartbeat, Slot
from helpdesk.models.effect import Effect
from helpdesk.models.event import Event
from helpdesk.models.import_run import ColumnMapping, ImportChange, ImportRun, LogInTold
from helpdesk.models.license import License
from helpdesk.models.one_time_link import OneTimeLink
from helpdesk.models.person import Person
from helpdesk.models.reading import ReadingCorrection
from helpdesk.models.role import Grant, Role
from helpdesk.models.second_factor import RecoveryCode, SecondFactor
from helpdesk.models.setting import Setting
from helpdesk.models.sheet_draft import SheetDraft
from helpdesk.models.signature_request import SignatureRequest
from helpdesk.models.straight import StraightCase, StraightRule
from helpdesk.models.sweep_hold import SweepHold
from helpdesk.models.ticket import Ticket
from helpdesk.models.training_grid import TrainingGrid
from helpdesk.models.web_session import WebSession

__all__ = [
    "Account", "Agency", "Bulk", "BulkPerson", "Checklist", "ColumnMapping", "Completion",
    "CompletionChange", "Correction", "Counter", "DirectoryAction", "Document", "DocumentMark",
    "Effect", "Event", "Grant", "Heartbeat", "ImportChange", "ImportRun", "License", "LogInTold",
    "OneTimeLink", "Person", "ReadingCorrection", "RecoveryCode", "Role", "SecondFactor", "Setting",
    "SheetDraft", "SignatureRequest", "Slot", "StraightCase", "StraightRule", "SweepHold", "Ticket",
    "TrainingGrid", "WebSession",
]  # fmt: skip
