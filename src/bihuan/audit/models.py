"""`Entry`: one act of one person in one post, chained to the entry before it."""

from datetime import UTC
from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from bihuan.base.models import Record


class Entry(Record):
    """审计记录：谁、以何任职、何时、对何事、做了什么；只增不改，逐条相扣。

    `changes` is canonical JSON text, `{field: [before, after]}`, kept as text so that both
    databases give back the same bytes that were hashed.
    """

    append_only: ClassVar[bool] = True

    seq = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()
    actor_person = models.ForeignKey(
        "people.Person", on_delete=models.PROTECT, null=True, related_name="+"
    )
    post = models.ForeignKey("people.Post", on_delete=models.PROTECT, null=True, related_name="+")
    actor = models.CharField(max_length=200)
    act = models.CharField(max_length=100, db_index=True)
    thing_type = models.CharField(max_length=100)
    thing_id = models.CharField(max_length=64)
    thing = models.CharField(max_length=300)
    changes = models.TextField(default="{}")
    note = models.TextField(blank=True)
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64, unique=True)

    class Meta:
        verbose_name = _("审计记录")
        ordering = ("seq",)
        indexes = (models.Index(fields=["thing_type", "thing_id"], name="audit_entry_thing"),)

    def __str__(self) -> str:
        return f"{self.seq} {self.act} {self.thing}"

    def plain(self) -> dict[str, Any]:
        """The row as it is hashed and exported: strings, whole numbers and null only."""
        return {
            "seq": self.seq,
            "at": self.at.astimezone(UTC).isoformat(timespec="microseconds"),
            "actor_id": self.actor_person_id,
            "post_id": self.post_id,
            "actor": self.actor,
            "act": self.act,
            "thing_type": self.thing_type,
            "thing_id": self.thing_id,
            "thing": self.thing,
            "changes": self.changes,
            "note": self.note,
            "previous_hash": self.previous_hash,
            "hash": self.hash,
        }
