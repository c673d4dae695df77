"""Nodes are read in one form only."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from chain.trie.errors import BadNode
from chain.trie.node import (
    BRANCH,
    HASHED_BRANCH,
    HASHED_LEAF,
    LEAF,
    VALUED_BRANCH,
    Kind,
    decode,
    encode,
    head_of,
    sized,
)

KINDS = [LEAF, BRANCH, VALUED_BRANCH, HASHED_LEAF, HASHED_BRANCH]
SIZES = [0, 1, 14, 15, 16, 30, 31, 32, 62, 63, 64, 285, 286, 317, 318, 319, 573, 842]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("size", SIZES)
def test_partial_keys_of_any_size(kind: Kind, size: int) -> None:
    partial = bytes(i % 16 for i in range(1, size + 1))
    value = None if not kind.valued else b"h" * 32 if kind.hashed else b"value"
    refs = (b"r" * 32, b"inline") if kind.branch else ()
    bitmap = 0b1000_0000_0000_0010 if kind.branch else 0
    data = encode(kind, head_of(kind, partial), value, bitmap, b"".join(map(sized, refs)))
    node = decode(data)
    assert (node.kind, node.partial, node.value, node.bitmap) == (kind, partial, value, bitmap)
    assert [ref for _, ref in node.children()] == list(refs)
    assert node.ref(0) is None
    if refs:
        assert (node.ref(1), node.ref(15)) == refs


HASH = "11" * 32
REFUSED = {
    "nothing": "",
    "the empty trie": "00",
    "the mark of a detached value": "01",
    "headers that stand for nothing": "0f",
    "a leaf without its value": "40",
    "a value that is cut short": "400c6161",
    "a value of another length": "400461ff",
    "a value length that is not in its shortest form": "4001006161",
    "a value length far beyond the data": "40" + "0300000040" + "61",
    "an odd partial key padded with a 1": "41120461",
    "a partial key that is cut short": "4412",
    "a size that is cut short": "7f",
    "a size that goes on forever": "7f" + "ff" * 40,
    "a hashed value of 31 bytes": "20" + "11" * 31,
    "a hashed value of 33 bytes": "20" + "11" * 33,
    "a branch that ends in its bitmap": "8001",
    "a branch without children": "800000",
    "a branch with no child where one is announced": "800100",
    "a child of size 0": "80010000",
    "a child of 33 bytes": "80010084" + HASH + "11",
    "a child that is cut short": "80010080" + HASH[2:],
    "a child's size in two bytes": "8001008100" + HASH,
    "a child more than announced": "80010080" + HASH + "80" + HASH,
    "a child fewer than announced": "80030080" + HASH,
    "children of the right sum and wrong sizes": "80030080" + HASH + "7c" + HASH,
}


@pytest.mark.parametrize("text", REFUSED.values(), ids=REFUSED.keys())
def test_refused(text: str) -> None:
    with pytest.raises(BadNode):
        decode(bytes.fromhex(text))


def test_holes_only_where_allowed() -> None:
    data = bytes.fromhex("80030080" + HASH + "00")
    with pytest.raises(BadNode):
        decode(data)
    assert [ref for _, ref in decode(data, holes=True).children()] == [b"\x11" * 32, b""]


@st.composite
def nodes(draw: st.DrawFn) -> bytes:
    """Encodings of all kinds, some of them damaged."""
    kind = draw(st.sampled_from(KINDS))
    partial = bytes(draw(st.lists(st.integers(0, 15), max_size=70)))
    value = None
    if kind.valued:
        value = draw(st.binary(min_size=32, max_size=32)) if kind.hashed else draw(st.binary(max_size=70))
    bitmap = draw(st.integers(1, 0xFFFF)) if kind.branch else 0
    sizes = st.sampled_from([2, 31, 32, 32, 32])
    children = b"".join(sized(b"c" * draw(sizes)) for _ in range(bitmap.bit_count()))
    data = bytearray(encode(kind, head_of(kind, partial), value, bitmap, children))
    if draw(st.booleans()):
        data[draw(st.integers(0, len(data) - 1))] ^= draw(st.integers(1, 255))
    return bytes(data[: draw(st.sampled_from([len(data), len(data), len(data) - 1]))])


@given(st.one_of(st.binary(max_size=80), nodes()), st.booleans())
@example(b"\x40\x00", False)
def test_what_is_read_is_written_the_same(data: bytes, holes: bool) -> None:
    try:
        node = decode(data, holes)
    except BadNode:
        return
    assert node.head == head_of(node.kind, node.partial)
    children = b"".join(sized(ref) for _, ref in node.children())
    assert encode(node.kind, node.head, node.value, node.bitmap, children) == data
