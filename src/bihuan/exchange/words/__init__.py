"""Words of one cell as clerks write them: deadlines, dates, lists of units, numbered lists."""

from bihuan.exchange.words.deadline import Deadline, deadline
from bihuan.exchange.words.listing import clean, join_items, said, split_items
from bihuan.exchange.words.units import Match, plain_name, split_units

__all__ = [
    "Deadline",
    "Match",
    "clean",
    "deadline",
    "join_items",
    "plain_name",
    "said",
    "split_items",
    "split_units",
]
