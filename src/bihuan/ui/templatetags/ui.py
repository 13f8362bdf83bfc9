"""What templates may say: render a part, show a value. No arithmetic, no database."""

import json
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from bihuan.base import clock
from bihuan.ui.table import Cell, Tag

register = template.Library()

NOTHING = "—"
_AROUND = ("request", "csrf_token", "house")


@register.simple_tag(takes_context=True)
def part(context: template.Context, thing: Any) -> SafeString:
    """Render a declared part (table, panel, tag, chart, map, form) with its own template.

    It sees nothing of the page but what every page has. That is handed on, not asked again: what is
    shown around a page (`house`) is worked out once a page, not once a part.
    """
    inner = context.new({"part": thing, **{name: context.get(name) for name in _AROUND}})
    return template.Engine.get_default().get_template(thing.template).render(inner)


@register.filter
def number(value: Any) -> str:
    """Digits in groups of three, no trailing zeros; a dash for nothing."""
    if value is None or value == "":
        return NOTHING
    if isinstance(value, float):
        value = Decimal(repr(value))
    if isinstance(value, Decimal):
        value = value.normalize()
        return f"{value:,f}"
    return f"{value:,}" if isinstance(value, int) else str(value)


@register.filter
def money(value: Any, unit: str = "") -> str:
    """An amount with its unit: 1,202 亿元."""
    return f"{number(value)} {unit or _('元')}" if value not in (None, "") else NOTHING


@register.filter
def percent(value: Any) -> str:
    """A percentage: 17.5%."""
    return f"{number(value)}%" if value not in (None, "") else NOTHING


@register.filter
def date_zh(value: Any) -> str:
    """2022年1月20日 in Chinese, 20 Jan 2022 in English."""
    return clock.in_words(value) if isinstance(value, date) else NOTHING


@register.filter
def moment(value: Any) -> str:
    """Date and time where the office stands."""
    if not isinstance(value, datetime):
        return date_zh(value)
    return f"{date_zh(value)} {timezone.localtime(value):%H:%M}"


@register.filter
def show(cell: Cell) -> str | SafeString:
    """A cell's value, by its kind."""
    match cell.kind:
        case "number":
            return number(cell.value)
        case "money":
            return money(cell.value)
        case "percent":
            return percent(cell.value)
        case "date":
            return date_zh(cell.value)
        case "moment":
            return moment(cell.value)
        case "tag" if isinstance(cell.value, Tag):
            return format_html(
                '<span class="tag" data-tone="{}">{}</span>', cell.value.tone, cell.value.label
            )
        case "code":
            return format_html("<code>{}</code>", cell.value)
        case "quote":
            return format_html("<q>{}</q>", cell.value) if cell.value else NOTHING
        case _:
            return NOTHING if cell.value in (None, "") else str(cell.value)


@register.filter
def as_json(value: Any) -> SafeString:
    """JSON that can stand inside a script element."""
    text = json.dumps(value, ensure_ascii=False)
    for sign in "<>&":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return mark_safe(text)  # the three signs that could end the element are escaped
