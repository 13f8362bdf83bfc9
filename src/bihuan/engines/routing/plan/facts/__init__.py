"""Facts on the way (途中实情): where every vehicle is, what it has done, what it still carries.

Tracks matched to streets, and what teams report, are held against the plan that runs. A task counts
as done when four fifths of its run were worked: nobody is sent back for the rest of a street, whose
proof is `coverage`'s business. Where a device does not tell whether the plough is down, the plan
says which of several drives over a street was to be the work.
"""
