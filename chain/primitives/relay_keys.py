"""Where the relay chain keeps what parachains look up: raw storage keys. Source: spec/relay.md §4.5."""

from collections.abc import Iterable

from chain.crypto.hashers import Twox64Concat

CURRENT_SLOT = bytes.fromhex("1cb6f36e027abb2091cfb5110ab5087f06155b3cd9a8c9e5e9a23fd5dc13a5ed")
ACTIVE_CONFIGURATION = bytes.fromhex("06de3d8a54d27e44a9d5ce189618f22db4b49d95320d9021994c850f25b8e385")

PARA_HEAD = bytes.fromhex("cd710b30bd2eab0352ddcc26417aa1941b3c252fcb29d88eff4f3de5de4476c3")
DMQ_HEAD = bytes.fromhex("63f78c98723ddc9073523ef3beefda0c4d7fefc408aac59dbfe80a72ac8e3ce5")
UMP_ROOM = b":relay_dispatch_queue_remaining_capacity"
INGRESS_INDEX = bytes.fromhex("6a0da05ca59913bc38a8630590f2627c1d3719f5b0b12c7105c073c507445948")
EGRESS_INDEX = bytes.fromhex("6a0da05ca59913bc38a8630590f2627cf12b746dcf32e843354583c9702cc020")
CHANNEL = bytes.fromhex("6a0da05ca59913bc38a8630590f2627cb6604cff828a6e3f579ca6c59ace013d")
GO_AHEAD = bytes.fromhex("cd710b30bd2eab0352ddcc26417aa1949e94c040f5e73d9b7addd6cb603d15d3")
RESTRICTION = bytes.fromhex("cd710b30bd2eab0352ddcc26417aa194f27bbb460270642b5bcaf032ea04d56a")


def para_head(para: int) -> bytes:
    """The last included head of a parachain: `Vec<u8>`."""
    return PARA_HEAD + Twox64Concat(_id(para))


def dmq_head(para: int) -> bytes:
    """The head of the chain of messages that the relay chain sent down to a parachain: `H256`."""
    return DMQ_HEAD + Twox64Concat(_id(para))


def ump_room(para: int) -> bytes:
    """How much more a parachain may send up: messages, bytes."""
    return UMP_ROOM + _id(para)


def ingress_index(para: int) -> bytes:
    """The parachains that have a channel to this one, ascending."""
    return INGRESS_INDEX + Twox64Concat(_id(para))


def egress_index(para: int) -> bytes:
    """The parachains that this one has a channel to, ascending."""
    return EGRESS_INDEX + Twox64Concat(_id(para))


def channel(sender: int, recipient: int) -> bytes:
    """One channel, in one direction."""
    return CHANNEL + Twox64Concat(_id(sender) + _id(recipient))


def go_ahead(para: int) -> bytes:
    """The word that an announced code upgrade may, or may not, be applied."""
    return GO_AHEAD + Twox64Concat(_id(para))


def restriction(para: int) -> bytes:
    """The word that no code upgrade may be announced now."""
    return RESTRICTION + Twox64Concat(_id(para))


def proved(para: int, senders: Iterable[int], recipients: Iterable[int]) -> tuple[bytes, ...]:
    """All that the proof in an inherent covers: `senders` and `recipients` are the two indexes' entries."""
    return (
        CURRENT_SLOT,
        ACTIVE_CONFIGURATION,
        para_head(para),
        dmq_head(para),
        ump_room(para),
        ingress_index(para),
        egress_index(para),
        *(channel(sender, para) for sender in senders),
        *(channel(para, recipient) for recipient in recipients),
        go_ahead(para),
        restriction(para),
    )


def _id(para: int) -> bytes:
    return para.to_bytes(4, "little")
