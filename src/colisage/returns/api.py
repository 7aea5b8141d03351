"""The JSON doors of returns: what comes back, and what is paid back."""

from typing import Final, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from colisage.kit.answers import Paged, given, known_id, known_parameters
from colisage.kit.described import described
from colisage.kit.errors import NotThere
from colisage.people.queries.doors import behind_key
from colisage.returns.queries import return_of, returns_page
from colisage.returns.queries.told import ReturnOut, ReturnPageOut, tell_returns_out

READ: Final = "returns:read"
CUSTOMERS: Final = "customers:read"
router = Router(tags=["returns"])


class ReturnsAsked(Paged):
    """What a list of returns is narrowed to."""

    state: (
        Literal["requested", "approved", "label_sent", "received", "inspected", "refunded", "closed", "refused"] | None
    ) = None


@router.get(
    "/returns",
    operation_id="list_returns",
    auth=None,
    openapi_extra=described(ReturnPageOut, scope=READ, headers=("If-None-Match",)),
)
def list_returns(request: HttpRequest, asked: Query[ReturnsAsked]) -> HttpResponse:
    """List returns, the newest first, with their lines, items and refund."""
    known_parameters(request, ReturnsAsked)
    states = [asked.state] if asked.state else []
    with behind_key(request, scope=READ) as key:
        found = returns_page([key.merchant_id], states=states, after=asked.page, size=asked.limit)
        shown = [row.request for row in found[: asked.limit]]
        following = shown[-1].pk if len(found) > asked.limit else None
        told = tell_returns_out(shown, customers=CUSTOMERS in key.scopes)
        return given(request, ReturnPageOut(items=told, next=following))


@router.get(
    "/returns/{int:return_id}",
    operation_id="get_return",
    auth=None,
    openapi_extra=described(ReturnOut, scope=READ, refusals=(404,), headers=("If-None-Match",)),
)
def get_return(request: HttpRequest, return_id: int) -> HttpResponse:
    """Give a return with its lines, items and refund."""
    known_parameters(request)
    with behind_key(request, scope=READ) as key:
        found = return_of([key.merchant_id], return_id=known_id(return_id))
        if found is None:
            raise NotThere
        return given(request, tell_returns_out([found], customers=CUSTOMERS in key.scopes)[0])
