"""What goes between the bot and its renderer: numbered and with lengths, so that no answer is taken for another's."""

import struct
from typing import BinaryIO

_REQUEST = struct.Struct("!4sIQ")
_ANSWER = struct.Struct("!4sI?Q")
_ASKS, _SAYS = b"SVG?", b"PNG!"
ANSWER_BYTES = _ANSWER.size
"""How long the head of an answer is."""


def request(number: int, svg: bytes) -> bytes:
    """Asks for a picture."""
    return _REQUEST.pack(_ASKS, number, len(svg)) + svg


def read_request(stream: BinaryIO) -> tuple[int, bytes] | None:
    """The next request's number and drawing; `None` when there will be none. `ValueError` for anything else."""
    head = stream.read(_REQUEST.size)
    if not head:
        return None
    if len(head) < _REQUEST.size or not head.startswith(_ASKS):
        raise ValueError("not a request")
    _, number, size = _REQUEST.unpack(head)
    return number, stream.read(size)


def answer(number: int, content: bytes, *, done: bool) -> bytes:
    """Answers the request of this number: the picture, or if it is not `done`, why not."""
    return _ANSWER.pack(_SAYS, number, done, len(content)) + content


def read_answer(head: bytes) -> tuple[int, bool, int]:
    """Which request is answered, whether it is done, and how many bytes follow. `ValueError` for anything else."""
    start, number, done, size = _ANSWER.unpack(head)
    if start != _SAYS:
        raise ValueError("something that is no answer")
    return number, done, size
