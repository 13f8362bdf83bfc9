"""Who did something, in words that every room says alike."""

from django.utils.translation import gettext as _

from bihuan.people.models import Post


def who(post: Post | None) -> str:
    """A post by its name; the house itself where it was nobody's."""
    return post.label() if post is not None else _("系统")
