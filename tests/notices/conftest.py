from collections.abc import Iterator
from typing import Any

import pytest

from colisage.kit.actors import Actor
from colisage.orders.actions.place_orders import place_orders
from colisage.orders.queries import Order, orders_across
from tests.cast import World
from tests.post import AnyPort, Post
from tests.returns.conftest import asked, chen, delivered  # noqa: F401 -- fixtures


@pytest.fixture
def post(settings: Any) -> Iterator[Post]:
    post = Post()
    controller = AnyPort(post, hostname="127.0.0.1", port=0)
    controller.start()
    post.port = controller.port
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", post.port, 5
    settings.DEFAULT_FROM_EMAIL = "colis@colisage.example"
    yield post
    controller.stop()


@pytest.fixture
def order(world: World) -> Order:
    [answer] = place_orders([world.order(("MUG", 2), ("CARTE", 1))], actor=Actor(kind="system"))
    assert answer.order_id is not None
    return orders_across([answer.order_id])[answer.order_id]
