"""Photos from a phone: decoded for real, made small, without metadata, in files that only a merchant's people see.

What is kept is what we encoded ourselves: nothing of the file that was sent but its pixels. A file that only looks like
a photo is refused; what somebody hid behind a real one is gone.
"""

import hashlib
import io
import struct
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Any, Final, Protocol
from uuid import uuid4

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, Storage, storages
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from colisage.kit.actors import Actor
from colisage.kit.errors import Malformed, NotThere
from colisage.kit.models import Photo

LIMIT_BYTES: Final = 12_000_000
LIMIT_PIXELS: Final = 60_000_000  # a phone's are 12 to 50 million
LONGEST_SIDE: Final = 2_000
MOST_AT_ONCE: Final = 6
DRAFT: Final = "draft"  # a photo of a form that was not accepted yet; its document is the person
_FORMATS: Final = ("JPEG", "PNG", "WEBP")
_QUALITY: Final = 82


class PhotoTooLarge(Malformed):
    """The file is larger than any photo we take."""

    code = "photo_too_large"
    text = _("This photo is too large: at most %(most)s MB. Take it again with a lower resolution.")


class PhotoTooManyPixels(Malformed):
    """The picture would fill the memory once unpacked."""

    code = "photo_too_many_pixels"
    text = _("This photo has too many pixels. Take it again with a lower resolution.")


class NotAPhoto(Malformed):
    """The file is no JPEG, PNG or WebP, or only part of one."""

    code = "not_a_photo"
    text = _("This file is not a photo, or it is damaged. Take the photo again.")


class TooManyPhotos(Malformed):
    """More photos than one deed has."""

    code = "too_many_photos"
    text = _("At most %(most)s photos at once.")


@dataclass(frozen=True, slots=True)
class CleanPhoto:
    """A photo that was decoded and encoded again: a JPEG without metadata, sides in pixels."""

    data: bytes
    width: int
    height: int


class Upload(Protocol):
    """A file that was sent with a form."""

    size: int | None

    def read(self) -> bytes:
        """Give its bytes."""


def clean_photo(data: bytes) -> CleanPhoto:
    """Decode a photo and encode it again as a JPEG: upright, at most 2,000 pixels long, without metadata.

    Raises `PhotoTooLarge`, `PhotoTooManyPixels` or `NotAPhoto`.
    """
    from PIL import Image, ImageOps  # noqa: PLC0415 -- only photos need it

    if len(data) > LIMIT_BYTES:
        raise PhotoTooLarge(most=LIMIT_BYTES // 1_000_000)
    try:
        with Image.open(io.BytesIO(data), formats=_FORMATS) as image:
            if image.width * image.height > LIMIT_PIXELS:
                raise PhotoTooManyPixels
            image.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))  # a large JPEG is not unpacked whole
            image.load()
            upright = ImageOps.exif_transpose(image)
            upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
            paper = Image.new("RGB", upright.size, "white")
            seen = upright.convert("RGBA")
            paper.paste(seen, mask=seen.getchannel("A"))
            out = io.BytesIO()
            paper.save(out, "JPEG", quality=_QUALITY, optimize=True)
    except Image.DecompressionBombError as bomb:
        raise PhotoTooManyPixels from bomb
    except (
        OSError, SyntaxError, ValueError, TypeError, LookupError, ArithmeticError, EOFError, AttributeError,
        struct.error,
    ) as broken:  # fmt: skip
        raise NotAPhoto from broken
    return CleanPhoto(out.getvalue(), *paper.size)


def clean_photos(uploads: Iterable[Upload | IO[bytes]]) -> list[CleanPhoto]:
    """Clean the photos of a form; an empty field sends none. Sizes are looked at before anything is read."""
    sent: list[Any] = [upload for upload in uploads if upload]
    if len(sent) > MOST_AT_ONCE:
        raise TooManyPhotos(most=MOST_AT_ONCE)
    if any((upload.size or 0) > LIMIT_BYTES for upload in sent):
        raise PhotoTooLarge(most=LIMIT_BYTES // 1_000_000)
    return [clean_photo(upload.read()) for upload in sent]


@transaction.atomic
def keep_photos(
    photos: Sequence[CleanPhoto], *, merchant_id: int, doc_kind: str, doc_id: int, actor: Actor
) -> list[int]:
    """Keep photos of a document; give their ids. The files are written first: a row always has its file."""
    store, today = photo_storage(), timezone.localdate()
    rows = []
    for photo in photos:
        name = store.save(f"{merchant_id}/{today:%Y/%m}/{uuid4().hex}.jpg", ContentFile(photo.data))
        rows.append(
            Photo(
                merchant_id=merchant_id, doc_kind=doc_kind, doc_id=doc_id, file_name=name, size=len(photo.data),
                width_px=photo.width, height_px=photo.height, digest=hashlib.sha256(photo.data).hexdigest(),
                by_name=str(actor)[:150],
            )
        )  # fmt: skip
    return [row.pk for row in Photo.objects.bulk_create(rows)]


@transaction.atomic
def attach_photos(photo_ids: Collection[int], *, merchant_id: int, doc_kind: str, doc_id: int, actor: Actor) -> None:
    """Give a document the photos that the same person kept as drafts, while the form was not accepted yet."""
    mine = Photo.objects.filter(merchant_id=merchant_id, doc_kind=DRAFT, doc_id=actor.id or 0, pk__in=photo_ids)
    mine.update(doc_kind=doc_kind, doc_id=doc_id)


def drop_drafts(*, before: datetime, most: int = 1_000) -> int:
    """Throw away photos kept before a moment for a form that was never accepted, with their files; give how many.

    A draft that is attached at this very moment stays: the rows are locked. Files go once the rows are gone for good.
    """
    with transaction.atomic():
        old = Photo.objects.filter(doc_kind=DRAFT, at__lt=before).select_for_update(skip_locked=True)
        rows = list(old.order_by("pk").values_list("pk", "file_name")[:most])
        Photo.objects.filter(pk__in=[pk for pk, _name in rows]).delete()
        transaction.on_commit(lambda: _drop_files([name for _pk, name in rows]))
    return len(rows)


def _drop_files(names: Iterable[str]) -> None:
    store = photo_storage()
    for name in names:
        store.delete(name)


def photos_of(merchant_ids: Collection[int], *, doc_kind: str, doc_ids: Collection[int]) -> dict[int, list[Photo]]:
    """Give the photos of documents, the oldest first, in one statement."""
    found: dict[int, list[Photo]] = {}
    rows = Photo.objects.filter(merchant_id__in=merchant_ids, doc_kind=doc_kind, doc_id__in=doc_ids)
    for photo in rows.order_by("pk"):
        found.setdefault(photo.doc_id, []).append(photo)
    return found


def photo_bytes(merchant_ids: Collection[int], *, photo_id: int) -> bytes:
    """Give the file of a photo of these merchants; somebody else's, and one whose file is lost, is not there."""
    photo = Photo.objects.filter(merchant_id__in=merchant_ids, pk=photo_id).first()
    if photo is None:
        raise NotThere
    try:
        with photo_storage().open(photo.file_name) as file:
            data: bytes = file.read()
    except FileNotFoundError as gone:
        raise NotThere from gone
    return data


def small_photos(photos: Iterable[Photo], *, longest: int = 700) -> list[bytes]:
    """Give photos small enough for a document, as JPEG; one whose file is lost is left out."""
    from PIL import Image  # noqa: PLC0415

    found = []
    for photo in photos:
        try:
            with photo_storage().open(photo.file_name) as file, Image.open(file, formats=_FORMATS) as image:
                image.thumbnail((longest, longest))
                out = io.BytesIO()
                image.save(out, "JPEG", quality=_QUALITY)
        except FileNotFoundError:
            continue
        found.append(out.getvalue())
    return found


def photo_storage() -> Storage:
    """Give where photos lie: the storage called `photos` in the settings, else a folder of the data directory."""
    if "photos" in settings.STORAGES:
        return storages["photos"]
    return FileSystemStorage(
        location=Path(settings.COLISAGE_DATA_DIR) / "photos",
        file_permissions_mode=0o600,
        directory_permissions_mode=0o700,
    )
