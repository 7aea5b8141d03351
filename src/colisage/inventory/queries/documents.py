"""Numbers of documents that people fill in: a form sent twice is done once, and nobody uses another's number."""

from typing import Final

from django.core.signing import BadSignature, Signer
from django.db import connection

_SALT: Final = "colisage.document"


def new_document() -> int:
    """Draw the number of a document: posting it twice does it once."""
    with connection.cursor() as db:
        db.execute("SELECT nextval(pg_get_serial_sequence('kit_auditentry', 'id'))")
        return int(db.fetchone()[0])


def draw_document(person_id: int) -> str:
    """Draw the number of a document for a form that a person is shown, signed for that person."""
    return Signer(salt=f"{_SALT}.{person_id}").sign(str(new_document()))


def document_told(text: str, *, person_id: int) -> int:
    """Read the number that a form sends back; what was not drawn for this person is a document of its own."""
    try:
        return int(Signer(salt=f"{_SALT}.{person_id}").unsign(text))
    except BadSignature:
        return new_document()
