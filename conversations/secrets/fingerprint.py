"""A keyed hash, by which two tokens can be compared without keeping either."""

import hashlib
import hmac


def fingerprint(key: bytes, value: str) -> str:
    """HMAC-SHA256 of `value`, 64 hex digits."""
    return hmac.new(key, value.encode(errors="surrogatepass"), hashlib.sha256).hexdigest()


def same(first: str, second: str) -> bool:
    """Whether two hashes are equal, in constant time."""
    return hmac.compare_digest(first.encode(errors="surrogatepass"), second.encode(errors="surrogatepass"))
