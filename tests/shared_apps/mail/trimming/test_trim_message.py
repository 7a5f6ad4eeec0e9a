"""What is shown of whole messages, whose HTML may know more than their text."""

# ruff: noqa: E501 - HTML as programs write it

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared_apps.mail.reading import read_message
from shared_apps.mail.trimming import trim_message

QUOTED = "<div>Which firm?</div>"
HTML = {
    "gmail": (
        '<div dir="ltr">Acme, at £400.</div><br><div class="gmail_quote gmail_quote_container"><div dir="ltr" '
        'class="gmail_attr">Ar 12 Tach 2025, Jane &lt;<a href="mailto:jane@elm.example">jane@elm.example</a>&gt;<br>'
        '</div><blockquote class="gmail_quote" style="margin:0px 0px 0px 0.8ex;border-left:1px solid rgb(204,204,204)">'
        f"{QUOTED}</blockquote></div>"
    ),
    "gmail signature": (
        '<div dir="ltr">Acme, at £400.<div><br></div><div dir="ltr" class="gmail_signature" '
        'data-smartmail="gmail_signature"><div>Rob Casey</div><div>Oakfield</div></div></div>'
    ),
    "outlook": (
        '<html><head><style>p.MsoNormal {margin:0}</style></head><body><div class="WordSection1"><p class="MsoNormal">Acme, '
        'at £400.<o:p></o:p></p><p class="MsoNormal"><o:p>&nbsp;</o:p></p><div style="border:none;border-top:solid #E1E1E1 '
        '1.0pt;padding:3.0pt 0cm 0cm 0cm"><p class="MsoNormal"><b>Saatja:</b> Jane<br><b>Kuupäev:</b> 12<o:p></o:p></p></div>'
        f"<p>{QUOTED}</p></div></body></html>"
    ),
    "outlook web": (
        '<div class="elementToProof">Acme, at £400.</div><div id="Signature"><p>Rob</p></div><div id="appendonsend"></div>'
        '<hr style="display:inline-block;width:98%" tabindex="-1"><div id="divRplyFwdMsg" dir="ltr"><font face="Calibri">'
        f"<b>Saatja:</b> Jane</font></div>{QUOTED}"
    ),
    "apple": (
        '<html><body dir="auto">Acme, at £400.<br><br><div dir="ltr">Sent from my iPhone</div><div dir="ltr"><br><blockquote '
        f'type="cite">On 12 Nov 2025, at 09:14, Jane &lt;jane@elm.example&gt; wrote:<br><br></blockquote></div>'
        f'<blockquote type="cite"><div dir="ltr">{QUOTED}</div></blockquote></body></html>'
    ),
    "yahoo": (
        '<div class="ydp1"><div dir="ltr">Acme, at £400.</div></div><div id="ydp2yahoo_quoted_1" class="yahoo_quoted"><div>'
        f"<div>Ar 12, Jane:</div><div><br></div>{QUOTED}</div></div>"
    ),
    "proton": (
        '<div style="font-family: Arial">Acme, at £400.</div><div class="protonmail_signature_block"><div>Sent with Proton '
        'Mail</div></div><div class="protonmail_quote">Ar 12, Jane &lt;jane@elm.example&gt;:<br><blockquote '
        f'class="protonmail_quote" type="cite">{QUOTED}</blockquote></div>'
    ),
    "thunderbird": (
        '<p>Acme, at £400.</p><div class="moz-cite-prefix">12.11.2025 09:14, Jane:<br></div><blockquote type="cite" '
        f'cite="mid:1@elm.example">{QUOTED}</blockquote>'
    ),
    "samsung": (
        '<div dir="auto">Acme, at £400.</div><div id="composer_signature" dir="auto">Sent from my Galaxy</div><div><br></div>'
        '<div dir="auto"><!-- originalMessage --><div>-------- Original message --------</div><div>From: Jane '
        f"&lt;jane@elm.example&gt; </div><div>Date: 12/11/2025 09:14 </div><div>To: a@b.example </div>{QUOTED}</div>"
    ),
}


def shown(body: str, *, html: bool = True) -> str:
    kind = "html" if html else "plain"
    raw = f"From: rob@oakfield.example\r\nContent-Type: text/{kind}; charset=utf-8\r\n\r\n{body}"
    return trim_message(read_message(raw.encode())).shown


@pytest.mark.parametrize("program", HTML)
def test_trim_message_knows_the_html_of(program):
    assert shown(HTML[program]) == "Acme, at £400."


def test_trim_message_keeps_answers_between_quotes_of_html():
    body = (
        '<div dir="ltr"><div class="gmail_quote"><div class="gmail_attr">On Wed, 12 Nov 2025 at 09:14, Jane &lt;jane@elm.'
        'example&gt; wrote:<br></div><blockquote class="gmail_quote"><div>Which firm?</div></blockquote><div>Acme.</div>'
        '<blockquote class="gmail_quote"><div>What price?</div></blockquote><div>£400.</div><blockquote class="gmail_quote">'
        "<div>Thank you</div></blockquote></div></div>"
    )

    assert shown(body) == "> Which firm?\n\nAcme.\n\n> What price?\n\n£400."


def test_trim_message_shows_what_is_sent_for_information_by_outlook():
    body = (
        '<div>FYI</div><hr><div id="divRplyFwdMsg"><b>From:</b> Council &lt;c@council.example&gt;<br><b>Sent:</b> 2 June 2025 '
        "12:15<br><b>To:</b> Bev<br><b>Subject:</b> Closure</div><p>The road is closed on Friday.</p>"
    )

    assert shown(body) == "The road is closed on Friday."


def test_trim_message_keeps_lists_apart_from_what_follows():
    body = "<div>You need:</div><ul><li>Heat<ul><li>boiler</li></ul></li></ul><ol><li>ask</li><li>sign</li></ol><div>Easy.</div>"

    assert shown(body) == "You need:\n\n- Heat\n  - boiler\n\n1. ask\n2. sign\n\nEasy."


@pytest.mark.parametrize(
    "sender", ['"Casey, Rob (Oakfield)" <rob@oakfield.example>', "Rob Casey <rob@oakfield.example>"]
)
def test_trim_message_knows_its_senders_signature_by_their_name(sender):
    raw = f"From: {sender}\n\nAcme, at £400.\n\nRob Casey | Office Manager\nOakfield Primary School\n"

    assert trim_message(read_message(raw.encode())).shown == "Acme, at £400.\n\nRob Casey | Office Manager"


def test_trim_message_keeps_somebody_elses_address():
    raw = "From: Rob Casey <rob@oakfield.example>\n\nTry her.\n\nJane Smith\nSales Manager\n01234 567890\n"

    assert trim_message(read_message(raw.encode())).shown == raw.partition("\n\n")[2].rstrip()


def test_trim_message_shows_a_forwarded_message_of_html():
    body = (
        '<div dir="ltr"><br><br><div class="gmail_quote"><div dir="ltr" class="gmail_attr">---------- Forwarded message '
        "---------<br>From: Planning &lt;p@council.example&gt;<br>Date: Wed, 12 Nov 2025<br>Subject: Your fence<br>To: "
        "&lt;rob@oakfield.example&gt;<br></div><br><br><div>You may build it.</div></div></div>"
    )

    assert shown(body) == "You may build it."


def test_trim_message_prefers_the_html_where_the_text_does_not_say_where_the_quote_begins():
    raw = (
        "From: rob@oakfield.example\r\nContent-Type: multipart/alternative; boundary=x\r\n\r\n--x\r\nContent-Type: text/plain; "
        "charset=utf-8\r\n\r\nAcme, at £400.\r\n\r\nSaatja: Jane\r\n\r\nWhich firm?\r\n--x\r\nContent-Type: text/html; "
        f"charset=utf-8\r\n\r\n{HTML['outlook web']}\r\n--x--\r\n"
    )

    assert trim_message(read_message(raw.encode())).shown == "Acme, at £400."


def test_trim_message_does_not_take_a_footer_for_the_message():
    raw = (
        "From: rob@oakfield.example\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\nContent-Type: text/plain; "
        "charset=utf-8\r\n\r\nAcme, at £400.\r\n--x\r\nContent-Type: text/html\r\n\r\n<p>Scanned</p>\r\n--x--\r\n"
    )

    assert trim_message(read_message(raw.encode())).shown == "Acme, at £400.\n\nScanned"


def test_trim_message_keeps_indented_words_of_html():
    body = '<div>One</div><blockquote style="margin:0 0 0 40px;border:none;padding:0px"><div>Two</div></blockquote>'

    assert shown(body) == "One\n\nTwo"


def test_trim_message_survives_html_that_hides_everything():
    assert shown('<div style="display:none">Words</div>') == "Words"
    assert shown('<div class="gmail_signature">Words</div>') == "Words"
    assert shown("<div id=divRplyFwdMsg></div>Words") == "Words"


@settings(max_examples=200, deadline=None)
@given(st.binary())
def test_trim_message_never_raises(raw):
    for head in (b"", b"From: a@b.c\n", b"Content-Type: text/html\n\n", b"Content-Type: multipart/mixed; boundary="):
        trim_message(read_message(head + raw))


@settings(max_examples=300, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                *"<>/=\"' &;-!",
                *("<div", "<blockquote>", "</", "<!--", "-->", "<style>", "&#x", "class=gmail_quote", "words"),
            ]
        )
    ).map("".join)
)
def test_trim_message_never_raises_for_html(html):
    shown(html)


@pytest.mark.parametrize(
    "unit",
    [
        *(
            ">",
            "On ",
            " ",
            "-",
            "<",
            "<a",
            "<a ",
            "<b><p>",
            "<div>",
            "</div>",
            "<!--",
            "<style>",
            "&#",
            "&#1",
            "<ul><li>",
        ),
        *(
            "<blockquote>",
            '<a href="',
            "<a '",
            "<td>x",
            "=?a?q?",
            "\n",
            "\xff",
            "<p class=gmail_quote>x",
            "<hr>",
            "a=20\n",
        ),
        *('<div class="gmail_signature">x</div>', "<div class=gmail_quote>x<blockquote>y</blockquote></div>\n", "<br>"),
    ],
)
def test_trim_message_is_fast_whatever_it_gets(unit):
    megabyte = (unit.encode() * (1_000_000 // len(unit) + 1))[:1_000_000]

    for head in (
        *(b"", b"From: a@b.c\n\n", b"From: a@b.c\nContent-Type: text/html\n\n", b"Subject: ", b"References: "),
        b"From: a@b.c\nContent-Type: multipart/mixed; boundary=",
    ):
        started = time.process_time()
        trim_message(read_message(head + megabyte))

        assert time.process_time() - started < 1.5, head  # a slow machine's second


def test_trim_message_is_fast_with_parts_a_thousand_deep():
    heads = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (at, at) for at in range(1_000))
    raw = b"From: a@b.c\n" + heads + b"\nHello\n" + b"x" * 1_000_000
    started = time.process_time()

    trim_message(read_message(raw))

    assert time.process_time() - started < 1
