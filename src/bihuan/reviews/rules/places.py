"""`Place`: what one post is in one meeting; everything that may be read or done follows from it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Place:
    """在一次会中的位置：成员（其中一人主持）、经办人、受邀期内的指导组；都不是，就当没有这个会。

    `seat` is the key of the member's seat. A person may be member and clerk at once.
    """

    seat: int | None = None
    head: bool = False
    clerk: bool = False
    guide: bool = False

    @property
    def inside(self) -> bool:
        return self.seat is not None or self.clerk or self.guide

    def owns(self, kind: str, seat: int | None) -> bool:
        """Whose check material it is: each member's own, the body's the head's."""
        return self.head if kind == "body" else self.seat is not None and self.seat == seat

    def sees_draft(self, kind: str, seat: int | None) -> bool:
        """未提交的草稿只有本人和经办人看得到。"""
        return self.clerk or self.owns(kind, seat)


NOWHERE = Place()
