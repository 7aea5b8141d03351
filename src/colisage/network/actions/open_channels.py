from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from colisage.kit.errors import Refused
from colisage.network.models import Channel


class CodeTaken(Refused):
    """A merchant's channels are told apart by their codes."""

    code = "code_taken"
    text = _("There is a sales channel of that code already.")


@transaction.atomic
def open_channels(merchant_id: int, *, channels: Sequence[tuple[str, str, str]]) -> None:
    """Make a merchant's sales channels: (kind, code, name). Raises `CodeTaken`."""
    if Channel.objects.filter(merchant_id=merchant_id, code__in=[code for _kind, code, _name in channels]).exists():
        raise CodeTaken
    Channel.objects.bulk_create(
        Channel(merchant_id=merchant_id, kind=kind, code=code, name=name) for kind, code, name in channels
    )
