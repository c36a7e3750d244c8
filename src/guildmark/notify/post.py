"""What can go wrong between us and a mail server, in words, and whether another try makes sense."""

from __future__ import annotations

import smtplib
import socket
import ssl
from urllib.parse import urlsplit

from guildmark.config import load


def _said(error: smtplib.SMTPResponseException) -> str:
    words = error.smtp_error
    text = words.decode("utf-8", "replace") if isinstance(words, bytes) else str(words)
    return f"{error.smtp_code} {text}".strip()


def _refusals(error: smtplib.SMTPRecipientsRefused) -> list[tuple[int, str]]:
    return [
        (code, words.decode("utf-8", "replace") if isinstance(words, bytes) else str(words))
        for code, words in error.recipients.values()
    ]


def in_words(error: Exception) -> str:
    """One sentence for the operator: what the mail server did or did not do."""
    place = urlsplit(load().mail_url).netloc.rpartition("@")[2] or "the mail server"
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return "The mail server refused the address: " + "; ".join(
            f"{code} {text}" for code, text in _refusals(error)
        )
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return f"The mail server did not accept the user name and password: {_said(error)}"
    if isinstance(error, smtplib.SMTPResponseException):
        return f"The mail server answered {_said(error)}"
    if isinstance(error, smtplib.SMTPServerDisconnected):
        return f"{place} closed the connection in the middle of the message."
    if isinstance(error, TimeoutError):
        return f"{place} did not answer in time."
    if isinstance(error, ConnectionRefusedError):
        return f"Nothing listens at {place}: the connection was refused."
    if isinstance(error, socket.gaierror):
        return f"The name {place} is not known."
    if isinstance(error, ssl.SSLError):
        return f"No safe connection to {place}: {error.reason or error}"
    return f"{place}: {error}"


def is_final(error: Exception) -> bool:
    """True when the server has said for good that it will not take the message (5xx, RFC 5321 4.2.1)."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(code >= 500 for code, _ in _refusals(error))
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return False
    return isinstance(error, smtplib.SMTPResponseException) and error.smtp_code >= 500
