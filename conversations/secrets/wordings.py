"""Patterns of what only the words around it make a secret: one-time codes and passwords, in German and English.

A value with a digit or a sign in it, next to its word, is a secret. A value of letters only is one where the word
announces it (`Passwort: geheim`, "my password is hunter two"), and not where it says how the password is
(„Passwort: falsch“, "my password is not accepted"): `_HARMLESS` lists such words.
"""

import re

REMOVED = "\U000f0000-\U000fffff"
"""Private-use characters, with which `redact` marks what is already removed: no value contains them."""

_LETTER = "[A-Za-zÄÖÜäöüß]"
_END = r"(?![\w\-ÄÖÜäöüß])"


def _words(text: str) -> str:
    """One alternative for each word; an umlaut may be written with two letters, or without its dots."""
    spelt = {"ä": "(?:ä|Ä|ae?)", "ö": "(?:ö|Ö|oe?)", "ü": "(?:ü|Ü|ue?)", "ß": "(?:ß|ss)"}
    return "|".join("".join(spelt.get(letter, letter) for letter in word) for word in text.split())


_HARMLESS_WORDS = _words(
    # Function words.
    "ich du er sie es wir ihr man mein meine meinen unser unsere dein ihre ihren der die das den dem des ein eine einen"
    " einem einer kein keine keinen keiner keins nicht nie nein ja noch schon auch nur aber und oder als wie was wo wer"
    " wann warum welches welche so da hier dort heute gestern morgen jetzt gerade immer wieder mehr zu im in an am auf"
    " aus bei beim bis für gegen mit nach ohne seit über um unter vom von vor weil wegen wenn zum zur laut dann doch"
    " leider bitte danke etwas alles nichts selbst bereits sehr ganz gleich eben wohl hat habe haben hatte wird werden"
    " wurde worden war waren sein bin sind ist kann konnte muss soll sollte will geht ging kam kommt steht liegt passt"
    " fehlt gilt klappt stimmt stimmte lautet hilft weiß siehe bleibt reicht"
    " i you he she it we they my your our his her their the an this that these those not no none never yes and or but"
    " as at by for from in into of off on onto out over per than then to too under until up via with without when where"
    " which who why how if so do does did done has have had is isn are aren was were be been being can cannot could may"
    " might must shall should will would won doesn didn don please again already always also just still yet only here"
    " there now today yesterday tomorrow about after before because nothing something anything everything"
    # What is said of passwords and codes.
    " falsch richtig korrekt inkorrekt ungültig gültig unbekannt bekannt abgelaufen vergessen verloren leer weg alt neu"
    " neue neues altes gleich anders ok okay gut sicher unsicher schwach stark kurz lang nötig notwendig pflicht"
    " eingeben eingegeben eingetragen angeben angefordert anfordern ändern zurücksetzen prüfen merken speichern suchen"
    " finden erneuern abfragen verwenden nutzen speichere erhalten bekommen gekommen unverändert verschlüsselt sichtbar"
    " unsichtbar abgelehnt akzeptiert gesperrt geändert gespeichert geschützt geheimhalten hinterlegt weitergeben"
    " wechseln nachsehen nachschauen anzeigen zeigen kopieren einfügen eintragen problem probleme fehler eingabe feld"
    " reset zeichen stellen länge großbuchstaben kleinbuchstaben sonderzeichen zahlen ziffern buchstaben chef kollege"
    " kollegin admin administrator inhaber händler support amazon connect seller central sache chefsache browser"
    " handy telefon app sms mail"
    " wrong right correct incorrect invalid valid unknown known expired forgotten lost empty missing gone old new same"
    " different fine good safe unsafe weak strong short long required needed necessary mandatory optional enter entered"
    " change changed reset resetting check checked remember save saved find show shown use used using hidden visible"
    " encrypted rejected accepted refused denied locked blocked protected stored kept late fields field box input"
    " characters letters digits numbers length case sensitive insensitive error errors problem problems issue issues"
    " owner boss colleague seller merchant unchanged secret confidential private public unavailable available ready"
    " working broken stuck outdated null undefined none nil true false"
)
_HARMLESS_ENDINGS = (
    r"ge[a-zäöüß]{2,20}t|(?:zurück|ab|an|ein|aus|um|auf|zu)ge[a-zäöüß]{2,20}(?:t|en)|(?:ver|be|er|ent|zer)[a-zäöüß]{2,20}t"
    r"|[a-zäöüß]{2,20}(?:iert|lich|bar|los|isch|able|ible|ful|less|ing|ly)|[a-z]{2,20}(?:ted|ded|red|sed|ved|led|ned|ked)"
)
_SENTENCE = (
    # „Passwort: kenne ich nicht“, "password: ask the admin", „Passwort: Groß- und Kleinschreibung“.
    r"(?-i:[a-zäöüß]{3,20})\s(?:ich|wir|du|er|sie|es|man|mir|uns|nicht|der|die|das|den|dem|im|in|am|beim|bei|auf|unter|von"
    r"|i|we|you|he|she|it|they|the|my|our|your|not|no|to|on|at|with|for)(?![a-zäöüß])"
    rf"|{_LETTER}{{2,20}}-(?:\s(?:und|oder|and|or)\s|/\s?{_LETTER})"
)
_HARMLESS = rf"(?:{_HARMLESS_WORDS}|(?-i:{_HARMLESS_ENDINGS})){_END}|{_SENTENCE}|[*•.x\-_…]{{2,40}}(?:\s|$)"

_NO_VALUE = (
    # An address, a version, a date, and names with a digit in them.
    r"https?:|[^\s@]{1,80}@[^\s@]{1,80}\.[a-z]{2,10}(?:[\s.,;)>|]|$)|v?[0-9]+(?:\.[0-9]+)+|[0-9]{1,4}[-/.][0-9]{1,2}[-/.]"
    r"|(?:oauth|base|sha|md|win|windows|office|iphone|utf|http|html|ipv|step|schritt|punkt|nr|no|konto|account)-?[0-9]"
)
_SIGN = "[!$%&#?*+@=]"
_STRONG = (
    rf"(?!{_NO_VALUE})(?:(?=\S{{0,99}}[0-9])(?=\S{{0,99}}(?-i:[a-z]))|(?=\S{{0,99}}[0-9])(?=\S{{0,99}}[a-z])"
    rf"(?=\S{{0,99}}{_SIGN}[0-9a-z])|(?=\S{{0,99}}[a-z])(?=\S{{0,99}}{_SIGN}[0-9a-z!]))"
    rf"[^\s<>\"„“{REMOVED}]{{6,100}}"
)
"""Six characters or more, with letters in it, and with digits or signs too."""
_STRONGEST = (
    rf"(?!{_NO_VALUE})(?=\S{{0,99}}[0-9])(?=\S{{0,99}}[a-z])(?=\S{{0,99}}{_SIGN})[^\s<>\"„“,;{REMOVED}]{{6,100}}"
)
"""With letters, digits and signs."""

# One-time codes

_CODE_NAMES = (
    r"(?:einmal-?(?:zugangs-?)?(?:code|kennwort|passwort|pin)|one[- ]?time[- ](?:pass)?(?:code|word|pin|password)"
    r"|(?<![a-z])(?:otp|m?tan|totp|2fa)|mfa[- ]code|zwei-faktor-code|zwei-schritt-code|two-(?:factor|step) code"
    r"|(?:sicherheits|best(?:[äÄa]|ae)tigungs|verifizierungs|verifikations|anmelde|login|sms|pr(?:[üÜu]|ue)f|freischalt"
    r"|freigabe|authentifizierungs|verify|2fa|amazon|zugangs)-?code"
    r"|(?:verification|security|login|log-in|sign-in|2fa|authenticator|authentication|confirmation|access|sms|text)"
    r"[- ](?:pass)?code)(?![a-z])(?:s\b)?"
)
_CODE_VALUE = r"(?:[0-9]{3}[ -]?[0-9]{3}|[0-9]{2}(?: [0-9]{2}){2}|[0-9]{4,8})(?![0-9]|[-.,:/][0-9])"
_BETWEEN = (
    r"(?:[\s:=\-,(\"'„“»)]{1,4}(?:von|vom|f(?:[üÜu]|ue)r|from|for|of|der|die|das|den|dem|aus|per|via|by|auf|in|ihre[snrm]?"
    r"|ihr|dein|mein|your|my|the|our|amazon|seller|central|konto|account|anmeldung|app|sms|mail|e-mail|text|message|handy"
    r"|phone|heute|jetzt|gerade|eben|now|here|hier|otp|tan|code|ist|lautet|is|was|war|be|folgende[rn]?|following"
    r"|neue[rs]?|new|kam|came)(?![a-z])){0,8}"
)
_NAME_FIRST = rf"{_CODE_NAMES}{_BETWEEN}[\s:=\-,(\"'„“»)]{{0,4}}\s?(?P<code>(?<![0-9\w.,/-]){_CODE_VALUE})"
_OWN = r"(?:ihr|ihren|dein|mein|unser|your|my|our|the|der|das|den|ein|an?)"
_VALUE_FIRST = (
    rf"(?<![\w.,/#-])(?P<code>{_CODE_VALUE})[\"'“«)]?[\s,:=\-]{{1,3}}(?:ist|is|as|als|war|was|lautet|=)?\s{{0,2}}"
    rf"(?:{_OWN}\s{{1,2}})?(?:aktuelle[rs]?\s|neue[rs]?\s|new\s|current\s)?"
    rf"(?:(?:amazon|seller central)(?:['’]s)?[ -]{{1,2}}(?:seller[- ]central[ -])?)?{_CODE_NAMES}"
)
_OWN_CODE_FIRST = (
    rf"(?<![\w.,/#-])(?P<code>{_CODE_VALUE})\s{{1,2}}(?:ist|is)\s{{1,2}}(?:ihr|dein|mein|your|my)\s{{1,2}}"
    r"(?:amazon[ -]?)?(?:code|pin|kennwort|passwort|password)(?![a-z])"
)
_OWN_CODE = (
    r"(?<![a-z])(?:ihr|dein|mein|your|my|der|the)\s{1,2}(?:(?:amazon|seller central|sms|neuer?|new)[ -]{1,2})?code"
    r"(?:\s{1,2}(?:aus|von|vom|zur|zum|f(?:[üÜu]|ue)r|per|from|for|to|via|by|in|on|auf|der|die|das|the|your|my|dem|ihre|deine"
    r"|amazon|sms|app|mail|e-mail|text|message|phone|handy|anmeldung|login|sign-in|account|konto|verification)(?![a-z])){0,6}"
    r"(?:\s{1,2}(?:ist|lautet|is|was|war))?\s{0,2}:?\s{0,2}(?P<code>[0-9]{3}[ -]?[0-9]{3}(?![0-9-]))"
)
_CODE_PLAIN = (
    r"(?<![a-z])(?<!(?:error|fault|state|store)[ _-])(?<!fehler[ _-])(?<!status[ _-])(?<!http[ _-])"
    r"code\s{0,2}(?::|ist|lautet|is)\s{0,3}(?P<code>[0-9]{3}[ -]?[0-9]{3}(?![0-9-]))"
)
_VALUE_ASKED = (
    r"(?:use|enter|type|nutzen sie|verwenden sie|geben sie|mit)(?: the| den| diesen| this)?(?: code)?\s{1,2}"
    r"(?P<code>[0-9]{6}(?![0-9-]))\s{1,3}(?:as|als|to|for|um|zur|f(?:[üÜu]|ue)r)\s{1,2}(?:\w{1,12}\s{1,2}){0,3}"
    r"(?:verif|sign|log|confirm|anmeld|best(?:[äÄa]|ae)tig|authenti|otp|tan|code)"
)
_NAMED = ("code", "einmal", "onetime", "otp", "tan", "2fa")
ONE_TIME_CODES = (
    (_NAME_FIRST, *_NAMED),
    (_VALUE_FIRST, *_NAMED),
    (_OWN_CODE_FIRST, "code", "pin", "kennw", "passw"),
    (_OWN_CODE, "code"),
    (_CODE_PLAIN, "code"),
    (_VALUE_ASKED, "use", "enter", "type", "nutzensie", "wendensie", "gebensie", "mit"),
)
"""Each expression, and the words of which a text must have one to match it, in small letters and digits."""

# Passwords

_OTHER_NAMES = (
    r"geheimnis|secret[ _-]?(?:access[ _-]?)?key|client[ _-]?secret|secret(?=\W{1,4}\S{0,60}[0-9])|schl(?:[üÜu]|ue)ssel"
    r"|api[ _-]?key|(?<![a-z])pin"
)
_PASSWORD_NAMES = (
    r"(?:pass-?w(?:or[dt]|ord)e?s?|kennw(?:ort|oerter)|passwd|passphrase|passcode|zugangswort"
    r"|(?<![a-z])(?:pwd?|passwrd))"
)
_NAMES = f"(?:{_PASSWORD_NAMES}|{_OTHER_NAMES})"
_LABELLED = (
    rf"{_NAMES}[\"'*_`)\]]{{0,3}}\s{{0,3}}"
    rf"(?:[:=]{{1,2}}>?\s{{0,3}}(?!{_HARMLESS})(?=[*_~`]{{0,3}}[^\s*_~`])|(?:ist|lautet|is)\s{{1,3}}(?=\S{{0,60}}[0-9]))"
    rf"(?P<value>\"[^\"\n{REMOVED}]{{1,200}}\"|'[^'\n{REMOVED}]{{1,200}}'|(?:(?!&\w{{1,40}}=)[^\s{REMOVED}]){{1,200}})"
)
_LINKING = (
    r"(?:\s{1,2}(?:(?:von|f(?:[üÜu]|ue)r|for|of)\s{1,2}[a-z]{2,30}|von|f(?:[üÜu]|ue)r|zu|zum|bei|beim|for|of|to|at|mit|mein|my|das|the|unser|our|ist|is|war|was|lautet|heißt"
    r"|heisst|nun|now|jetzt|neu|neue|neues|new|alte?s?|old|amazon|seller|central|connect|konto|account|login|hier|here"
    r"|also)(?![a-z])){0,5}"
)
_NEXT_TO = rf"(?<![-a-z]){_PASSWORD_NAMES}{_LINKING}[\s:=„\"'(-]{{1,4}}(?P<value>{_STRONG})"
_PIN = r"(?<![a-z-])pin(?:\s{1,2}(?:ist|is|lautet))?\s{1,2}(?P<value>[0-9]{4,8}(?![0-9\w-]))"
_WORD = rf"(?:(?!(?:{_HARMLESS})){_LETTER}{{3,30}})"
_SAID = (
    rf"{_PASSWORD_NAMES}(?:\s{{1,2}}(?:von|f(?:[üÜu]|ue)r|for|of|to|amazon|seller|central|connect)(?![a-z])){{0,4}}"
    rf"\s{{1,2}}(?:ist|lautet|is|war|was):?\s{{1,2}}(?P<value>{_WORD}(?:\s{_WORD}){{0,3}})"
    r"(?=[\"'“]?\s{0,2}(?:[.,;!?)\n]|$))"
)
_STRONG_FIRST = (
    rf"(?<!\S)(?P<value>{_STRONG})[\"“']?\s{{1,2}}(?:ist|is|lautet|war|was|=|als|as)\s{{1,2}}"
    rf"(?:(?:mein|my|das|the|unser|our|dein|ihr|your|neues?|new|amazon)[ -]{{1,2}}){{0,4}}{_PASSWORD_NAMES}(?![a-z-])"
)
_MAIL = r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){0,4}\.[a-z]{2,10}"
_PAIR = (
    rf"{_MAIL}\)?(?:\s{{0,3}}[/|:;]\s{{0,3}}|\s{{1,3}}(?:-|und|and|mit|with|\+)\s{{1,3}}|\t)(?P<value>{_STRONG})|"
    rf"{_MAIL}(?:[,\s]\s{{0,2}})(?P<tight>{_STRONGEST})|"
    rf"{_MAIL}:(?P<glued>(?!{_HARMLESS}){_LETTER}{{5,60}})(?=\s|$)|"
    rf"{_MAIL}[^\S\n]{{0,3}}\n[^\S\n]{{0,3}}(?P<below>{_STRONG})(?=\s{{0,3}}(?:\n|$))"
)
_LOGIN_NAMES = (
    r"(?:login|log-in|benutzer(?:name)?|username|user|zugang|zugangsdaten|credentials|anmelde(?:daten|name)|logindaten)"
)
_LOGIN = (
    rf"{_LOGIN_NAMES}\s{{0,2}}:?\s{{0,2}}(?:[\w.@+-]{{2,64}}\s{{0,2}}[/|:;]\s{{0,2}}(?P<value>{_STRONG})|"
    rf"{_MAIL}\s{{1,2}}(?P<beside>{_STRONG}))"
)
_PASSWORD_WORDS = ("pass", "kennw", "pw", "zugangswort")
PASSWORDS = (
    (_LABELLED, *_PASSWORD_WORDS, "geheimnis", "secret", "schl", "apikey", "pin"),
    (_NEXT_TO, *_PASSWORD_WORDS),
    (_PIN, "pin"),
    (_SAID, *_PASSWORD_WORDS),
    (_STRONG_FIRST, *_PASSWORD_WORDS),
    (_PAIR, "@"),
    (_LOGIN, "login", "benutzer", "user", "zugang", "credentials", "anmelde"),
)
"""The same for passwords. An at sign counts as a letter."""

ANY_CASE = re.ASCII | re.IGNORECASE
