"""The desk, as somebody logged in sees it."""

import io
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pypdf import PdfReader

from colisage.people.models import User


def client_of(person: User, *, language: str = "en") -> Client:
    """Give the browser of a person."""
    client = Client(headers={"Accept-Language": language})
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client


def text_of(answer: Any) -> str:
    """Give the page as text, without no-break spaces."""
    return str(answer.content.decode()).replace("\u00a0", " ").replace("\u202f", " ")


def words_of(pdf: bytes) -> str:
    """Give the words of a PDF."""
    pages = PdfReader(io.BytesIO(pdf)).pages
    return " ".join("\n".join(page.extract_text() for page in pages).replace("\u00a0", " ").split())


def file_of(content: str | bytes, *, name: str = "file.csv") -> SimpleUploadedFile:
    """Make an upload."""
    return SimpleUploadedFile(name, content.encode() if isinstance(content, str) else content)
