"""A finding at every point of its way."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from bihuan.base import clock
from bihuan.ledger import services
from bihuan.ledger.models import Finding


def paper(text: str = "说明") -> SimpleUploadedFile:
    """A small text file, as a liaison would bring it."""
    return SimpleUploadedFile("说明.txt", f"{text}\n".encode(), content_type="text/plain")


class Walk:
    """A finding and the posts that move it on."""

    def __init__(self, post: Callable, unit: Callable) -> None:
        self.post, self.unit = post, unit
        self.finding = services.raise_finding(
            by=post("clerk"), title="两个数对不上", source="figures", description="占比与总量不符"
        )

    def assigned(self, days: int = 15) -> Finding:
        return services.assign(
            self.finding,
            by=self.post("clerk"),
            lead_unit=self.unit("economy"),
            due=clock.today() + timedelta(days=days),
            standard="两个数的口径均有书面说明",
        )

    def acknowledged(self, days: int = 15) -> Finding:
        return services.acknowledge(self.assigned(days), by=self.post("econ-head"))

    def rectifying(self, days: int = 15) -> Finding:
        finding = self.acknowledged(days)
        services.plan(finding, by=self.post("econ-head"), text="核对口径")
        return Finding.objects.get(pk=finding.pk)

    def requested(self, days: int = 15) -> Finding:
        finding = self.rectifying(days)
        services.submit_evidence(
            finding, by=self.post("econ-liaison"), upload=paper(), text="口径说明"
        )
        return services.request_close(finding, by=self.post("econ-head"), note="已查明")

    def checking(self, days: int = 15) -> Finding:
        return services.take_up(self.requested(days), by=self.post("checker"))

    def passed(self, days: int = 15) -> Finding:
        finding = self.checking(days)
        services.verify(finding, by=self.post("checker"), passed=True, opinion="属实", way="papers")
        return Finding.objects.get(pk=finding.pk)

    def closed(self, days: int = 15) -> Finding:
        return services.close(self.passed(days), by=self.post("clerk"))


@pytest.fixture
def walk(post, unit) -> Walk:
    return Walk(post, unit)
