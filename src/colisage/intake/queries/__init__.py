"""What is on its way in: files of orders, and messages of shops."""

from colisage.intake.models import ImportRun
from colisage.intake.queries.imports import (
    import_of,
    imports_of,
    report_of,
    report_told,
    told,
    unfinished_imports,
)
from colisage.intake.queries.messages import (
    MessageRow,
    channels_to_read,
    known_orders,
    message_of,
    messages_by_key,
    messages_page,
    messages_waiting,
    reader_called,
)

__all__ = [
    "ImportRun",
    "MessageRow",
    "channels_to_read",
    "import_of",
    "imports_of",
    "known_orders",
    "message_of",
    "messages_by_key",
    "messages_page",
    "messages_waiting",
    "reader_called",
    "report_of",
    "report_told",
    "told",
    "unfinished_imports",
]
