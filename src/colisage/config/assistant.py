"""`colisage mcp`: serve an assistant that speaks the Model Context Protocol over standard input and output."""

import argparse
import os
from collections.abc import Sequence

from colisage.config.doors import last_port
from colisage.config.place import place
from colisage.kit.terminal import Problem, either


def main(argv: Sequence[str]) -> int:
    """Serve one session, with the API key in `COLISAGE_KEY` and the installation at `COLISAGE_URL` (ours, if empty)."""
    parser = argparse.ArgumentParser(prog="colisage mcp")
    parser.add_argument("--write", action="store_true", help=either(
        "offer the tools that change something too; each is rehearsed first",
        "proposer aussi les outils qui changent quelque chose ; chacun est d’abord répété à blanc"))  # fmt: skip
    parser.add_argument("--most-things", type=int, default=100, help=either(
        "in one call, at most", "par appel, au plus"))  # fmt: skip
    parser.add_argument("--most-writes", type=int, default=200, help=either(
        "in one session, at most", "par session, au plus"))  # fmt: skip
    options = parser.parse_args(argv)
    key = os.environ.get("COLISAGE_KEY", "")
    if not key:
        raise Problem(
            "Put an API key (Settings, API keys) into COLISAGE_KEY: the assistant may do what the key may.",
            "Mettez une clé d’API (Réglages, Clés d’API) dans COLISAGE_KEY : l’assistant peut ce que peut la clé.",
        )
    url = os.environ.get("COLISAGE_URL") or _ours()

    from colisage.connectors.actions.serve_assistant import serve_assistant  # noqa: PLC0415 -- the help does without

    try:
        serve_assistant(
            url, key=key, language=either("en", "fr"), write=options.write,
            most_things=options.most_things, most_writes=options.most_writes,
        )  # fmt: skip
    except ConnectionError as error:
        raise Problem(
            f"No Colisage answers at {url} ({error}).", f"Aucun Colisage ne répond à {url} ({error})."
        ) from None
    return 0


def _ours() -> str:
    port = last_port(place())
    if port is None:
        raise Problem(
            "Colisage does not run here: start it with colisage run, or name another in COLISAGE_URL.",
            "Colisage ne tourne pas ici : lancez-le par colisage run, ou nommez-en un autre dans COLISAGE_URL.",
        )
    return f"http://127.0.0.1:{port}"
