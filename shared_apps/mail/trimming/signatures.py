"""Finds where a message's last words end and its signature, notices and advertisements begin."""

# ruff: noqa: E501, RUF001 - words of many languages, whose letters are wide and look like others

import re

_LONGEST = 400  # of a line worth a closer look
_BESIDE = re.compile(r"<(?:https?|mailto):[^<>]*>|\[(?:cid|image|https?):?[^\[\]]*\]|\(https?:[^()]*\)", re.IGNORECASE)

_DEVICE = (
    r"i ?phone|i ?pad|i ?pod|ios|android|galaxy|samsung|huawei|blackberry|nokia|pixel|oneplus|xiaomi|redmi"
    r"|moto(?:rola)?|htc|sony"
    r"|xperia|lumia|windows|mobile|mobil|handy|smartphone|phone|tablet|kindle|treo|palm|outlook|yahoo|mail|gmail|aol"
    r"|proton|verizon|vodafone|o2|t-mobile|at&t|ee|wireless|device|cyanogen|lte|почт|téléphone|portable|móvil|celular|cellulare"
    r"|telefon|mac"
    r"|macbook|apple|hotmail|thunderbird|zoho|spark|airmail|nine|bluemail|typeapp|fairphone|mailspring|superhuman|front"
)
_SENT_FROM = re.compile(
    rf"(?:sent|written|typed|posted|dictated) (?:from|via|on|by|using|with"
    rf"|through)\b.{{0,50}}\b(?:{_DEVICE})\b.{{0,30}}\Z",
    re.IGNORECASE,
)
_PROSE = re.compile(r"\b(?:is|was|are|were|it|because|but|which|yesterday|today|we)\b", re.IGNORECASE)
_SENT_FROM_JOKE = re.compile(r"sent from (?:my|a|an|the) (?:[\w'’®™-]+ ?){1,6}\Z", re.IGNORECASE)
_SENT_FROM_ABROAD = re.compile(
    rf"(?:(?:envoyé|gesendet|verschickt|diese nachricht wurde|von meinem|enviado|enviada|inviato|verzonden|verstuurd"
    rf"|skickat|skickades|sendt|send fra|lähetetty|wysłan[eo]|отправлено|odesláno|odoslané|poslano|trimis|küldve"
    rf"|anfonwyd"
    rf"|αποστολή|στάλθηκε|надіслано|saadetud)\b.{{0,60}}(?:{_DEVICE}|gesendet)|.{{0,20}}(?:iphone|ipad|android|galaxy)"
    r".{0,20}(?:gönderildi|から送信|傳送|发送|gesendet|에서 보냄)|(?:发自|從我的|发送自|発信|نُ?رسل|أُ?رسلت?|תישלח|נשלח).{0,40}"
    r"(?:iphone|ipad|android|outlook|galaxy)?).{0,40}\Z",
    re.IGNORECASE,
)
_GET_APP = re.compile(
    r"(?:get|download|télécharge[rz]?|obtenir|obtén|obtener|descarg\w+|obter|baix\w+|scarica|ottieni"
    r"|holen sie sich|laden sie"
    r"|hämta|hent|hanki|pobierz|скачать|stáhnout) (?:the |l'|o |il )?(?:new )?(?:outlook|yahoo|aol|gmail|spark"
    r"|bluemail|typeapp)"
    r"\b.{0,40}\Z|outlook (?:für|voor) (?:ios|android|mac)\b.{0,30}\Z|virus-?free\.?.{0,40}\Z",
    re.IGNORECASE,
)
_EXCUSE = re.compile(
    r"(?:please )?(?:excuse|pardon|forgive|apologi[sz]e|apologies for|sorry for|ignore)\b.{0,40}"
    r"\b(?:typos?|brevity|errors?|mistakes|spelling|autocorrect|thumbs)\b.{0,40}\Z",
    re.IGNORECASE,
)
_FOOTER = re.compile(
    r"you (?:received|are receiving|get|got) this (?:message|e-?mail|because you (?:are|were|follow|subscri|asked))"
    r"|to (?:unsubscribe|stop (?:receiving|getting) (?:all |any |these |this |such )?(?:e-?mails?|notif|messages|updates))\b"
    r"|reply to this e-?mail directly|unsubscribe (?:from this|here|:|<http)"
    r"|to (?:respond|reply)[, ].{0,40}(?:visit|reply to this)|visit topic|list (?:archive|info|help)s?:"
    r"|for more options, visit|to view this discussion on the web|manage (?:your )?(?:preferences|notifications)"
    r"|view (?:it|this\b.{0,20}) (?:on|in) (?:github|gitlab|the web|(?:a|your) (?:web )?browser)|mute (?:this|the) thread"
    r"|you can also reply to this|stop these emails:|please consider the environment|p?lease don'?t print this"
    r"|think before you print|(?:this (?:e-?mail|message) (?:was|has been) )?(?:scanned|checked|cleaned) (?:for|by|and)\b"
    r".{0,60}(?:virus|avast|avg|mimecast|sophos)|this (?:e-?mail|message) has been (?:scanned|checked) |avast (?:logo|antivirus)",
    re.IGNORECASE,
)
_LIST = re.compile(r"(?:[\w.@-]+ ){1,3}mailing list\W*\Z|https?://\S*(?:listinfo|unsubscribe)\S*\Z", re.IGNORECASE)
_NOTICE_START = re.compile(
    r"\W*(?:this (?:e-?mail|message|communication|transmission)|the (?:information|contents?|above)\b|confidential"
    r"|disclaimer|legal"
    r"|important(?: notice)?\b|privileged|notice|privacy|e-?mail (?:confidential|disclaimer)|any (?:views"
    r"|opinions)|if you (?:are not|have received|receive)"
    r"|diese (?:e-?mail|nachricht)|ce (?:message|courriel|mail)|este (?:mensaje|correo|e-?mail)|esta mensagem"
    r"|questo messaggio|dit (?:bericht|e-?mailbericht)|deze e-?mail|detta (?:e-?post|meddelande)|neges"
    r"|we (?:have taken|use reasonable)"
    r"|all (?:e-?mails?|communications)|please (?:note|notify)|although|whilst|while|views|registered"
    r"|privacy notice|internet)",
    re.IGNORECASE,
)
_NOTICE_WORD = re.compile(
    r"intended (?:recipient|only|solely|for the)|confidential|privileged|addressee|disclos|unauthori[sz]ed"
    r"|(?:delete|destroy)\b"
    r"|in error|virus|opinions? expressed|views expressed|not the intended|liab(?:le|ility)|registered (?:in"
    r"|office|charity|company)|monitor"
    r"|vertraulich|empfänger|confidentiel|destinataire|confidencial|destinatario|riservat|vertrouwelijk|geadresseerde"
    r"|konfidentiell|attachments?|contravenes|copyright",
    re.IGNORECASE,
)
_INSTITUTION = re.compile(  # what schools, trusts and firms say of themselves below every message
    r".{0,120}\bcommitted to (?:\w+ ){0,2}safeguarding\b.{0,300}(?:share (?:in )?this commitment|staff and volunteers)"
    r"|.{0,200}\b(?:company limited by guarantee|exempt charity)\b.{0,300}\bregistered (?:in|office|address)\b"
    r"|.{0,200}\bregistered (?:in|office|address)\b.{0,200}\b(?:company|charity) (?:registration )?n(?:o|umber)\b"
    r"|.{0,100}\bmy (?:normal )?working (?:hours|days|week|pattern)\b.{0,200}\b(?:reply|respond|response)\b",
    re.IGNORECASE | re.DOTALL,
)
_PICTURE = re.compile(
    r"(?:\[(?:cid:|image|inline image|logo|photo|picture|https?:|[\w .-]{1,60}\.(?:png|jpe?g|gif))[^\[\]]*\]\s*)+\Z",
    re.IGNORECASE,
)

_CLOSINGS = (
    "kind regards|best regards|warm regards|warmest regards|kindest regards|many regards|regards|best wishes"
    "|with best wishes"
    "|kind wishes|many thanks|thanks|thank you|thanks again|thanks in advance|with thanks|thanks and regards"
    "|thanks and kind regards"
    "|many thanks and kind regards|all the best|best|yours|yours sincerely|yours faithfully|yours truly|sincerely"
    "|cheers"
    "|take care|speak soon|cordially|respectfully|kr|rgds|mit freundlichen grüßen|freundliche grüße|viele grüße"
    "|beste grüße"
    "|liebe grüße|gruß|grüße|mfg|vg|lg|cordialement|bien cordialement|bien à vous|merci|saludos|un saludo|atentamente"
    "|saludos cordiales|atenciosamente|obrigado|obrigada|abraços|cordiali saluti|distinti saluti|saluti|grazie"
    "|met vriendelijke groet|met vriendelijke groeten|groeten|groet|mvg|med vänlig hälsning|med vänliga hälsningar|mvh"
    "|vänliga hälsningar|med venlig hilsen|med vennlig hilsen|hilsen|ystävällisin terveisin|terveisin|pozdrawiam"
    "|z poważaniem|с уважением|s pozdravem|üdvözlettel|saygılarımla|cofion|cofion cynnes|cofion gorau|diolch"
    "|gyda diolch"
)
CLOSINGS = frozenset(_CLOSINGS.casefold().split("|"))
_LABEL = re.compile(
    r"\W*(?:tel|telephone|phone|mob|mobile|cell|fax|direct(?: line| dial)?|ext|office|switchboard|main|home"
    r"|e-?mail|web(?:site)?"
    r"|address|skype|twitter|linkedin|facebook|[tmefwpd])\s{0,3}[:.|/)-]",
    re.IGNORECASE,
)
_CONTACT = re.compile(
    r"(?:\+|\(?\b0)\d[\d ().-]{7,18}\d|\(?\b\d{3}\)?[ .-]\d{3}[ .-]\d{4}\b|[^\s<>@]{1,64}@[^\s<>@]{1,255}\.[a-z]|\bwww\.|https?://"
    r"|\b[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}\b"
)
_TELEPHONE = re.compile(r"\b(?:tel|telephone|phone|mob(?:ile|il)?|fax|ext|direct)\b", re.IGNORECASE)
_POSTSCRIPT = re.compile(r"\W*p\.?\s?p?\.?s\b", re.IGNORECASE)
_ITEM = re.compile(r"[-*•]\s|\d{1,2}[.)]\s")
_MOST_LINES = 25  # of a signature
_MOST_STRICT = 60  # of one that begins as RFC 3676 has it


def is_advertisement(text: str) -> bool:
    """Whether a line is what a telephone or a list adds to every message."""
    if len(text) > _LONGEST:
        return False
    bare = _BESIDE.sub("", text).strip(" *_\t>|()[]")
    first, _, second = bare.partition(". ")
    if second and not _EXCUSE.match(second):
        first = bare
    first = first.rstrip(" .!")
    return bool(
        (_SENT_FROM.match(first) and not _PROSE.search(first))
        or _SENT_FROM_JOKE.match(bare)
        or _SENT_FROM_ABROAD.match(bare)
        or _GET_APP.match(bare)
        or _EXCUSE.match(bare)
        or _PICTURE.match(text)
        or _FOOTER.match(bare)
    )


def is_closing(text: str) -> bool:
    """Whether a line says goodbye, alone or before a name."""
    words = text.strip(" ,.!;*_-–—/\t").casefold()
    return len(words) < 60 and (
        words in CLOSINGS or (words.split(",")[0].strip() in CLOSINGS and len(words.split()) <= 6)
    )


def is_contact(text: str) -> bool:
    """Whether a line tells how to reach somebody."""
    if len(text) > _LONGEST:
        return False
    has_telephone = bool(_TELEPHONE.search(text)) and any(char.isdigit() for char in text)
    return bool(_LABEL.match(text) or _CONTACT.search(text) or has_telephone)


def is_sentence(text: str) -> bool:
    """Whether a line is more likely prose than part of a signature."""
    if _POSTSCRIPT.match(text):
        return True
    words = text.split()
    return (len(words) >= 5 and text.rstrip(" *_)").endswith((".", "?", "!")) and not is_contact(text)) or len(
        words
    ) > 25


def is_notice(paragraph: list[str]) -> bool:
    """Whether a paragraph is the lawyers'."""
    text = " ".join(paragraph)[:3_000]
    if len(text) < 600 and _INSTITUTION.match(text):
        return True
    return bool(_NOTICE_START.match(text)) and len({word[0].lower() for word in _NOTICE_WORD.finditer(text)}) >= 2


def looks_like_signature(lines: list[str]) -> bool:
    """Whether the lines after a rule are a name and what goes with it."""
    return len(lines) <= 10 and all(len(line) < 90 and not is_sentence(line) for line in lines)


def last_words(lines: list[str], end: int, author: str = "") -> int:
    """Return where the author's own words end, in stripped lines before `end`: one step, or `end` itself."""
    for step in (_after_rule, _before_advertisement, _before_notice, _after_name):
        found = step(lines, end)
        if found < end:
            return found
    return _after_own_name(lines, end, author) if author else end


def _tail(lines: list[str], end: int, most: int) -> list[int]:
    """Indexes of the last lines that are not blank, the last first."""
    found: list[int] = []
    index = end - 1
    lowest = max(0, end - 4 * most)
    while index >= lowest and len(found) <= most:
        if lines[index]:
            found.append(index)
        index -= 1
    return found


def _after_rule(lines: list[str], end: int) -> int:
    """A signature below `--`, a line of underscores, or another rule."""
    best = end
    for count, index in enumerate(_tail(lines, end, _MOST_STRICT)):
        line = lines[index]
        if line in ("--", "—", "––", "- -"):
            if count <= _MOST_LINES and not _goes_on([text for text in lines[index + 1 : end] if text]):
                best = index
        elif is_rule(line) and count <= _MOST_LINES and not _underlines(lines, index):
            best = index if _belongs(line, [text for text in lines[index + 1 : end] if text]) else best
    return best


def _goes_on(below: list[str]) -> bool:
    """Whether what follows two dashes is the rest of the message after all: a postscript, or prose."""
    sentences = sum(is_sentence(line) for line in below)
    return any(_POSTSCRIPT.match(line) for line in below) or (
        sentences >= 3 and not any(_NOTICE_WORD.search(line) or is_advertisement(line) for line in below)
    )


def _underlines(lines: list[str], index: int) -> bool:
    """Whether a rule makes a heading of the line above it."""
    above = lines[index - 1] if index else ""
    return bool(above) and not is_rule(above) and abs(len(above) - len(lines[index])) <= 3


def is_rule(line: str) -> bool:
    """Whether a line consists of the characters people draw lines with."""
    return len(line) >= 2 and line[0] in "-_=*#~+–—―─" and not line.strip("-_=*#~+–—―─ ")


def _belongs(rule: str, below: list[str]) -> bool:
    if any(is_advertisement(line) or _LIST.match(line) for line in below[:3]):
        return True
    if rule.startswith("_____"):
        return len(below) <= 6 and sum(map(len, below)) <= 400 and not any(map(is_sentence, below))
    is_name = rule[0] in "-–—" and bool(below) and len(below[0].split()) <= 5 and ":" not in below[0]
    return (is_name and looks_like_signature(below) and any(is_contact(line) for line in below)) or is_notice(below)


def _before_advertisement(lines: list[str], end: int) -> int:
    tail = _tail(lines, end, 3)
    if not tail:
        return end
    if is_advertisement(lines[tail[0]]):
        return tail[0]
    # wrapped over two lines
    if len(tail) > 1 and tail[0] - tail[1] == 1 and is_advertisement(f"{lines[tail[1]]} {lines[tail[0]]}"):
        starts_it = len(tail) < 3 or tail[1] - tail[2] > 1
        return tail[1] if starts_it and lines[tail[1]].lower().startswith(("sent ", "to ", "you ")) else end
    return end


def _before_notice(lines: list[str], end: int) -> int:
    start = end
    while start > 0 and lines[start - 1] and end - start < 60:
        start -= 1
    return start if start < end and is_notice(lines[start:end]) else end


def _after_name(lines: list[str], end: int) -> int:
    """Keep a closing and its name; what stands below them is how to reach that person."""
    tail = _tail(lines, end, _MOST_LINES)
    for count, index in enumerate(tail):
        if not is_closing(lines[index]):
            continue
        below = tail[:count][::-1]
        if not below:
            return end
        has_name = len(lines[index].split(",")) > 1 and bool(lines[index].split(",")[1].strip())
        rest = below if has_name else below[1:]
        return rest[0] if rest and not has_prose(lines, rest) and any(is_contact(lines[at]) for at in rest) else end
    return end


def _after_own_name(lines: list[str], end: int, author: str) -> int:
    """Keep the sender's name, as From says it; a few short lines below it are who and where they are."""
    tail = _tail(lines, end, 8)
    for count, index in enumerate(tail):
        name = re.split(r" ?[|,(–—]| - ", lines[index], maxsplit=1)[0]
        below = tail[:count]
        if name_words(name) != name_words(author) or (index and lines[index - 1].endswith(":")):
            continue
        is_signature = bool(below) and looks_like_signature([lines[at] for at in below])
        return below[-1] if is_signature and not any(_ITEM.match(lines[at]) for at in below) else end
    return end


def name_words(name: str) -> frozenset[str]:
    """The words of a name in any order, without what stands in brackets: "Tate, Lorraine (Elm)"."""
    return frozenset(re.findall(r"[^\W\d_]+", re.sub(r"\([^()]*\)", "", name[:200]).casefold()))


def has_prose(lines: list[str], indexes: list[int]) -> bool:
    """Whether some of the lines are sentences."""
    return any(is_sentence(lines[index]) or len(lines[index]) > 160 for index in indexes)
