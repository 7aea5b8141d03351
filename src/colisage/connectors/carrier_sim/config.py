"""Where the simulated carrier listens, and the secret it signs with."""

import base64
import os
from dataclasses import dataclass
from typing import Final

from django.conf import settings
from django.utils.crypto import salted_hmac

NAME: Final = "carrier_sim"
TIMEOUT_SECONDS: Final = 10.0


@dataclass(frozen=True, slots=True)
class Config:
    """How the simulated carrier is reached."""

    base_url: str
    secret: bytes
    timeout_seconds: float = TIMEOUT_SECONDS


def config() -> Config:
    """Read the environment: COLISAGE_CARRIER_SIMULATOR, and COLISAGE_CARRIER_SIMULATOR_SECRET (`whsec_…`).

    Without a secret, one follows from the secret key of the installation: carrier and connector agree by themselves.
    """
    given = os.environ.get("COLISAGE_CARRIER_SIMULATOR_SECRET", "").removeprefix("whsec_")
    own = salted_hmac("colisage.carrier_sim", "webhooks", secret=settings.SECRET_KEY, algorithm="sha256").digest()
    return Config(
        base_url=os.environ.get("COLISAGE_CARRIER_SIMULATOR", "http://127.0.0.1:8090"),
        secret=base64.b64decode(given) if given else own,
    )
