"""Sending what is due, by SMTP, outside any transaction: claim, send, record."""

import smtplib
from contextlib import suppress
from email.utils import formataddr, parseaddr

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend

from colisage.notices.actions.claim_messages import Claimed, claim_messages
from colisage.notices.actions.record_sent import Outcome, record_sent
from colisage.notices.queries import doors_open
from colisage.notices.rules import one_line, verdict


def send_messages() -> int:
    """Send every message that is due; give how many went out. Without a mail server nothing is claimed.

    A server that cannot be reached, or says *later*, is tried again; one that refuses is believed; when the line goes
    dead while a message is handed over, nobody knows whether it went: that is said, and a person decides.
    """
    sent = 0
    while doors_open() and (claimed := claim_messages()):
        outcomes = _send_all(claimed)
        record_sent(outcomes)
        sent += sum(o.state == "sent" for o in outcomes)
    return sent


def _send_all(claimed: list[Claimed]) -> list[Outcome]:
    outcomes = []
    mailer = get_connection()
    for message in claimed:
        outcome = _send(mailer, message)
        outcomes.append(outcome)
        if outcome.state != "sent":  # the line may be dead
            _close(mailer)
            mailer = get_connection()
    _close(mailer)
    return outcomes


def _send(mailer: BaseEmailBackend, message: Claimed) -> Outcome:
    """Send one message and say what came of it."""
    try:
        mailer.open()
    except (OSError, smtplib.SMTPException) as error:  # nothing was handed over
        return Outcome(message.id, "later", message.attempts, _said(error))
    try:
        _mail(message, mailer).send()
    except smtplib.SMTPRecipientsRefused as error:
        code, said = next(iter(error.recipients.values()))
        return Outcome(message.id, verdict(code), message.attempts, f"{code} {_text(said)}")
    except smtplib.SMTPResponseException as error:
        return Outcome(message.id, verdict(error.smtp_code), message.attempts, _said(error))
    except (OSError, smtplib.SMTPException) as error:
        return Outcome(message.id, "unknown", message.attempts, _said(error))
    except ValueError as error:  # an address or a header that no mail can have
        return Outcome(message.id, "refused", message.attempts, _said(error))
    return Outcome(message.id, "sent", message.attempts, "")


def _mail(message: Claimed, mailer: BaseEmailBackend) -> EmailMultiAlternatives:
    """Make the mail. Its identity stays the same at every attempt: a good server delivers it once."""
    address = settings.DEFAULT_FROM_EMAIL
    host = address.rpartition("@")[2].strip("> ") or "localhost"
    mail = EmailMultiAlternatives(
        subject=message.subject,
        body=message.text,
        from_email=formataddr((one_line(message.sender), parseaddr(address)[1])),
        to=[message.to],
        reply_to=[message.reply_to] if message.reply_to else None,
        headers={
            "Message-ID": f"<{message.created_at:%Y%m%d%H%M%S}.{message.id}@{host}>",
            "Auto-Submitted": "auto-generated",
            "Content-Language": message.language,
        },
        connection=mailer,
    )
    if message.html:
        mail.attach_alternative(message.html, "text/html")
    return mail


def _close(mailer: BaseEmailBackend) -> None:
    with suppress(OSError, smtplib.SMTPException):
        mailer.close()


def _said(error: Exception) -> str:
    """Give an error in the server's own words, where it said any."""
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{error.smtp_code} {_text(error.smtp_error)}"
    return str(error) or type(error).__name__


def _text(said: bytes | str) -> str:
    return said.decode(errors="replace") if isinstance(said, bytes) else said
