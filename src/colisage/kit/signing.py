"""Signing messages between programs as Standard Webhooks do."""

import base64
import hashlib
import hmac


def signature(secret: bytes, *, message_id: str, timestamp: int, body: bytes) -> str:
    """Sign a message as Standard Webhooks do: HMAC-SHA256 over `id.timestamp.body`, in base 64 after `v1,`."""
    signed = f"{message_id}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.new(secret, signed, hashlib.sha256).digest()).decode()
