"""What is read from raw messages, good and broken."""

# ruff: noqa: E501 - HTML as programs write it

import base64
from datetime import UTC, datetime
from textwrap import dedent

from shared_apps.mail.reading import MailAttachment, MailMessage, read_message


def message(source: str) -> bytes:
    return dedent(source).lstrip("\n").replace("\n", "\r\n").encode()


def test_read_message_reads_headers():
    read = read_message(
        message("""
        From: =?utf-8?q?J=C3=B6rg?= Smith <J.Smith@Oakfield.example>
        To: "Solar, panels" <solar+7@alder.example>, jo@b.example
        Cc: Jo <jo@b.example>
        Subject: =?utf-8?B?SGVsbG8g?=
         =?utf-8?B?V29ybGQ=?=
        Date: Thu, 20 Nov 2025 10:00:00 +0100
        Message-ID: <a@b>
        In-Reply-To: <root@alder.example>
        References: <root@alder.example>
         <second@alder.example>

        Yes.
        """)
    )

    assert (read.from_name, read.from_address) == ("Jörg Smith", "j.smith@oakfield.example")
    assert read.to == ("solar+7@alder.example", "jo@b.example")
    assert read.subject == "Hello World"
    assert read.date == datetime(2025, 11, 20, 9, tzinfo=UTC)
    assert (read.message_id, read.in_reply_to) == ("<a@b>", "<root@alder.example>")
    assert read.references == ("<root@alder.example>", "<second@alder.example>")
    assert read.text == "Yes."
    assert read.headers["references"] == "<root@alder.example> <second@alder.example>"


def test_read_message_prefers_plain_text_and_keeps_html():
    read = read_message(
        message("""
        From: a@b.example
        Content-Type: multipart/alternative; boundary="x"

        --x
        Content-Type: text/plain; charset=utf-8

        Plain.
        --x
        Content-Type: text/html

        <p>Rich.</p>
        --x--
        """)
    )

    assert (read.text, read.html, read.attachments) == ("Plain.", "<p>Rich.</p>", ())


def test_read_message_turns_html_into_text():
    read = read_message(
        message("""
        From: a@b.example
        Content-Type: text/html

        <html><head><title>No</title><style>p { color: red }</style></head><body>
        <p>Dear <b>all</b>,</p><p>Two&nbsp;ways &amp; more:</p>
        <ol><li>Ask <a href="https://dfe.example/help">the department</a><li>Wait</ol>
        <table><tr><td>Solar</td><td>£4,000</td></tr><tr><td>Wind</td><td>&pound;9,000</td></tr></table>
        <blockquote type="cite"><div>Which one?</div></blockquote>
        <script>alert(1)</script><!-- never --></body></html>
        """)
    )

    assert read.text == (
        "Dear all,\n\nTwo ways & more:\n\n1. Ask the department <https://dfe.example/help>\n2. Wait\n\n"
        "Solar | £4,000\nWind | £9,000\n\n> Which one?"
    )


def test_read_message_uses_html_where_the_plain_part_only_says_so():
    read = read_message(
        message("""
        From: a@b.example
        Content-Type: multipart/alternative; boundary=x

        --x

        This message requires HTML.
        --x
        Content-Type: text/html

        Rich.
        --x--
        """)
    )

    assert read.text == "Rich."


def test_read_message_finds_attachments():
    picture = base64.b64encode(b"\x89PNG").decode()
    read = read_message(
        message(f"""
        From: a@b.example
        Content-Type: multipart/mixed; boundary=x

        --x
        Content-Type: text/plain

        See the quote.
        --x
        Content-Type: image/png; name="old.png"
        Content-Disposition: attachment; filename*0*=utf-8''Angebot%20f;
         filename*1*=%C3%BCr%20uns.png
        Content-Transfer-Encoding: base64

        {picture}
        --x
        Content-Type: application/ms-tnef; name=winmail.dat
        Content-Transfer-Encoding: base64

        AAAA
        --x
        Content-Type: text/calendar; method=REQUEST

        BEGIN:VCALENDAR
        --x
        Content-Type: message/rfc822

        Subject: Inside

        Hidden words
        --x
        Content-Type: text/csv; name="../../prices.csv"
        Content-Disposition: attachment

        a,b
        --x--
        """)
    )

    assert read.text == "See the quote."
    assert read.attachments == (
        MailAttachment("Angebot für uns.png", "image/png", b"\x89PNG"),
        MailAttachment("invitation.ics", "text/calendar", b"BEGIN:VCALENDAR"),
        MailAttachment("message.eml", "message/rfc822", b"Subject: Inside\r\n\r\nHidden words"),
        MailAttachment("prices.csv", "text/csv", b"a,b"),
    )


def test_read_message_joins_flowed_lines():
    read = read_message(
        b"From: a@b.example\nContent-Type: text/plain; format=flowed\n\n"
        b"We asked three \nfirms.\n> Which \n> ones?\n-- \nJo\n"
    )

    assert read.text == "We asked three firms.\n> Which ones?\n-- \nJo"


def test_read_message_reads_any_character_set():
    for charset, content in [
        ("iso-8859-1", "“Café”".encode("cp1252")),
        ("no-such-set", "“Café”".encode()),
        ("us-ascii", "“Café”".encode()),
        ("utf-8", "“Café”".encode("cp1252")),
        ("punycode", "“Café”".encode()),
    ]:
        raw = b"From: a@b.example\nContent-Type: text/plain; charset=" + charset.encode() + b"\n\n" + content

        assert read_message(raw).text == "“Café”", charset


def test_read_message_decodes_transfer_encodings_and_survives_their_damage():
    for encoding, content, text in [
        ("quoted-printable", b"Caf=C3=A9 =\nnow =XY", "Café now =XY"),
        ("base64", base64.b64encode("Café now!".encode()).rstrip(b"=") + b"!!", "Café now!"),
        ("7bit", b"x" * 70 + b"=\ny caf=C3=A9=20\n", "x" * 70 + "y café "),
    ]:
        raw = b"From: a@b.example\nContent-Transfer-Encoding: " + encoding.encode() + b"\n\n" + content

        assert read_message(raw).text.replace("\n", "") == text, encoding


def test_read_message_takes_bytes_without_headers_as_text():
    assert read_message(b"Just words: no headers\n\nAt all").text == "Just words: no headers\n\nAt all"
    assert read_message(b"").text == ""
    assert read_message(b"\x00\xff\xfe").text == "ÿþ"


def test_read_message_reads_one_message_of_an_mbox():
    read = read_message(b"From jo@b.example Mon Jan  1 00:00:00 2024\nFrom: jo@b.example\nSubject: Hi\n\nHello\n")

    assert (read.subject, read.text) == ("Hi", "Hello")


def test_read_message_knows_automatic_messages():
    for header in (
        "Auto-Submitted: auto-replied",
        "X-Autoreply: yes",
        "Precedence: auto_reply",
        "Subject: Automatic reply: Solar panels",
        "Subject: Out of Office: Re: Solar",
        "Subject: =?utf-8?q?R=C3=A9ponse_automatique_=3A_Solar?=",
        "Content-Type: multipart/report; report-type=disposition-notification; boundary=x",
        "Return-Path: <>",
        "Precedence: bulk",
        "Precedence: bulk\nX-Loop: away@elm.example",
        "Content-Type: text/calendar; method=REPLY",
    ):
        assert read_message(f"From: a@b.example\n{header}\n\nHello".encode()).is_auto, header


def test_read_message_takes_no_person_for_a_program():
    for header in (
        "Auto-Submitted: no",
        "Precedence: list",
        "Precedence: bulk\nList-Id: <sbm.lists.example>",
        "Precedence: bulk\nReturn-Path: <owner-sbm@lists.example>",
        "Precedence: bulk\nSender: sbm-bounces+jo=elm.example@lists.example",
        "X-Auto-Response-Suppress: All",
        "Subject: Out of office cover for finance",
        "Subject: Automatic doors",
        "Subject: Undeliverable mail from the council",
    ):
        read = read_message(f"From: a@b.example\n{header}\n\nHello".encode())

        assert (read.is_auto, read.is_bounce) == (False, False), header


def test_read_message_reads_bounces():
    read = read_message(
        message("""
        Return-Path: <>
        From: MAILER-DAEMON@mx.example
        Subject: Undelivered Mail Returned to Sender
        Auto-Submitted: auto-replied
        Content-Type: multipart/report; report-type=delivery-status; boundary=x

        --x

        I could not deliver it.
        --x
        Content-Type: message/delivery-status

        Reporting-MTA: dns; mx.example

        Final-Recipient: rfc822; Gone@school.example
        Action: failed
        Status: 5.1.1

        Final-Recipient: rfc822; full@school.example
        Action: failed
        Status: 4.2.2

        Final-Recipient: rfc822; slow@school.example
        Action: delayed
        Status: 4.4.1

        Final-Recipient: rfc822; fine@school.example
        Action: delivered
        Status: 2.0.0
        --x
        Content-Type: message/rfc822

        Subject: Ours

        Hello
        --x--
        """)
    )

    assert (read.is_bounce, read.is_auto) == (True, False)
    assert read.bounced == (
        ("gone@school.example", True),
        ("full@school.example", False),
        ("slow@school.example", False),
    )


def test_read_message_reads_bounces_of_old_servers():
    exim = read_message(b"From: Mailer-Daemon@mx.example\nX-Failed-Recipients: gone@school.example\n\nSorry")
    qmail = read_message(
        b"Return-Path: <>\nFrom: MAILER-DAEMON@mx.example\nSubject: failure notice\n\n<gone@school.example>:\nNo."
    )

    assert exim.bounced == qmail.bounced == (("gone@school.example", True),)


def test_read_message_of_nothing_is_empty():
    assert read_message(b"") == MailMessage(headers=read_message(b"").headers)


def test_read_message_reads_what_word_makes_of_lists_tables_and_lines():
    read = read_message(
        message("""
        From: a@b.example
        Content-Type: text/html; charset=utf-8

        <html xmlns:o="urn:x"><head><style><!-- p.MsoNormal {margin:0cm} --></style><!--[if gte mso 9]><xml>No</xml>
        <![endif]--></head><body><p class="MsoNormal"><span>Hi Jane,<o:p></o:p></span></p>
        <p class="MsoNormal"><o:p>&nbsp;</o:p></p><p class="MsoNormal">Prices:<o:p></o:p></p>
        <p class="MsoListParagraph"><![if !supportLists]><span>&middot;<span>&nbsp;&nbsp; </span></span><![endif]>Acme</p>
        <p class="MsoListParagraph"><![if !supportLists]><span>&middot;<span>&nbsp;&nbsp; </span></span><![endif]>Bolt</p>
        <table><tr><td><p class="MsoNormal">Firm</p></td><td><p class="MsoNormal">Price</p></td></tr>
        <tr><td>Acme<td>£400</table><p class="MsoNormal">Kind regards</p></body></html>
        """)
    )

    assert read.text == "Hi Jane,\n\nPrices:\n- Acme\n- Bolt\n\nFirm | Price\nAcme | £400\n\nKind regards"


def test_read_message_reads_pages_laid_out_as_tables():
    read = read_message(
        b"Content-Type: text/html\n\n<table><tr><td><div>Hello</div><div>World</div></td><td>beside</td></tr></table>after"
    )

    assert read.text == "Hello\nWorld\nbeside\n\nafter"
