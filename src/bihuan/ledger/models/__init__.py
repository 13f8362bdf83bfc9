"""The nouns of the ledger, by subject: the finding, the work on it, what the office keeps."""

from bihuan.ledger.models.finding import Finding, Series, Stint
from bihuan.ledger.models.office import (
    ImportedRow,
    Intake,
    Notice,
    RuleTable,
    Sample,
    Sign,
    TableVersion,
    Token,
)
from bihuan.ledger.models.work import (
    Evidence,
    Extension,
    Measure,
    Progress,
    Recheck,
    Verification,
)

__all__ = [
    "Evidence",
    "Extension",
    "Finding",
    "ImportedRow",
    "Intake",
    "Measure",
    "Notice",
    "Progress",
    "Recheck",
    "RuleTable",
    "Sample",
    "Series",
    "Sign",
    "Stint",
    "TableVersion",
    "Token",
    "Verification",
]
