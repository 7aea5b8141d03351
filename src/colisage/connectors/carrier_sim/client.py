"""Speaking HTTP with the simulated carrier."""

from collections.abc import Mapping
from threading import Lock
from typing import Any

import httpx

from colisage.connectors.carrier_sim.config import Config
from colisage.shipping.ports import CarrierRefused, CarrierSilent

_opening = Lock()
_open: dict[Config, httpx.Client] = {}
REFUSALS = frozenset({400, 401, 403, 404, 409, 422})  # it understood, and sold nothing


def client_for(config: Config) -> httpx.Client:
    """Give the connections to a carrier, kept open between calls; the same to every thread, until closed."""
    with _opening:
        found = _open.get(config)
        if found is None or found.is_closed:
            found = _open[config] = httpx.Client(
                base_url=config.base_url, timeout=config.timeout_seconds, trust_env=False
            )
        return found


def call(
    config: Config,
    method: str,
    path: str,
    *,
    headers: Mapping[str, str] | None = None,
    query: Mapping[str, str] | None = None,
    body: Any = None,
) -> Any:
    """Call once and give the answer's JSON, None when it has no content. Never repeats by itself.

    Raises `CarrierRefused` for a clear no, `CarrierSilent` for everything that leaves open what happened.
    """
    try:
        answer = client_for(config).request(method, path, headers=headers, params=query, json=body)
    except httpx.ConnectError as error:  # nothing was sent, but the same key may have been before
        raise CarrierSilent(f"not reached: {error}") from error
    except httpx.HTTPError as error:
        raise CarrierSilent(f"{type(error).__name__}: {error}") from error
    if answer.status_code in REFUSALS:
        raise CarrierRefused(_said(answer))
    if not answer.is_success:
        raise CarrierSilent(f"{answer.status_code}: {_said(answer)}")
    if not answer.content:
        return None
    try:
        return answer.json()
    except ValueError as error:
        raise CarrierSilent("an answer that is not JSON") from error


def _said(answer: httpx.Response) -> str:
    try:
        return str(answer.json()["error"])[:300]
    except (ValueError, KeyError, TypeError):
        return answer.text[:300]
