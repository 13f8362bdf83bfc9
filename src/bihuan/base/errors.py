"""`Refused`: what the rules forbid, told to a person in one sentence."""

from collections.abc import Iterable
from typing import Any


class Refused(Exception):  # noqa: N818 - a refusal is an answer, not an error
    """拒绝：规则不允许的操作，用一句话告诉办事人。

    The sentences are shown as they stand, by one middleware on pages and by the command line on
    stderr, so they must say what to do next. All faults of one input travel together.
    """

    status = 409

    def __init__(self, sentence: Any, *more: Any) -> None:
        self.sentences: tuple[Any, ...] = (sentence, *more)
        super().__init__(sentence)

    @classmethod
    def all(cls, sentences: Iterable[Any]) -> "Refused":
        """One refusal from many sentences (at least one)."""
        return cls(*sentences)

    def __str__(self) -> str:
        return "\n".join(str(sentence) for sentence in self.sentences)


class NotAllowed(Refused):
    """无权限：此人此刻以此任职不得做这件事。"""

    status = 403


class NotFound(Refused):
    """未找到：不存在，或此人无权看到；两者说同一句话，以免泄露存在与否。"""

    status = 404
