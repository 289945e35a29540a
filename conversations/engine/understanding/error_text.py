"""Error messages as people paste them: whole, cut off, wrapped, escaped, quoted in a log line, or as one sentence.

Nothing is parsed strictly: what people paste is rarely complete. Fields are looked for by their names instead, so no
entity is expanded and no document is built. Every expression is bounded: time grows with the length only.
"""

import html
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

LIMIT = 40_000
"""Characters of a text that are looked at. Slack's messages are not longer; with what is forwarded they may be."""
_MESSAGE_LIMIT = 500
_PART, _MOST_PARTS = 1500, 100
"""Characters of a long text that are read at a time, and how many such parts at most."""

Envelope = Literal["", "xml", "errors", "oauth"]


@dataclass(frozen=True)
class ErrorText:
    """An error message, taken apart. What it does not say is empty, and `None` for the `status`.

    `code` is the program's name for the error, or the innermost exception. `status` is that of HTTP, from 400.
    `envelope`: the error is in XML, in a JSON list `errors`, or in the JSON of an OAuth server.
    """

    message: str = ""
    code: str = ""
    status: int | None = None
    host: str = ""
    details: str = ""
    envelope: Envelope = ""


def read_error(text: str) -> ErrorText | None:
    """The error message in `text`; `None` when it reads like a sentence, a question or a value."""
    plain = unwrapped(text)
    fields = _fields(plain)
    envelope = _envelope(plain, fields)
    exception = _exception(plain)
    status = status_in(plain)
    code = _first(fields, *_CODES) or (exception[0] if exception else "") or _bare_code(plain)
    if not (envelope or exception or status or (code and _first(fields, *_MESSAGES)) or _reads_like_one(plain, code)):
        return None
    message = _first(fields, *_MESSAGES) or (exception[1] if exception else "") or _sentence(plain)
    return ErrorText(message, code, status, host_in(plain), _first(fields, *_DETAILS), envelope)


def newest_part(text: str, longest: int) -> str:
    """`text` if it has at most `longest` characters; else so many that end with its last error.

    In a log the error is often at the end. Without an error it is the beginning of the text. `longest` is at least
    `2 * _PART`, so that an error of up to `_PART` characters is whole.
    """
    if len(text) <= longest:
        return text
    for number in range(_MOST_PARTS):
        end = len(text) - number * (_PART // 2)
        start = max(0, end - _PART)
        if read_error(text[start:end]) is not None:
            begin = max(0, end - longest)
            return text[max(begin, text.find("\n", begin, start) + 1) : end]
        if start == 0:
            break
    return text[:longest]


# A text as it was before people and programs wrapped it

_QUOTES = str.maketrans(
    dict.fromkeys("‘’‚‛´′", "'") | dict.fromkeys("“”„‟«»‹›″", '"') | dict.fromkeys("*`~\u00a0", "") | {"\u00ad": ""}
)
_LINK = re.compile(r"<((?:https?|ftp)://[^<>|\s]{1,2000}|mailto:[^<>|\s]{1,200})(?:\|[^<>]{0,2000})?>")
_ESCAPE = re.compile(r"\\+(?:u([0-9a-fA-F]{4})|([\"'/\\]|[nrt]))")
_CDATA = re.compile(r"<!\[CDATA\[|\]\]>|^\ufeff")
_EMPHASIS = re.compile(r"(?<![\w])_|_(?![\w])")
_NESTED = 3
"""How often a text may be escaped inside another one."""


def unwrapped(text: str) -> str:
    """`text` with straight quotes and without entities, escapes, formatting, links' wrappers and invisible characters.

    At most `LIMIT` characters, of a longer one its beginning and its end; line breaks stay.
    """
    text = text if len(text) <= LIMIT else f"{text[: LIMIT // 2]}\n{text[-LIMIT // 2 + 1 :]}"
    text = unicodedata.normalize("NFKC", text)[:LIMIT]
    for _ in range(_NESTED):
        before = text
        text = _LINK.sub(r"\1", html.unescape(text)) if "&" in text or "<" in text else text
        text = _ESCAPE.sub(_unescaped, text) if "\\" in text else text
        if text == before:
            break
    text = _CDATA.sub("", text.replace("\u00a0", " ")).translate(_QUOTES)
    text = text if text.isascii() else "".join(c for c in text if unicodedata.category(c) != "Cf")
    return _EMPHASIS.sub("", text)


def _unescaped(match: re.Match[str]) -> str:
    number, character = match.groups()
    if number is not None:
        written = chr(int(number, 16))
        return "" if unicodedata.category(written) == "Cs" else written
    return {"n": "\n", "r": " ", "t": " "}.get(character, character)


# Named fields

_MESSAGES = (
    "message", "errormessage", "error_message", "error_description", "description", "meldung", "fehlermeldung",
    "nachricht", "fehlertext", "msg", "reason",
)  # fmt: skip
_CODES = ("code", "errorcode", "error_code", "fehlercode", "error")
_DETAILS = ("details", "detail")
_NAMES = "|".join(sorted((*_MESSAGES, *_CODES, *_DETAILS), key=len, reverse=True))
_ELEMENT = re.compile(rf"<(?:\w{{1,20}}:)?({_NAMES})(?:\s[^<>]{{0,200}})?>([^<]{{1,2000}})", re.IGNORECASE)
_PAIR = re.compile(
    rf"(?<![\w<])[\"']?({_NAMES})[\"']?\s{{0,5}}(?:=>|[:=])\s{{0,5}}"
    rf"(?:\"([^\"]{{1,2000}})|'((?:[^']|(?<=\w)'(?=\w)){{1,2000}})|(?![\[{{\"'])([^\n,;|}}\]<>\"]{{1,400}}))",
    re.IGNORECASE,
)


def _fields(plain: str) -> list[tuple[str, str]]:
    """Names in small letters and values, as far as the names say that a value belongs to an error."""
    elements = [(match[1].lower(), _line(match[2])) for match in _ELEMENT.finditer(plain)]
    pairs = [(match[1].lower(), _line(match[2] or match[3] or match[4] or "")) for match in _PAIR.finditer(plain)]
    return [(name, value) for name, value in (*elements, *pairs) if value]


def _first(fields: list[tuple[str, str]], *names: str) -> str:
    """The first value of the first of `names` that has one; a code is one word."""
    for wanted in names:
        for name, value in fields:
            if name == wanted and (wanted not in _CODES or _CODE.fullmatch(value)):
                return value[:_MESSAGE_LIMIT]
    return ""


_CODE = re.compile(r"[A-Za-z][\w.:-]{1,80}|[0-9]{3,6}")
_OAUTH = re.compile(r"invalid_(?:grant|client|request|scope|token)|(?:unauthorized|unsupported)_\w{1,20}|access_denied")
_XML = re.compile(r"<(?:\w{1,20}:)?(?:ErrorResponse|Errors?|Fault)[\s>]")
_LIST = re.compile(r"[\"']?errors[\"']?\s{0,9}:\s{0,9}\[", re.IGNORECASE)


def _envelope(plain: str, fields: list[tuple[str, str]]) -> Envelope:
    names = {name for name, _ in fields}
    if "error_description" in names or any(name == "error" and _OAUTH.fullmatch(value) for name, value in fields):
        return "oauth"
    if _LIST.search(plain) and names & {"message", "code"}:
        return "errors"
    return "xml" if _XML.search(plain) else ""


# Programs' ways to say it in a line

_EXCEPTION = re.compile(
    r"(?<![\w.])((?:[A-Za-z_]\w{0,60}\.){0,10}[A-Z]\w{0,60}(?:Exception|Error|Fault))\b:?([^\n]{0,500})"
)
_REASONS = (
    "client error|server error|unauthori[sz]ed|forbidden|bad request|not found|gone"
    "|service (?:temporarily )?unavailable"
    "|internal server error|bad gateway|gateway time-?out|too many requests|request time-?out|payment required|conflict"
    "|nicht autorisiert|unzul[äa]e?ssig|verboten|ung[üu]e?ltige anforderung|nicht gefunden|interner serverfehler"
    "|server nicht verf[üu]e?gbar|dienst nicht verf[üu]e?gbar|ung[üu]e?ltiges gateway|zu viele anforderungen"
    "|access denied"
    "|zugriff verweigert|anforderungstimeout|nicht verf[üu]e?gbar"
)
_STATUS = re.compile(
    r"(?<![\w.])(?:https?(?:/[0-9](?:\.[0-9])?)?(?:[ _-]?(?:status|error|fehler|code|response)){0,3}"
    r"|(?:response |antwort)?status(?:[ _-]?code)?|(?:error|fehler)(?:[ _-]?(?:code|nummer|nr\.?))?|code|returned"
    r"|r[üu]e?ckgabe"
    r"|antwort(?:code)?|response(?: code)?)[\"']?[\s:=(#\"']{0,6}(?:\[)?([45][0-9]{2})(?![\w%-]|[.,:][0-9]"
    r"|\s{1,2}(?-i:[A-ZÄÖÜ])?"
    r"(?:bestell|auftr|artikel|orders|items|mal|times))"
    rf"|(?<![\w.,:/-])([45][0-9]{{2}})[\s:,)\"'–-]{{1,4}}(?:{_REASONS})(?!\w)"
    r"|\(([45][0-9]{2})\)",
    re.IGNORECASE,
)
_HOST = re.compile(
    r"https?://(?:[^\s/@\"'<>]{0,100}@)?([A-Za-z0-9.-]{1,253})"
    r"|(?<![\w.@-])((?:[a-z0-9][a-z0-9-]{0,62}\.){2,6}(?:com|de|net|org|eu|uk|jp|ca|in))(?![\w-]|\.\w)"
)
_BARE = re.compile(
    r"(?:(?:error|fehler|code|fehlercode|error code|status)[\s:#=]{0,4}){0,3}"
    r"((?:[A-Z][a-z]+){2,8}(?:Id|ID|IP)?|[A-Za-z]{2,4}[ -]?[0-9]{3,5})[.!]?"
)
_CAMEL = re.compile(r"(?:[A-Z][a-z0-9]+){2,8}")


def _exception(plain: str) -> tuple[str, str] | None:
    """The name and message of the innermost exception: it is written last."""
    found = None
    for match in _EXCEPTION.finditer(plain):
        said = _line(match[2]).strip("-> ")
        found = (match[1].rpartition(".")[2], said) if said or found is None else found
    return found


def status_in(plain: str) -> int | None:
    """The first HTTP status from 400 in an unwrapped text, where something says that it is one."""
    match = _STATUS.search(plain)
    return int(next(group for group in match.groups() if group)) if match is not None else None


def hosts_in(plain: str) -> Iterator[str]:
    """The hosts that an unwrapped text names, in small letters."""
    for match in _HOST.finditer(plain):
        yield (match[1] or match[2]).lower().strip(".")


def host_in(plain: str) -> str:
    """The first of them, "" without any."""
    return next(hosts_in(plain), "")


def _bare_code(plain: str) -> str:
    """The code that is the whole text."""
    match = _BARE.fullmatch(plain.strip()) if len(plain) <= _MESSAGE_LIMIT else None
    return match[1] if match is not None else ""


_ERROR_WORDS = re.compile(
    r"\b(?:error|exception|fehler|fehlermeldung|fehlercode|denied|invalid|ung[üu]e?ltige?[rsn]?|unauthori[sz]ed"
    r"|forbidden"
    r"|fehlgeschlagen|failed|failure|verweigert|refused|timed out|fault|fatal|traceback|unzul[äa]e?ssig|not valid"
    r"|nicht g[üu]e?ltig|not eligible|missing required|exceeded|throttled|unavailable|timeout|object reference not"
    r"|objektverweis|violated|malformed|not authori[sz]ed|nicht autorisiert|ssl/tls"
    r"|http/?[0-9.]{0,4} ?[45][0-9]{2})\b"
    r"|<errorresponse|(?:error|exception)[:(]"
)
NO_ERROR = re.compile(
    r"ohne (?:eine? )?fehler\w{0,8}|fehlerfrei|keine?n? fehler\w{0,8}|(?:no|without|zero|0) (?:an "
    r"|any )?errors?(?: message)?"
    r"|0 fehler"
)
"""That there is no error, in folded words."""
_PERSONAL = re.compile(
    r"\b(?:kommt|gibt(?: es)?|zeigt|there is|shows) (?:immer |noch |nur )?(?:an?|eine?n?) (?:fehler|error)\w{0,8}"
    r"|\b(?:ich|wir|mir|mein\w{0,3}|unser\w{0,3}|habe|bitte|hallo|danke|i|i'm|we|my|our|please|hello|hi|thanks)\b"
)
_SURE = re.compile(
    r"\b(?:fehler|error|fehlermeldung|message|meldung|exception)\b[\s:=]{0,4}(?:[\"'(]|\S{0,40}[:=])|\b(?:error"
    r"|exception|fehler)[:(]"
)
_SHORTEST = 12


def _reads_like_one(plain: str, code: str) -> bool:
    """Whether a text without any structure reads like a program's words rather than a person's."""
    folded = " ".join(plain.casefold().split())
    if folded.endswith("?"):
        return False
    if code and (_CAMEL.fullmatch(code) or any(character.isdigit() for character in code)):
        return bool(_ERROR_WORDS.search(_split(plain)) or folded.startswith(("error", "fehler", "code")))
    if len(folded) < _SHORTEST or _ERROR_WORDS.search(NO_ERROR.sub(" ", folded)) is None:
        return False
    return _PERSONAL.search(folded) is None or _SURE.search(folded) is not None


def _split(plain: str) -> str:
    """A compound name as words, in small letters."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", plain).casefold()


def _sentence(plain: str) -> str:
    """The line that says what went wrong, else the first line."""
    lines = [line for line in map(_line, plain.splitlines()) if line]
    said = next((line for line in lines if _ERROR_WORDS.search(line.casefold())), lines[0] if lines else "")
    return said[:_MESSAGE_LIMIT]


def _line(text: str) -> str:
    return " ".join(text.split()).strip("\"' ")
