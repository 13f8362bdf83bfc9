"""The reference pages say what the code says, and every noun says its Chinese name."""

import re

from django.apps import apps
from django.utils import translation

from bihuan.cli import reference
from bihuan.cli.commands import bihuan


def test_the_reference_pages_are_not_stale():
    folder = reference.folder()
    assert folder is not None
    with translation.override("zh-hans"):
        written = {
            name: (folder / name).read_text(encoding="utf-8") for name in reference.pages(bihuan)
        }
        assert written == reference.pages(bihuan)


def test_every_noun_opens_with_its_chinese_term():
    for room in reference.ROOMS:
        for model in apps.get_app_config(room).get_models():
            if not model._meta.auto_created:
                assert re.match(r"[\u4e00-\u9fff、（）]{2,}", model.__doc__ or ""), model


def test_every_command_has_help_worth_reading():
    def walk(command, name):
        assert len(command.help or "") >= 4, name
        for word, below in getattr(command, "commands", {}).items():
            walk(below, f"{name} {word}")

    walk(bihuan, "bihuan")
