"""How much may be written by whoever is not signed in: counted for an hour, forgotten in a day."""

import hmac
from datetime import timedelta

from django.conf import settings
from django.utils.translation import gettext as _

from bihuan.base import clock
from bihuan.base.errors import Refused
from bihuan.press import rules
from bihuan.press.models import Visit


class TooMany(Refused):
    """一时来得太多：请稍后再写。"""

    status = 429


def require_written(text: str) -> None:
    """Something is written, and not too much of it."""
    if not text.strip():
        raise Refused(_("请写意见。"))
    if len(text) > rules.VISITS.longest:
        raise Refused(_("意见最多 %(most)d 个字。请精简。") % {"most": rules.VISITS.longest})


def count(what: str, address: str) -> None:
    """Within the limits of an hour for one thing, or refuse; older than a day is forgotten.

    `address` is where the request came from: it is not stored, only counted under a key that
    changes daily. Rooms above (notices of schemes) count here too, each thing by its own label.
    """
    Visit.objects.filter(created_at__lt=clock.now() - timedelta(days=1)).delete()
    day = f"{clock.today():%Y%m%d} {what} {address}"
    key = hmac.new(settings.SECRET_KEY.encode(), day.encode(), "sha256").hexdigest()[:24]
    recent = Visit.objects.filter(what=what, created_at__gte=clock.now() - timedelta(hours=1))
    if (
        recent.filter(key=key).count() >= rules.VISITS.of_one
        or recent.count() >= rules.VISITS.of_all
    ):
        raise TooMany(_("这一小时收到的意见太多了，请过一会儿再提交。您写的内容在下面，可先复制。"))
    Visit.objects.create(what=what, key=key)
