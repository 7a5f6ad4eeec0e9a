"""Answers as people's mail programs write them: what they quote, and the headers they set."""

import html
from email.message import EmailMessage
from email.utils import make_msgid, parseaddr

CLOSING = "Kind regards,\nBen Outlook"
SIGNATURE = "Business Manager\nLadywood Community School\n0121 496 0000"


def gmail(received: EmailMessage, *, text: str) -> bytes:
    """Answer above a collapsed quotation, in plain text and HTML."""
    name, address = parseaddr(received["From"])
    line = f"On Mon, 2 Nov 2026 at 10:00, {name} <{address}> wrote:"
    quoted = "\n".join(f"> {each}" for each in _body(received).splitlines())
    rich = (
        f'<div dir="ltr">{html.escape(text)}</div><br><div class="gmail_quote gmail_quote_container">'
        f'<div dir="ltr" class="gmail_attr">{html.escape(line)}<br></div>'
        '<blockquote class="gmail_quote" style="margin:0px 0px 0px 0.8ex">'
        f"{html.escape(_body(received))}</blockquote></div>"
    )
    answer = _answer(received, "mail.gmail.com")
    answer.set_content(f"{text}\n\n{line}\n\n{quoted}\n")
    answer.add_alternative(rich, subtype="html")
    return answer.as_bytes()


def outlook(received: EmailMessage, *, text: str) -> bytes:
    """Answer above a signature and the headers of the original, whose lines have no mark."""
    name, address = parseaddr(received["From"])
    heads = (
        f"From: {name} <{address}>\nSent: 02 November 2026 10:00\n"
        f"To: {received['To']}\nSubject: {received['Subject']}\n"
    )
    rich = (
        f'<html><body><div class="WordSection1"><p class="MsoNormal">{html.escape(text)}</p>'
        f'<p class="MsoNormal">{_lines(CLOSING)}</p><p class="MsoNormal">{_lines(SIGNATURE)}</p>'
        '<div style="border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm">'
        f'<p class="MsoNormal">{_lines(heads)}</p></div><p>{_lines(_body(received))}</p></div></body></html>'
    )
    answer = _answer(received, "LO2P265MB0001.GBRP265.PROD.OUTLOOK.COM")
    answer["X-MS-Has-Attach"] = ""
    answer["Thread-Topic"] = received["Subject"]
    answer.set_content(f"{text}\n\n{CLOSING}\n{SIGNATURE}\n\n{heads}\n{_body(received)}\n")
    answer.add_alternative(rich, subtype="html")
    return answer.as_bytes()


def apple_mail(received: EmailMessage, *, text: str) -> bytes:
    """Answer from a phone, in plain text alone."""
    name, address = parseaddr(received["From"])
    quoted = "\n".join(f"> {each}" for each in _body(received).splitlines())
    answer = _answer(received, "icloud.com")
    answer["X-Mailer"] = "iPhone Mail (24A335)"
    answer.set_content(
        f"{text}\n\nSent from my iPhone\n\n> On 2 Nov 2026, at 10:00, {name} <{address}> wrote:\n> \n{quoted}\n"
    )
    return answer.as_bytes()


def _answer(received: EmailMessage, domain: str) -> EmailMessage:
    """Return an answer's headers (RFC 5322, 3.6.4)."""
    answer, subject = EmailMessage(), received["Subject"]
    answer["From"] = received["To"]
    answer["To"] = received["Reply-To"] or received["From"]
    answer["Subject"] = subject if subject.lower().startswith("re:") else f"Re: {subject}"
    answer["Message-ID"] = make_msgid(domain=domain)
    answer["In-Reply-To"] = received["Message-ID"]
    answer["References"] = " ".join(filter(None, (received["References"], received["Message-ID"])))
    return answer


def _body(received: EmailMessage) -> str:
    return received.get_body(("plain",)).get_content()


def _lines(text: str) -> str:
    return html.escape(text).replace("\n", "<br>")
