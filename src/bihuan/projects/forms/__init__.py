"""What people type in this room: one form a verb, each about one thing of one project."""

from bihuan.projects.forms.card import (
    AdvanceForm,
    CardForm,
    FilterForm,
    KeyForm,
    StrikeForm,
    TagForm,
    YearPlanForm,
)
from bihuan.projects.forms.estimates import CrewsForm, SeedForm
from bihuan.projects.forms.execution import (
    BlockageForm,
    FilingForm,
    LogForm,
    SolveForm,
    WeeklyForm,
)
from bihuan.projects.forms.fields import ActForm, NoteForm, ReasonForm
from bihuan.projects.forms.library import NewStepForm, StepRuleForm, TableForm
from bihuan.projects.forms.plans import DecideForm, PlanForm
from bihuan.projects.forms.work import (
    ArrangeForm,
    FinishForm,
    LayOutForm,
    OnForm,
    RenewForm,
    ResumeForm,
    StopForm,
)

__all__ = [
    "ActForm",
    "AdvanceForm",
    "ArrangeForm",
    "BlockageForm",
    "CardForm",
    "CrewsForm",
    "DecideForm",
    "FilingForm",
    "FilterForm",
    "FinishForm",
    "KeyForm",
    "LayOutForm",
    "LogForm",
    "NewStepForm",
    "NoteForm",
    "OnForm",
    "PlanForm",
    "ReasonForm",
    "RenewForm",
    "ResumeForm",
    "SeedForm",
    "SolveForm",
    "StepRuleForm",
    "StopForm",
    "StrikeForm",
    "TableForm",
    "TagForm",
    "WeeklyForm",
    "YearPlanForm",
]
