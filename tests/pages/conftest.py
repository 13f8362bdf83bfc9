"""The sample zone with its story told: once for each module, rolled back after it."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction

from bihuan.site import story


@pytest.fixture(scope="module", autouse=True)
def told(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    with django_db_blocker.unblock(), transaction.atomic():
        story.tell()
        yield
        transaction.set_rollback(True)
