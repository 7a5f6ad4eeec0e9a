"""What mail programs write around other people's words, in the languages they speak."""

# ruff: noqa: E501, RUF001 - words of many languages, whose letters are wide and look like others

import re

# Names of headers in the block that Outlook and others put above the message they answer.
_HEADERS = {
    "from": "from|từ|šalje|no|nuo|dari|von|de|da|van|från|fra|od|от|от кого|від|lähettäjä|kimden|gönderen|feladó|发件人|寄件者|寄件人|差出人"
    "|送信者|보낸 사람|보낸사람|από|expéditeur|remitente|mittente|afzender|saatja|מאת|من|oddi wrth|oddiwrth|de la|od koho",
    "date": "sent|đã gửi|poslano|nosūtīts|išsiųsta|dikirim|enviat|bidalia|отправлен|date|gesendet|datum|envoyé|envoyé le|date d'envoi|enviado|enviado el|enviada|enviada em"
    "|enviado em|data"
    "|inviato|verzonden|skickat|sendt|dato|lähetetty|päivämäärä|päiväys|wysłano|wysłane|отправлено|дата|надіслано"
    "|odesláno|odoslané|gönderildi|gönderme tarihi|tarih|elküldve|küldve|dátum|发送时间|發送時間|寄件日期|日期|时间|送信日時"
    "|日時|날짜|보낸 날짜|στάλθηκε|ημερομηνία|fecha|anfonwyd|dyddiad|trimis|изпратено|saadetud|נשלח|تاريخ|أرسلت|sent at",
    "to": "to|đến|prima|za|kam|kepada|per a|nori|adressaat|an|à|a|para|aan|till|til|do|dla|кому|до|komu|kime|alıcı|címzett|收件人|收件者|宛先|받는 사람|받는사람|προς"
    "|vastaanottaja|destinataire|destinatario|at|către|אל|إلى|pre|saaja",
    "subject": "subject|chủ đề|zadeva|tēma|tema|subjek|assumpte|gaia|betreff|objet|asunto|assunto|oggetto|onderwerp|ämne|emne|aihe|otsikko|temat|тема|předmět"
    "|predmet|konu|tárgy|主题|主旨|主題|件名|제목|θέμα|pwnc|testun|subiect|относно|teema|נושא|الموضوع|sujet",
    "other": "cc|bcc|kopie|kopia|copia|copie|copie à|cópia|kopi|reply-to|reply to|répondre à|antwort an|importance"
    "|attachments|anlagen|organization|priority|sent by|копия|抄送|副本|参照|ccn|gopi|wichtigkeit|responder a|resent-from",
}
HEADER_KINDS = {name: kind for kind, names in _HEADERS.items() for name in names.split("|")}
LONGEST_HEADER_NAME = max(map(len, HEADER_KINDS))

# One line with all of it, as programs that lose line ends make of the block.
FLAT_HEADERS = re.compile(
    r"(?:from|von|de|da|van):\s.{1,200}\s(?:sent|date|gesendet|envoyé|enviado|inviato|verzonden):\s.{1,200}"
    r"\s(?:to|an|à|para|a|aan):\s.{1,300}\s(?:subject|betreff|objet|asunto|oggetto|onderwerp):",
    re.IGNORECASE,
)

ORIGINAL = re.compile(
    r"(?:original|reply) (?:message|appointment|e-?mail)|e?-?mail original|original[- ]nachricht|originalnachricht|antwort nachricht|ursprüngliche (?:nachricht"
    r"|e-mail)"
    r"|message d'origine|message original|message initial|courriel original|mensaje original"
    r"|mensagem original|messaggio originale|oorspronkelijk bericht|origineel bericht|ursprungligt meddelande"
    r"|originalmeddelande|oprindelig (?:meddelelse|besked)|opprinnelig melding|alkuperäinen viesti"
    r"|(?:oryginalna wiadomość|wiadomość oryginalna)|исходное сообщение|оригинальное сообщение|původní (?:zpráva"
    r"|e-mail)"
    r"|pôvodná správa|eredeti üzenet|or[ij]+inal (?:mesaj|ileti)|mesaj original|原始邮件|原始郵件|元のメッセージ|원본 메시지"
    r"|αρχικό μήνυμα|neges wreiddiol|algne kiri|הודעה מקורית|الرسالة الأصلية",
    re.IGNORECASE,
)
ORIGINAL_AND_MORE = re.compile(r"-{3,12} ?([^-]{8,40}?) ?-{3,12}\s?\S", re.IGNORECASE)
FORWARD = re.compile(
    r"forwarded (?:message|by|e-?mail)|begin forwarded message|weitergeleitete nachricht|weitergeleitet von"
    r"|anfang der weitergeleiteten|message transféré|message transmis|message réexpédié|mensaje reenviado"
    r"|mensagem (?:encaminhada|reencaminhada)|messaggio inoltrato|doorgestuurd bericht|vidarebefordrat"
    r"|videresendt|välitetty viesti|wiadomość przekazana|przekazana dalej|przesłana wiadomość|пересылаемое сообщение"
    r"|пересланное сообщение|přeposlaná zpráva|přeposlaný|továbbított|iletilen|转发的?邮件|轉寄|転送され?たメッセージ"
    r"|전달된 메시지|προωθημένο|wedi'i anfon ymlaen|הודעה שהועברה|رسالة معاد توجيهها",
    re.IGNORECASE,
)
FORWARD_ALONE = re.compile(
    r"(?:begin forwarded message|anfang der weitergeleiteten (?:nachricht|e-mail)|début du message (?:transféré"
    r"|réexpédié)"
    r"|inicio del mensaje reenviado|início da mensagem (?:encaminhada|reencaminhada)|inizio messaggio inoltrato"
    r"|begin doorgestuurd bericht|vidarebefordrat (?:brev|mejl)|start på videresendt|početak|początek przekazywanej"
    r"|начало переадресованного сообщения)[^:]{0,30}:",
    re.IGNORECASE,
)
ABOVE_LINE = re.compile(
    r"\b(?:reply|respond|answer|antworten|antwort|répon\w+|respond\w+|respuesta|antwoord|resposta|risposta)\b.{0,60}"
    r"\b(?:above this line|above the line|over this line|über dieser (?:linie|zeile)|au-dessus de cette ligne"
    r"|encima de esta línea|boven deze regel|acima desta linha|sopra questa (?:linea|riga))",
    re.IGNORECASE,
)
HIDE_DETAILS = re.compile(r"(?:inactive )?hide details for\b", re.IGNORECASE)

# The verb of "On such a day somebody wrote:".
WROTE = re.compile(
    r"\bwrote\b|wrote\s*:|\bsent\s?:\Z|\bwrites\b|\ba écrit\b|\bà écrit\b|\bécri(?:t|vait)\b|\bschrieb|\bgeschrieben\b"
    r"|\bhat\b.{0,40}\bgeschrieben\b"
    r"|\bescribió\b|\bescribio\b|\bescreveu\b|\bha scritto\b|\bscrisse\b|\bha escrit\b|\bva escriure\b|\bgeschreven\b"
    r"|\bschreef\b|\bskrev\b|\bskreiv\b|\bskrifaði\b|\bnapisał\w*|\bpisze\b|\bnapsal\w*|\bnapísal\w*"
    r"|\bнаписа[лв]\w*|\bпишет\b|\bпише\b"
    r"|\bпользователь\b|\bkirjoitti\b|\byazdı\b|\bírta\b|\bnapisao\b|\bje napisal\w*|\ba scris\b|\bέγραψε\b"
    r"|\bkirjutas\b"
    r"|\brašė\b|\brakstīja\b|\bysgrifennodd\b|\bmenulis\b|\bđã viết\b|\bviết\b|写道|寫道|さんは書きました|のメール|님이 (?:작성|쓴)"
    r"|כתב|كتب|تمت كتابة|\bescriu\b|\bidatzi\b|\bescribiu\b",
    re.IGNORECASE,
)
INTRO = re.compile(
    r"(?:\*{0,2})(?:on|at|in|le|am|el|em|il|il giorno|op|den|dnia|w dniu|dne|dňa|pe|la|ar|a|an|em|na|în data de|am|kl"
    r"|(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?|lun(?:di|es|edì)?|mar(?:di|tes|tedì)?"
    r"|mer(?:credi)?"
    r"|mi[ée]rcoles|mi[ée]|mercoledì|jeu(?:di)?|jueves|jue|giovedì|gio|ven(?:dredi|erdì)?|viernes|vie|sam(?:edi)?"
    r"|sábado"
    r"|sabato|dim(?:anche)?|domingo|dom(?:enica)?|montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonntag|maandag"
    r"|dinsdag|woensdag|donderdag|vrijdag|zaterdag|zondag|ma|di|wo|do|vr|za|zo|mån|tis|ons|tors?|fre|lör|sön|man"
    r"|tir|lør"
    r"|søn|ti|ke|to|pe|su|pon|wt|śr|czw|pt|sob|niedz|po|út|st|čt|pá|so|ne|seg|ter|qua|qui|sex|sáb|segunda|terça|quarta"
    r"|quinta|sexta|понедельник|вторник|среда|среду|четверг|пятница|пятницу|суббота|воскресенье|пн|вт|ср|чт|пт|сб"
    r"|вс|vào|στις"
    r"|mandag|tirsdag|onsdag|torsdag|fredag|lørdag|søndag|måndag|tisdag|lördag|söndag|maanantai\w*|tiistai\w*"
    r"|keskiviikko\w*|torstai\w*|perjantai\w*|lauantai\w*|sunnuntai\w*|poniedziałek|wtorek|środa|czwartek|piątek|niedziela"
    r"|pada|tarihinde|בתאריך|في|dydd)\b|\d{1,4}\s?[-./年]|\d{1,2}\.?\s\w|\[?\d{4}-|在|于|quoting\b|zitat von\b|citando\b",
    re.IGNORECASE,
)
ON_ONE_LINE = re.compile(  # some programs go on with the quoted words
    r"(?:on|am|le|el|em|il|op) .{6,100}<[^<>\s]{1,64}@[^<>\s]{1,255}> ?"
    r"(?:wrote|schrieb|a écrit ?|escribió|escreveu|ha scritto):(?:\s{2,}\S|\s?>)",
    re.IGNORECASE,
)
RULED = re.compile(  # Zoho, some telephones
    r"-{2,8} ?on .{6,200}\bwrote:? ?-{2,8}\Z|-{3,8} ?[^\W\d_][^-]{1,60} wrote:? ?-{3,8}\Z", re.IGNORECASE
)
SHARED_LINE = re.compile(  # a program lost the end of the author's last line
    r"\S(?:-{2,}| )(?P<quoted>(?:on|am|le|el|em|il|op) (?!on )[^:]{0,40}\b\d{1,2}[:.]\d{2}\b.{0,100}"
    r"[^\s<>@]{1,64}@[^\s<>@]{1,255}\W{0,3}(?:wrote|schrieb|a écrit|escribió|escreveu|ha scritto) ?:)\Z",
    re.IGNORECASE,
)
DATED = re.compile(r"on (?:mon|tues|wednes|thurs|fri|satur|sun)day, .{4,30}\b20\d\d, \S.{0,80} wrote:\Z", re.IGNORECASE)
QUOTING = re.compile(r"(?:quoting|zitat von|citando|citerar)\s.{2,120}:\Z", re.IGNORECASE)
ADDRESS = re.compile(r"[^\s<>()\[\]\"',;:]{1,64}@[^\s<>()\[\]\"',;:]{1,255}")
TIME = re.compile(
    r"\b\d{1,2}\s?[:.h]\s?\d{2}\b|\b\d{1,2}\s?[ap]\.?m\b|\d{1,2}[時时点]|(?:上午|下午|오전|오후)", re.IGNORECASE
)
YEAR = re.compile(r"\b(?:19|20)\d\d\b|\b\d{1,2}[./-]\d{1,2}[./-]\d{2}\b|\d{4}[年-]")
DAY = re.compile(r"\d")
NOT_A_NAME = re.compile(
    r"\b(?:the|our|my|a|an|his|her|their|your|some|this|that|one|someone|somebody|they|we|he|she|i|who|which) "
    r"(?:[\w-]+ ){0,3}(?:wrote|writes)\s*:\Z|\b(?:they|we|he|she|I|who)\s(?:wrote|writes)\s*:\Z",
)
STAMP = re.compile(  # without a verb or a colon
    r"\d{4}[-/.]\d{1,2}[-/.]\d{1,2},? (?:\d{1,2}:\d{2} (?:(?:GMT|UTC)\s?[+-]\d{1,2}(?::?\d{2})? )?)?"
    r"\S[^<>]{0,100}<[^<>\s]{1,64}@[^<>\s]{1,255}>:?\Z"
    r"|\d{4}[-/.]\d{1,2}[-/.]\d{1,2},? \d{1,2}:\d{2} (?:GMT|UTC)\s?[+-]\d{1,2}(?::?\d{2})? \S.{0,120}\Z"
)
QUANTITY = re.compile(r"[£$€]\s?\d|\d{1,4}(?:[\s.,:/%-]|\Z)")
END_OF_LINK = re.compile(r"[(<]?\S{4,}[)>](?: ?>)?\Z")
INITIALS = re.compile(r"\s{0,3}(?:[A-Z][A-Za-z]{0,11}|[a-z]{2,3})>(?:\s|\Z)")

POINTER = re.compile(
    r"\W*(?:fyi|fwd?|for (?:your )?info(?:rmation)?|see below|(?:please )?see (?:the )?(?:forwarded "
    r"|attached )?(?:e-?mail |message )?"
    r"below|as below|below|passing (?:this )?on|forwarding(?: this)?|sharing(?: this)?|of interest"
    r"|zur info(?:rmation)?|zk|tiedoksi"
    r"|pour info(?:rmation)?|para (?:su|tu) información|ter info(?:rmatie)?|för kännedom|til info|per conoscenza"
    r"|(?:any )?thoughts|worth a read)\W*\Z",
    re.IGNORECASE,
)
GREETING = re.compile(
    r"\W*(?:hi|hello|hey|dear|good (?:morning|afternoon|evening)|hallo|bonjour|hola|ciao|hej|olá|cześć|annwyl"
    r"|helo)\b.{0,40}\Z",
    re.IGNORECASE,
)
