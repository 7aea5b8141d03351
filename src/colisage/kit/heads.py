"""HEAD is answered wherever GET is: as GET, without the body (RFC 9110, 9.3.2)."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse


class Heads:
    """Middleware, the first of all: behind it nobody knows of HEAD, and no door has to name it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer; of a HEAD with every header of a GET, its length and ETag among them."""
        if request.method != "HEAD":
            return self.get_response(request)
        request.method = request.META["REQUEST_METHOD"] = "GET"
        answer = self.get_response(request)
        answer.content = b""
        return answer
