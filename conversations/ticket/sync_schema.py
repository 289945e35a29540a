"""What a ticket says where it is copied to: the keys of that part of the guide."""

from conversations.engine.texts import Text, Tree

ACTS = (
    "file", "call", "told", "sort", "claim", "release", "hand", "answer", "hear", "edit", "correct", "take_back",
    "resolve", "reopen", "close", "expire", "erased",
)  # fmt: skip
"""What is told of a ticket, as its history calls it; `told`: the merchant adds what CONNECT said, `erased`: no more."""

MIRROR: Tree = {
    "acts": {
        **dict.fromkeys(ACTS, Text(frozenset({"by", "merchant"}), limit=200)),
        "hand": Text(frozenset({"by", "owner"}), limit=200),
    },
    "itself": Text(limit=40),
    "pictures": Text(limit=100),
    "how_to_answer": Text(limit=400),
}
