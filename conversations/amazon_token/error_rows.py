"""What Amazon's error messages say, in English and German, by the category that each belongs to.

Messages are looked for in the text without blanks, signs and formatting, in small letters, so that neither line breaks
nor quotation marks hide one; codes and the rest in its words. Sources: Amazon's MWS and SP-API references, labels of
Seller Central, and their German translations.
"""

import re
from enum import StrEnum


class Category(StrEnum):
    """Why a fetch of orders fails. `access_denied` and `unknown` are what is left when nothing says more."""

    token_mismatch = "token_mismatch"
    authorization_missing = "authorization_missing"
    access_denied = "access_denied"
    token_missing = "token_missing"
    seller_id = "seller_id"
    vendor_keys = "vendor_keys"
    account_ineligible = "account_ineligible"
    marketplace = "marketplace"
    developer_not_eligible = "developer_not_eligible"
    developer_region = "developer_region"
    not_primary_user = "not_primary_user"
    sign_in = "sign_in"
    throttled = "throttled"
    orders_parked = "orders_parked"
    partial_rollout = "partial_rollout"
    version_or_mask = "version_or_mask"
    secret_exposed = "secret_exposed"
    unknown = "unknown"


class Hint(StrEnum):
    """What a text says beyond its category: why the token is not the cause, or which secret was written."""

    nothing = ""
    refused = "refused"
    sp_api = "sp_api"
    app_page = "app_page"
    network = "network"
    clock = "clock"
    mws_gone = "mws_gone"
    amazon_side = "amazon_side"
    secret_access = "secret_access"
    secret_keys = "secret_keys"
    secret_password = "secret_password"
    secret_code = "secret_code"


def _joined(*expressions: str) -> re.Pattern[str]:
    return re.compile("|".join(expressions))


_TOKEN = r"(?:mws)?(?:auth|authorization|authorisation|autorisierungs|authentifizierungs)-?token"
_SELLER = r"(?:seller|merchant|verkäufer|händler|verkaeufer|haendler)(?:id|kennung|token)"
_MARKET = r"(?:marketplace|marktplatz|marktplätze|marketplaces)(?:id|ids|kennung)?"
_NOT_VALID = (
    r"(?:notvalid|isntvalid|invalid|nichtgültig|ungültig|nichtgueltig|ungueltig|doesnotmatch|passtnicht|stimmtnicht"
    r"|giltnicht)"
)

_WRONG = (
    r"(?:notvalid|invalid|valid(?=$)|incorrect|notcorrect|wrong|expired|ungültig|nichtgültig|falsch|nichtkorrekt"
    r"|nichtrichtig|abgelaufen)"
)

MESSAGES: dict[Category, re.Pattern[str]] = {
    Category.token_missing: _joined(
        rf"missing(?:the)?required{_TOKEN}", rf"(?:erforderliche\w?|benötigte\w?|fehlende\w{{0,2}}){{1,2}}{_TOKEN}",
        rf"{_TOKEN}(?:für\w{{0,24}})?(?:fehlt|ismissing|isrequired|isterforderlich|wurdenichtangegeben)",
        rf"{_TOKEN}\w{{0,40}}(?:fehlt|ismissing)$", rf"(?:esfehlt|fehlt)\w{{0,24}}{_TOKEN}",
    ),
    Category.token_mismatch: _joined(
        rf"{_TOKEN}\w{{0,90}}?{_NOT_VALID}", rf"{_NOT_VALID}\w{{0,8}}{_TOKEN}",
        rf"{_TOKEN}\w{{0,40}}(?:gehörtnichtzu|doesnotbelongto|isnotvalidfor)",
    ),
    Category.seller_id: _joined(
        rf"(?:invalid|ungültige\w?|ungueltige\w?|falsche\w?|unknown|unbekannte\w?){_SELLER}",
        rf"{_SELLER}\w{{0,40}}?(?:isinvalid|isnotvalid|ungültig|nichtgültig|ungueltig|notfound|nichtgefunden)",
    ),
    Category.vendor_keys: _joined(
        r"awsaccesskeyidyouprovideddoesnotexist", r"invalidaccesskeyid", r"signaturedoesnotmatch",
        r"requestsignaturewecalculateddoesnotmatch", r"signatureyouprovided",
        r"(?:aws)?(?:zugriffsschlüssel|accesskey|zugangsschlüssel)(?:id|kennung)?\w{0,50}(?:existiertnicht"
        r"|nichtvorhanden|istungültig|nichtgefunden)",
        r"(?:berechnete|anfrage|anforderungs|request)\w{0,30}signatur\w{0,50}(?:stimmt|überein|entspricht)",
        r"signaturder(?:anfrage|anforderung)\w{0,30}nicht",
    ),
    Category.account_ineligible: _joined(
        r"(?:doesnot|doesnt|not)(?:have)?aneligible(?:amazon|seller)?account",
        r"(?:nicht|kein)\w{0,14}professionell\w{0,10}(?:tarif|konto)", r"notonaprofessionalsellingplan",
        r"kein\w{0,2}(?:dafür)?(?:berechtigte|zulässige|geeignete|zugelassene"
        r"|qualifizierte)\w{0,2}(?:amazon)?\w{0,10}konto",
        r"nichtübereinberechtigtesamazonkonto", r"nicht\w{0,6}(?:verkaufstarif|tarif)professionell",
        r"sie(?:benötigen|brauchen)\w{0,12}(?:verkaufstarif|tarif)professionell",
        r"(?:verkaufstarif|tarif)professionell\w{0,40}(?:erforderlich|benötigt|voraus)",
        r"professional(?:selling)?(?:plan|account)\w{0,12}(?:isrequired|required)",
        r"(?:donothave|doesnothave|without|needa|requiresa?)\w{0,2}professional(?:selling)?(?:plan|account)",
    ),
    Category.marketplace: _joined(
        rf"(?:doesnot|doesnt)haveaccesstothe(?:given|specified|requested)?{_MARKET}",
        rf"(?:invalid|ungültige\w?|ungueltige\w?|unknown){_MARKET}",
        rf"{_MARKET}\w{{0,40}}?(?:isinvalid|isnotvalid|istungültig|istnichtgültig)",
        rf"kein\w{{0,2}}(?:zugriff|zugang)\w{{0,8}}(?:angegebene\w|genannte\w|gewünschte\w|diese\w"
        rf"|gewählte\w|den){_MARKET}",
    ),
    Category.developer_not_eligible: _joined(
        r"(?:not|isnt)(?:currently|presently)?eligiblefornewauthori[sz]ations?",
        r"entwickler\w{0,40}(?:nicht|keine)\w{0,20}neue\w?(?:autorisierung|freigabe|berechtigung|genehmigung"
        r"|zulassung)",
    ),
    Category.not_primary_user: _joined(
        r"(?:must|haveto|needto)(?:be)?(?:(?:sign|log)(?:ged|ed)?inas)?theprimaryuser",
        r"meldensiesichals(?:haupt|primärer)benutzeran",
        r"(?:fehlt|fehlen|nicht)\w{0,24}berechtigung\w{0,12}diese?seite",
        r"onlytheprimaryuser(?:can|may|is)",
        r"younotbeingtheprimaryuser",
        r"sie(?:müssen|muessen)\w{0,12}(?:primäre[rn]?(?:konto)?benutzer|primaere[rn]?benutzer|hauptbenutzer"
        r"|hauptnutzer)",
        r"nurder(?:primäre)?(?:haupt)?benutzer(?:kann|darf|ist)",
        r"kein\w{0,2}(?:berechtigung|berechtigungen|rechte|zugriff|zugang)\w{0,6}diese?(?:seite|funktion)",
        r"(?:not|dont)(?:have)?(?:the)?(?:permissions?|authori[sz]ed|access|allowed)(?:to)?(?:view|access|see"
        r"|open)?this"
        r"(?:page|feature)",
        r"nicht(?:berechtigt|befugt|autorisiert)diese(?:seite|funktion)",
        r"(?:zugriff|zugang)aufdieseseite\w{0,12}(?:verweigert|nichterlaubt)",
    ),
    Category.sign_in: _joined(
        r"(?:cannot|cant|couldnot|unableto|notableto)(?:sign|log)in",
        r"twostep(?:verification|authentication)",
        r"zweistufige",
        r"zweischritt(?:verifizierung|authentifizierung)",
        r"zweifaktor",
        r"nicht(?:mehr)?(?:anmelden|einloggen)",
        r"(?:otp|einmalpasswort|(?:eingegebener?|einmal|bestätigungs|sicherheits|verifizierungs|verification"
        r"|security)code"
        rf"|codeyouentered|passwor[td]|password|kennwort)(?:youentered|dassie\w{{0,12}})?(?:isnt|is|ist|war)?{_WRONG}",
        r"accountwiththat(?:email|e-mail)", r"kontomitdiesere?mail",
    ),
    Category.throttled: _joined(
        r"requestthrottled",
        r"request(?:s)?(?:is|was|are|were|hasbeen)throttled",
        r"quotaexceeded",
        r"exceed(?:ed|s)?(?:your|the)quota",
        r"toomanyrequests", r"throttling(?:exception|error)?rate", r"ratelimit(?:ed|exceeded)", r"rateexceeded",
        r"requestthrottled", r"anfragekontingent",
        r"zuviele(?:anfragen|anforderungen|aufrufe|abfragen)",
        r"(?:kontingent|quote|quota|anfragelimit|ratelimit)\w{0,100}(?:überschritten|ueberschritten|exceeded"
        r"|erschöpft)",
        r"(?:anfrage|anforderung)\w{0,6}(?:wird|wurde|werden|wurden)gedrosselt",
        r"(?:ihr|das)kontingent\w{0,40}zurückgesetzt",
    ),
}  # fmt: skip
"""What only messages say. Tried in this order; a message decides before any code, status or host."""

OPERATION_DENIED = re.compile(
    r"access to ['\"(]?(?!requested)[a-z]\w{1,40}\s?\.\s?['\"(]{0,2}\w[\w ]{0,60}[)'\"]{0,2} (?:is|was"
    r"|has been) (?:denied|not allowed)"
    r"|(?:zugriff|zugang) (?:auf|zu) (?:(?:die|den|das|der) )?(?:(?:operation|vorgang|aktion|methode|api) )?"
    r"['\"(]?[a-z]\w{1,40}\s?\.\s?['\"(]{0,2}\w\w{0,60}[)'\"]{0,2} .{0,16}(?:verweigert|abgelehnt"
    r"|nicht (?:erlaubt|gestattet|zulässig))"
    r"|access to (?:orders|reports|feeds|products|sellers|fulfillment\w{0,20}|finances|subscriptions"
    r"|recommendations) .{0,3}?(?:is|was) denied"
    r"|(?:zugriff|zugang) (?:auf|zu) (?:orders|reports|feeds|products|sellers|fulfillment\w{0,20}"
    r"|finances) .{0,16}(?:verweigert|abgelehnt)"
)
"""An authorization that does not cover an operation: „Access to X.Y is denied“ for every X, in folded words."""

SP_API = _joined(
    r"security token included in the request|invalid_grant|invalid_client|unauthorized_client"
    r"|access to (?:the )?requested resource is denied",
    r"access token (?:you provided|is missing|in the request|has expired|provided)|(?:access|refresh"
    r"|lwa)[- ]?token.{0,60}?(?:expired|revoked|malformed|abgelaufen|widerrufen|ungültig|invalid)",
    r"invalid grant parameter|zugriffstoken.{0,60}?(?:abgelaufen|ungültig|widerrufen)"
    r"|aktualisierungstoken.{0,60}?(?:abgelaufen|ungültig|widerrufen)",
    r"sellingpartnerapi|api\.amazon\.(?:com|co\.uk|co\.jp)/auth/o2|x-amz-access-token|/auth/o2/token|(?:zugriff"
    r"|zugang) (?:auf|zu) (?:die |der )?angeforderte\w? ressource",
)  # fmt: skip
"""What only Amazon's newer interface says, or who is asked there, in folded words."""

APP_PAGE = re.compile(r"(?<![a-z0-9])md(?:[1-8][0-9]{3}|9(?!000|010)[0-9]{3})(?![0-9])")
"""Codes of the page on which apps for SP-API are authorized, besides the two that concern this procedure."""

AMAZON_SIDE = re.compile(r"internal ?(?:server ?)?error|interner (?:server)?fehler|bad gateway|ungültiges gateway")
CLOCK = re.compile(
    r"requestexpired|request has expired|timestamp date is|requesttimetooskewed|difference between the request time"
    r"|(?:anfrage|anforderung) ist abgelaufen|zeitstempel .{0,40}(?:ungültig|abgelaufen|weicht)"
)
NETWORK = _joined(
    r"could not (?:be )?resolve|couldn't resolve|not be resolved|konnte nicht aufgelöst werden|unknownhost"
    r"|getaddrinfo|enotfound|name or service not known|nameresolution",
    r"nodename nor servname|no such host|pkix|handshake|etimedout|econnrefused|econnreset|econnaborted|ehostunreach"
    r"|enetunreach|eai_again|socket hang up",
    r"certificate (?:problem|verify failed)|issuer certificate|self.signed certificate"
    r"|connection (?:was )?(?:refused|reset|closed|aborted)|unable to connect to|failed to (?:connect|fetch)"
    r"|fetch failed|network error|timed out after|operation has timed out",
    r"(?:verbindung|ssl/tls|kanal).{0,60}?(?:geschlossen|getrennt|verweigert|hergestellt werden|nicht hergestellt"
    r"|erstellt werden|zurückgesetzt)|zeitlimit (?:für|beim|des)|timeout (?:überschritten|aufgetreten|erreicht)",
    r"remoteserver.{0,30}nicht.{0,20}(?:verbindung|verbunden|hergestellt|gefunden|erreich)|zeitüberschreitung (?:bei"
    r"|der|des|beim)",
)  # fmt: skip
"""Why Amazon was not reached, in folded words."""
NETWORK_WORDS = re.compile(
    r"\b(?:ssl|tls|certificate|zertifikat|timeout|time-out|timed out|zeitüberschreitung|proxy)|sslerror"
)
"""What says the same in an error message only."""

CODES: dict[Category, re.Pattern[str]] = {
    Category.developer_not_eligible: re.compile(r"(?<![a-z0-9])md ?9000(?![0-9])"),
    Category.developer_region: re.compile(r"(?<![a-z0-9])md ?9010(?![0-9])"),
}

DENIED = re.compile(r"access ?denied|(?:zugriff|zugang) (?:wurde )?verweigert")
DENIED_WORDS = re.compile(r"\bunauthori[sz]ed\b|\bforbidden\b|nicht autorisiert|\bunzulässig\b|nicht authentifiziert")
BUSY = re.compile(
    r"service ?(?:is )?(?:temporarily )?unavailable|(?:server|dienst) (?:ist )?(?:derzeit |momentan )?nicht verfügbar"
)

# What people say in their own words

PERSON = re.compile(r"\b(?:ich|mir|mich|uns|mein\w{0,2}|unser\w{0,2}|i|my|our|me|us)\b|\?$")
WRONG = re.compile(rf"{_WRONG}|failed|fehlgeschlagen|cannotfind|nichtfinden|nichtgefunden|falsche")

PARKED = re.compile(r"rückstellung|rueckstellung|parked orders|orders are parked|auftragsavise")
NO_ORDERS = re.compile(
    r"(?:keine?|0|null) (?:neuen? )?(?:aufträge|bestellungen|auftraege)|(?:no|0|zero|without) (?:new )?orders"
    r"|(?:aufträge|bestellungen|auftraege) (?:fehlen|sind nicht|kommen nicht|werden nicht|tauchen nicht)"
    r"|orders (?:are|were)? ?(?:missing|not)|kein einziger auftrag"
)
WORKED = re.compile(
    r"(?:abruf|abholung|fetch|import|verbindung|es|it)\b.{0,30}?(?:erfolgreich|geklappt|klappt|läuft|lief|durch"
    r"|works|worked|succeed|success|runs|ran|fine|fertig|beendet|abgeschlossen|completed|finished|done|grün|okay"
    r"|\bok\b|funktionier)"
    r"|erfolgreich|success|ohne fehler|fehlerfrei|kein\w? fehler|no errors?|without (?:an |any )?errors?|0 errors?"
)
FAILED = re.compile(r"\b(?:fehler\w{0,10}|errors?|exception|fehlgeschlagen|failed|denied|verweigert|abgebrochen)\b")
PARTIAL = _joined(
    r"(?:only )?one marketplace works|nur (?:ein|der eine|1) (?:marktplatz|konto|account)|only (?:one|1"
    r"|a single) (?:marketplace|account)|anderer marktplatz",
    r"(?:ein|one|der eine|das eine) (?:marktplatz|konto|account|marketplace).{0,40}(?:ander\w{0,2}|other|zweite"
    r"|another).{0,30}(?:nicht|not|n't|fail)",
    r"\bnur (?:de|uk|fr|it|es|nl|se|pl|be|ie|amazon[. ]?\w{2,3}|deutschland|frankreich|italien|spanien"
    r"|england)\b.{0,40}?(?:geht|klappt|funktioniert|läuft|kommt|kommen)",
    r"\b(?:works|working|worked) (?:only )?(?:for|in|on) [\w. ]{2,24}?,? ?(?:but|and|only)? ?not (?:for|in|on)\b"
    r"|\bonly (?:de|uk|fr|it|es|germany|france|italy|spain|amazon\.\w{2,3}) (?:works|is working|fetches)",
    r"^(?:nur )?(?:de|uk|fr|it|es|amazon\.\w{2,3}|deutschland|frankreich|italien|spanien|england|germany|france"
    r"|italy|spain) (?:geht|klappt|funktioniert|läuft|works)[,;]? (?:aber |but )?[\w. ]{2,24} (?:nicht|does ?n[o']t"
    r"|not)\b",
    r"\b(?:geht|klappt|funktioniert|läuft)\b,? (?:aber|nur|jedoch) [\w. ]{2,24} nicht\b|(?:für|bei"
    r"|in) [\w. ]{2,24} (?:geht|klappt|funktioniert|läuft)[\w ]{0,6},? (?:aber |doch )?(?:für|bei"
    r"|in) [\w. ]{2,24} nicht",
)  # fmt: skip
NO_KEY_SET = re.compile(
    r"schlüsselset.{0,60}(?:fehlt|missing|nicht (?:da|vorhanden|zu sehen|sichtbar))|(?:kein\w?|no"
    r"|ohne) (?:feld )?\S{0,12}(?:entwickler-?)?schlüsselset|(?:fehlt|missing).{0,40}schlüsselset"
    r"|there is no .{0,20}schlüsselset"
)
