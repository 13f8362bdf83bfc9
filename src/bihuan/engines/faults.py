"""What is wrong with an input, as codes and parameters; whoever speaks to people owns the words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Fault:
    """不合之处：一个代码，连同它在哪里、见到了什么。"""

    code: str
    params: Mapping[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.code}({', '.join(f'{k}={v}' for k, v in self.params.items())})"


class Unfit(Exception):  # noqa: N818 - an answer about the input, not an error of the program
    """不可用：输入的所有不合之处一次说完。"""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("; ".join(map(str, self.faults)))

    def __reduce__(self) -> tuple[type["Unfit"], tuple[tuple[Fault, ...]]]:
        return Unfit, (self.faults,)


def unfit(code: str, **params: Any) -> Unfit:
    """One fault, ready to be raised."""
    return Unfit([Fault(code, params)])


def refuse(faults: Iterable[Fault]) -> None:
    """Raise all faults at once, if there are any."""
    if found := tuple(faults):
        raise Unfit(found)
