"""The JSON door for orders: one or many, idempotent, answered after the commit."""

from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from http import HTTPStatus

import msgspec
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext, override
from ninja import Router

from colisage.intake.actions.accept_orders import Incoming, Verdict, accept_orders
from colisage.intake.api.reading import Post, Unreadable, draft_of, read_post
from colisage.intake.api.shapes import (
    LineFaultOut,
    OrderIn,
    OrdersIn,
    PlacedManyOut,
    PlacedOut,
    WaitOut,
)
from colisage.intake.ports import REASONS
from colisage.kit.actors import Actor
from colisage.kit.answers import known_parameters
from colisage.kit.conflicts import again
from colisage.kit.described import described
from colisage.kit.errors import Malformed, Refused
from colisage.kit.expected import Hope, is_unexpected
from colisage.kit.idempotency import InFlight, KeyReused, known_key
from colisage.kit.problems import CONTENT_TYPE, KEY_WANTED, problem
from colisage.kit.rehearsal import is_rehearsal
from colisage.kit.statements import ask, perform, rows
from colisage.kit.walls import behind_the_wall
from colisage.network.queries import ChannelFacts, channels_of
from colisage.people.queries import Key, key_of, order_meter

HURRIED = 64  # orders: more take so long that the messages of their transaction no longer count
_hope = Hope()


@dataclass(frozen=True, slots=True)
class Reply:
    """The answer to a request: an HTTP status and a JSON body."""

    status: int
    body: bytes

    @property
    def headers(self) -> Mapping[str, str]:
        """Give the headers that the status asks for."""
        return {"WWW-Authenticate": KEY_WANTED} if self.status == HTTPStatus.UNAUTHORIZED else {}


def answer_posts(posts: Sequence[Post]) -> list[Reply]:
    """Accept the orders of many requests in one transaction; give the answer to each.

    A request whose idempotency key was seen with the same body gets the answer of then; with another body, 422.
    """
    return again(lambda: _answer(posts))


def _answer(posts: Sequence[Post]) -> list[Reply]:
    _forget_a_broken_connection()
    hurried = _orders_of(posts) <= HURRIED
    if hurried and _hope and not is_rehearsal():
        try:
            return _answered(posts, hurried=True, at_once=True)
        except DatabaseError as error:
            if not is_unexpected(error):
                raise
            _hope.lose()
    return _answered(posts, hurried=hurried, at_once=False)


def _answered(posts: Sequence[Post], *, hurried: bool, at_once: bool) -> list[Reply]:
    merchants = {post.key.merchant_id for post in posts}
    operators = {operator for post in posts for operator in post.key.operators}
    with behind_the_wall(merchants=merchants, operators=operators, hurried=hurried):
        replies = dict(_replays(posts))
        repeated = _repeated(posts)
        fresh = [n for n in range(len(posts)) if n not in replies and n not in repeated]
        wanted = [(n, order) for n in fresh for order in posts[n].orders]
        verdicts = _accept(posts, wanted=wanted, at_once=at_once)
        for n in fresh:
            replies[n] = _reply(posts[n], [verdicts[n, i] for i in range(len(posts[n].orders))])
        _keep(posts, replies=replies, fresh=fresh)
        for n, first in repeated.items():
            if n not in replies:
                replies[n] = _replay(posts[n], posts[first].digest, replies[first].status, replies[first].body)
    return [replies[n] for n in range(len(posts))]


def _orders_of(posts: Sequence[Post]) -> int:
    return sum(len(post.orders) for post in posts)


def _forget_a_broken_connection() -> None:
    """Take a new connection when the last one failed.

    Group commit works in threads of its own, outside the requests after which Django would look.
    """
    if connection.errors_occurred and not connection.in_atomic_block:
        connection.close()


def _repeated(posts: Sequence[Post]) -> dict[int, int]:
    """Give the posts of a group whose idempotency key an earlier one of the same group has, with that one."""
    first: dict[tuple[int, str], int] = {}
    repeated = {}
    for n, post in enumerate(posts):
        if post.idempotency_key and first.setdefault((post.key.id, post.idempotency_key), n) != n:
            repeated[n] = first[post.key.id, post.idempotency_key]
    return repeated


def _accept(
    posts: Sequence[Post], *, wanted: Sequence[tuple[int, OrderIn | Unreadable]], at_once: bool
) -> dict[tuple[int, int], Verdict]:
    """Run acceptance once for each key that sent something, so that the audit names it."""
    verdicts: dict[tuple[int, int], Verdict] = {}
    by_key: dict[int, list[tuple[int, int, Incoming]]] = {}
    position = -1
    last = -1
    for n, order in wanted:
        position = position + 1 if n == last else 0
        last = n
        if isinstance(order, Unreadable):
            verdicts[n, position] = Verdict("refused", reason="malformed")
        elif (channel := posts[n].channels.get(order.channel)) is None:
            verdicts[n, position] = Verdict("refused", reason="unknown_channel")
        else:
            by_key.setdefault(posts[n].key.id, []).append((n, position, Incoming(channel, draft_of(order))))
    for items in by_key.values():
        key = posts[items[0][0]].key
        actor = Actor("key", key.id, key.name)
        answers = accept_orders([item for _, _, item in items], actor=actor, at_once=at_once)
        verdicts.update({(n, i): verdict for (n, i, _), verdict in zip(items, answers, strict=True)})
    return verdicts


_STATUS = {"accepted": 201, "duplicate": 200}


def _reply(post: Post, verdicts: Sequence[Verdict]) -> Reply:
    with override(post.language) if any(verdict.reason for verdict in verdicts) else nullcontext():
        items = [_item(order, verdict) for order, verdict in zip(post.orders, verdicts, strict=True)]
    if post.many:
        return Reply(200, msgspec.json.encode(PlacedManyOut(items)))
    if verdicts[0].outcome == "refused":
        status = 409 if verdicts[0].reason in {"no_stock", "order_came_differently"} else 422
        document = problem(
            verdicts[0].reason, status=status, detail=items[0].detail, errors=msgspec.to_builtins(items[0].errors)
        )
        return Reply(status, msgspec.json.encode(document))
    return Reply(_STATUS[verdicts[0].outcome], msgspec.json.encode(items[0]))


def _item(order: OrderIn | Unreadable, verdict: Verdict) -> PlacedOut:
    if isinstance(order, Unreadable):
        return PlacedOut(reference=order.reference, outcome="refused", code="malformed", detail=order.why)
    return PlacedOut(
        reference=order.reference,
        outcome=verdict.outcome,
        id=verdict.order_id,
        holds=[WaitOut(kind, reason) for kind, reason in verdict.holds],
        code=verdict.reason or "",
        detail=str(REASONS[verdict.reason]) if verdict.reason else "",
        errors=[LineFaultOut(f"/lines/{i}", verdict.reason or "") for i in verdict.lines],
    )


def _replays(posts: Sequence[Post]) -> list[tuple[int, Reply]]:
    """Claim the idempotency keys of a group; give the answers that are known already.

    A key that another transaction is answering is in flight: nobody waits, who came in the same group least of all.
    """
    keys = {n: (f"key:{post.key.id}", post.idempotency_key) for n, post in enumerate(posts) if post.idempotency_key}
    if not keys:
        return []
    wanted = rows(
        {"owner": owner, "key": key, "digest": posts[n].digest.hex(), "merchants": [posts[n].key.merchant_id]}
        for n, (owner, key) in keys.items()
    )
    claimed = set(ask("kit", "claim_keys", [wanted]))
    known = {n: of for n, of in keys.items() if of not in claimed}
    if not known:
        return []
    sought = [[of[0] for of in known.values()], [of[1] for of in known.values()]]
    answers = {
        (owner, key): (bytes(digest), status, bytes(body or b""))
        for owner, key, digest, status, body in ask("kit", "known_answers", sought)
    }
    return [
        (n, _replay(posts[n], *answers[of]) if of in answers else _refusal(posts[n], InFlight()))
        for n, of in known.items()
    ]


def _replay(post: Post, digest: bytes, status: int, body: bytes) -> Reply:
    return Reply(status, body) if digest == post.digest else _refusal(post, KeyReused())


def _refusal(post: Post, error: Refused) -> Reply:
    with override(post.language):
        return Reply(error.status, msgspec.json.encode(problem(error.code, status=error.status, detail=str(error))))


def _keep(posts: Sequence[Post], *, replies: Mapping[int, Reply], fresh: Sequence[int]) -> None:
    """Keep the answers under their idempotency keys."""
    keyed = [n for n in fresh if posts[n].idempotency_key]
    if keyed:
        kept = [
            [f"key:{posts[n].key.id}" for n in keyed],
            [posts[n].idempotency_key for n in keyed],
            [replies[n].status for n in keyed],
            [replies[n].body for n in keyed],
        ]
        perform("kit", "keep_answers", kept)


def sender_of(authorization: str) -> tuple[Key, dict[str, ChannelFacts]] | None:
    """Find who sends, from the `Authorization` header, with the channels of its merchant; None when not allowed."""
    _forget_a_broken_connection()
    scheme, _, token = authorization.partition(" ")
    key = key_of(token.strip()) if scheme.lower() == "bearer" else None
    if key is None or "orders:write" not in key.scopes:
        return None
    with behind_the_wall(merchants=[key.merchant_id], operators=()):
        return key, channels_of(key.merchant_id)


def unauthorized(language: str) -> Reply:
    """Answer a request without a valid key."""
    with override(language):
        detail = gettext("Send a valid API key with the scope orders:write as a bearer token.")
    return Reply(401, msgspec.json.encode(problem("unauthorized", status=401, detail=detail)))


def malformed(error: Malformed, *, language: str) -> Reply:
    """Answer a request that cannot be read."""
    with override(language):
        return Reply(422, msgspec.json.encode(problem(error.code, status=422, detail=str(error))))


router = Router(tags=["orders"])
_EXAMPLE = {
    "reference": "1001",
    "currency": "EUR",
    "lines": [{"sku": "MUG-GRES-BLEU", "quantity": 2, "unit_price_cents": 1_900}],
    "ship_to": {
        "name": "Camille Rousseau", "line1": "8 rue Lepic", "postcode": "75018", "city": "Paris", "country": "FR",
    },
}  # fmt: skip
_SAID = described(
    PlacedOut | PlacedManyOut,
    also={201: PlacedOut},
    body=OrderIn | OrdersIn,
    example=_EXAMPLE,
    scope="orders:write",
    refusals=(409,),
    headers=("Idempotency-Key",),
)


@router.post("/orders", operation_id="post_orders", auth=None, openapi_extra=_SAID)
def post_orders(request: HttpRequest) -> HttpResponse:
    """Accept one order, or many as `{"orders": [...]}`; sent again, an order is the same order."""
    language = getattr(request, "LANGUAGE_CODE", "en")
    sender = sender_of(request.headers.get("Authorization", ""))
    if sender is None:
        return _http(unauthorized(language))
    order_meter().pass_or_refuse(f"intake:{sender[0].id}")
    try:
        known_parameters(request)
        post = read_post(
            request.body,
            key=sender[0],
            channels=sender[1],
            language=language,
            idempotency_key=known_key(request.headers.get("Idempotency-Key", "")),
        )
    except Malformed as error:
        return _http(malformed(error, language=language))
    return _http(answer_posts([post])[0])


def _http(reply: Reply) -> HttpResponse:
    kind = "application/json" if reply.status < 400 else CONTENT_TYPE
    return HttpResponse(reply.body, status=reply.status, content_type=kind, headers=reply.headers)
