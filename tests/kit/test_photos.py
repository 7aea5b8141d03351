"""Photos from phones: what is kept is pixels we encoded ourselves."""

import io
import struct
import zlib
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from colisage.inbound.tasks import drafts
from colisage.kit.actors import SYSTEM
from colisage.kit.errors import Malformed, NotThere
from colisage.kit.models import Photo
from colisage.kit.photos import (
    DRAFT,
    LIMIT_BYTES,
    NotAPhoto,
    PhotoTooLarge,
    PhotoTooManyPixels,
    TooManyPhotos,
    attach_photos,
    clean_photo,
    clean_photos,
    drop_drafts,
    keep_photos,
    photo_bytes,
    photos_of,
)
from tests.cast import World


def picture(width: int = 60, height: int = 40, *, kind: str = "JPEG", **options: Any) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (width, height), "red").save(out, kind, **options)
    return out.getvalue()


def exif(orientation: int = 6) -> Image.Exif:
    said = Image.Exif()
    said[0x0112] = orientation
    said[0x010F] = "SECRET CAMERA"
    said.get_ifd(0x8825)[1] = "N"  # where it was taken
    return said


def bomb() -> bytes:
    """Give a PNG of a few kilobytes that unpacks to 900 million pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", 30_000, 30_000, 1, 0, 0, 0, 0)
    rows = zlib.compress(bytes(30_000 // 8 + 1) * 300)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_photo_becomes_a_jpeg_of_ours(kind: str) -> None:
    kept = clean_photo(picture(kind=kind))
    assert kept.data.startswith(b"\xff\xd8\xff")
    assert (kept.width, kept.height) == (60, 40)


def test_nothing_is_told_of_who_took_it_where_and_it_stands_upright() -> None:
    kept = clean_photo(picture(exif=exif(), comment=b"SECRET WORD"))
    assert (kept.width, kept.height) == (40, 60)
    assert b"SECRET" not in kept.data
    assert not Image.open(io.BytesIO(kept.data)).getexif()


def test_a_large_photo_is_made_small() -> None:
    kept = clean_photo(picture(4000, 3000))
    assert (kept.width, kept.height) == (2000, 1500)


def test_what_hides_behind_a_photo_is_gone() -> None:
    kept = clean_photo(picture() + b"PK\x03\x04<script>alert(1)</script>")
    assert b"script" not in kept.data


def test_what_is_transparent_is_on_white_paper() -> None:
    out = io.BytesIO()
    Image.new("RGBA", (10, 10), (0, 0, 0, 0)).save(out, "PNG")
    assert Image.open(io.BytesIO(clean_photo(out.getvalue()).data)).getpixel((5, 5)) == (255, 255, 255)


@pytest.mark.parametrize(
    ("data", "refusal"),
    [
        (b"", NotAPhoto),
        (b"just some text named photo.jpg", NotAPhoto),
        (picture()[:300], NotAPhoto),
        (picture(kind="PNG")[:60], NotAPhoto),
        (b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', NotAPhoto),
        (b"GIF89a/*\x00\x00*/=1;alert(1)", NotAPhoto),
        (picture(kind="GIF"), NotAPhoto),
        (picture(kind="TIFF"), NotAPhoto),
        (b"%PDF-1.7\n" + picture(), NotAPhoto),
        (b"\xff\xd8\xff" + b"\x00" * 500, NotAPhoto),
        (bomb(), PhotoTooManyPixels),
        (b"\xff" * (LIMIT_BYTES + 1), PhotoTooLarge),
    ],
    ids=["empty", "text", "cut", "cut png", "svg", "gif", "true gif", "tiff", "pdf", "zeros", "bomb", "large"],
)
def test_what_is_no_photo_is_refused_with_a_word(data: bytes, refusal: type[Malformed]) -> None:
    with pytest.raises(refusal) as refused:
        clean_photo(data)
    assert refused.value.code in {"not_a_photo", "photo_too_many_pixels", "photo_too_large"}
    assert str(refused.value)


def test_a_field_left_empty_is_no_photo_and_seven_are_too_many() -> None:
    assert clean_photos([]) == []
    one = picture()
    with pytest.raises(TooManyPhotos):
        clean_photos([SimpleUploadedFile(f"{n}.jpg", one) for n in range(7)])


def test_a_photo_is_seen_by_the_people_of_its_merchant_only(world: World, settings: Any) -> None:
    (made,) = keep_photos(
        [clean_photo(picture())], merchant_id=world.tilleul.pk, doc_kind="receipt", doc_id=7, actor=SYSTEM
    )
    kept = Photo.objects.get()
    file = Path(settings.COLISAGE_DATA_DIR) / "photos" / kept.file_name
    assert file.stat().st_size == kept.size
    assert file.stat().st_mode & 0o777 == 0o600
    assert [p.pk for p in photos_of([world.tilleul.pk], doc_kind="receipt", doc_ids=[7, 8])[7]] == [made]
    client = Client()
    assert client.get(reverse("photo", args=[made])).status_code == 302
    client.force_login(world.dee)
    assert client.get(reverse("photo", args=[made])).status_code == 404
    client.force_login(world.ada)
    answer = client.get(reverse("photo", args=[made]))
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "image/jpeg")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert answer.content == file.read_bytes()


def test_a_photo_whose_file_is_lost_is_not_there(world: World, settings: Any) -> None:
    (made,) = keep_photos(
        [clean_photo(picture())], merchant_id=world.tilleul.pk, doc_kind="receipt", doc_id=7, actor=SYSTEM
    )
    (Path(settings.COLISAGE_DATA_DIR) / "photos" / Photo.objects.get().file_name).unlink()
    with pytest.raises(NotThere):
        photo_bytes([world.tilleul.pk], photo_id=made)


def test_drafts_that_no_form_took_are_thrown_away_with_their_files(
    world: World, settings: Any, django_capture_on_commit_callbacks: Any
) -> None:
    facts = {"merchant_id": world.tilleul.pk, "doc_id": 0, "actor": SYSTEM}
    old, young, taken = (keep_photos([clean_photo(picture())], doc_kind=DRAFT, **facts)[0] for _photo in range(3))
    attach_photos([taken], merchant_id=world.tilleul.pk, doc_kind="receipt", doc_id=7, actor=SYSTEM)
    Photo.objects.filter(pk__in=[old, taken]).update(at=timezone.now() - timedelta(days=3))
    names = dict(Photo.objects.values_list("pk", "file_name"))
    with django_capture_on_commit_callbacks(execute=True):
        drafts(timestamp=0)
    assert set(Photo.objects.values_list("pk", flat=True)) == {young, taken}
    left = {pk for pk, name in names.items() if (Path(settings.COLISAGE_DATA_DIR) / "photos" / name).exists()}
    assert left == {young, taken}
    assert drop_drafts(before=timezone.now() - timedelta(days=2)) == 0
