"""What is sold as a bundle has no stock of its own: at the dock its parts come, each as itself."""

from collections.abc import Collection

from django.utils.translation import gettext_lazy as _

from colisage.catalog.queries import skus_by_id
from colisage.kit.errors import Malformed


class BundleNeverComes(Malformed):
    """A bundle is what its components are."""

    code = "bundle"
    text = _("A bundle is never delivered: its parts are.")


def refuse_bundles(merchant_id: int, *, sku_ids: Collection[int]) -> None:
    """Raise `BundleNeverComes` when one of these SKUs is a bundle; one statement."""
    if any(sku.kind == "bundle" for sku in skus_by_id(merchant_id, ids=sku_ids).values()):
        raise BundleNeverComes
