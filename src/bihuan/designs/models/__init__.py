"""The nouns of this room, by subject."""

from bihuan.designs.models.meeting import (
    AgendaItem,
    Attendee,
    Minutes,
    MinutesSeries,
    ReviewMeeting,
)
from bihuan.designs.models.notice import Contact, Notice, NoticePage
from bihuan.designs.models.opinion import Opinion, Picture, Remark, Reply, Verification
from bihuan.designs.models.scheme import Aspect, Comparison, Scheme, SchemeFile, SchemeVersion

__all__ = [
    "AgendaItem",
    "Aspect",
    "Attendee",
    "Comparison",
    "Contact",
    "Minutes",
    "MinutesSeries",
    "Notice",
    "NoticePage",
    "Opinion",
    "Picture",
    "Remark",
    "Reply",
    "ReviewMeeting",
    "Scheme",
    "SchemeFile",
    "SchemeVersion",
    "Verification",
]
