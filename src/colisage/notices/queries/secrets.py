"""The secrets that sign webhook calls: kept sealed, shown once."""

import base64
import secrets
from typing import Final

from colisage.kit.sealing import opened, sealed

PURPOSE: Final = "notices.webhooks"


def new_secret() -> str:
    """Make a secret as Standard Webhooks write it."""
    return "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode()


def kept_secret(secret: str) -> bytes:
    """Seal a secret for keeping."""
    return sealed(secret.encode(), purpose=PURPOSE)


def read_secret(kept: bytes) -> str:
    """Give a secret that was kept; raises `SealBroken` when the secret key of the installation has changed."""
    return opened(bytes(kept), purpose=PURPOSE).decode()
