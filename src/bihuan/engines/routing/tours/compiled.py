"""How the search is compiled: without the global lock, and without counting references.

Numba counts the references of every array that is handed to a function; of forty arrays at every
call that was a third of the search's time. The search allocates nothing, so nothing has to be
counted, and what did allocate would not compile. The option stands in the
docstring of numba.extending.register_jitable, not among those of njit: the version of numba is
pinned, and without the option all would be as it was, only slower.
"""

from collections.abc import Callable
from typing import ParamSpec, TypeVar, cast

from numba import njit

P = ParamSpec("P")
R = TypeVar("R")


def compiled(work: Callable[P, R]) -> Callable[P, R]:
    """A function of the search."""
    made = njit(cache=True, nogil=True, _nrt=False)  # type: ignore[call-overload]
    return cast("Callable[P, R]", made(work))


def inlined(work: Callable[P, R]) -> Callable[P, R]:
    """The same, put where it is called."""
    made = njit(cache=True, nogil=True, inline="always", _nrt=False)  # type: ignore[call-overload]
    return cast("Callable[P, R]", made(work))
