"""The published page, as the statistician of the sample zone imports it."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from bihuan.facts import services
from bihuan.site import demo


@pytest.fixture
def page() -> dict[str, Any]:
    """The sample page as a tree, to be spoiled or changed by a test."""
    tree: dict[str, Any] = json.loads(demo.SAMPLE_PAGE.read_bytes())
    return tree


@pytest.fixture
def bring(post: Callable) -> Callable[..., services.Imported]:
    """`bring(page)`: the statistician imports a tree; `bring()` the sample page as it stands."""

    def come(tree: Any = None, name: str = "zone_page.json", **more: Any) -> services.Imported:
        content = (
            demo.SAMPLE_PAGE.read_bytes()
            if tree is None
            else json.dumps(tree, ensure_ascii=False).encode()
        )
        return services.import_file(content, name, by=post("statistician"), **more)

    return come


def fact(tree: dict[str, Any], number: str) -> dict[str, Any]:
    """One fact of a page by its id."""
    found: dict[str, Any] = next(one for one in tree["facts"] if one["id"] == number)
    return found
