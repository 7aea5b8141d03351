"""The demo installation, running in processes of its own, with a mail server and a quick carrier on loopback."""

import re
import signal
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest

from tests.post import AnyPort, Post
from tests.tree import Tree


@dataclass
class House:
    """A running installation: its address, who may log in, and the mails it sends."""

    tree: Tree
    post: Post
    passwords: dict[str, str] = field(default_factory=dict)

    def mails_to(self, address: str, *, about: str) -> list[str]:
        """Give the texts of the mails an address got about an order."""
        found = (m for m in list(self.post.mails) if m["To"] == address and about in str(m["Subject"] or ""))
        return [part.get_content() for m in found if (part := m.get_body(("plain",))) is not None]


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Iterator[House]:
    """Start the demo as `make run` does, and stop it as Ctrl-C does: where nothing is, or on a database that is there.

    A module says which by `FROM_NOTHING`.
    """
    post = Post()
    mailer = AnyPort(post, hostname="127.0.0.1", port=0)
    mailer.start()
    tree = Tree(
        tmp_path_factory.mktemp("house") / "data",
        COLISAGE_SMTP_HOST="127.0.0.1",
        COLISAGE_SMTP_PORT=str(mailer.port),
        COLISAGE_CARRIER_SPEED="0.5",
        COLISAGE_CARRIER_TROUBLE="0",
    )
    try:
        if not request.module.FROM_NOTHING:
            tree.settle()
        line = tree.start()
        assert line.startswith(f"Colisage: {tree.address}"), line
        yield House(tree, post, dict(re.findall(r"(\S+@\S+) / (\S+) \(", line)))
        assert tree.end(signal.SIGINT) == 0
    finally:
        if tree.process is not None and tree.process.poll() is None:
            tree.process.kill()
        mailer.stop()
        tree.remove()
