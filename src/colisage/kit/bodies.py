"""The body of a request to a public door, within a bound."""

from django.http import HttpRequest


def body_within(request: HttpRequest, *, most: int) -> bytes | None:
    """Give the body, or None when it is longer than `most` bytes; one that says so itself is not read at all."""
    length = request.headers.get("content-length") or ""
    if length.isdecimal() and int(length[:12]) > most:
        return None
    return request.body if len(request.body) <= most else None
