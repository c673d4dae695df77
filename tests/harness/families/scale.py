"""SCALE: a value and its bytes, both ways; bytes that the runtime refuses to decode."""

from cases import Case
from convert import unhex
from lookup import need

PLAIN = "chain.scale.plain"


def check(case: Case) -> None:
    from families.types118 import codec as codec_of  # needs chain.scale; the other families don't

    notation, text = case.data["type"], case.data["hex"]
    data = unhex(text)
    codec = codec_of(notation)
    if case.refused:
        try:
            value = codec.decode(data)
        except need("chain.scale", "DecodeError"):
            return
        raise AssertionError(f"{text} decodes as {notation} to {value!r}, and should be refused")
    from_plain, to_plain = need(PLAIN, "from_plain"), need(PLAIN, "to_plain")
    value = from_plain(codec, case.data["value"])
    encoded = codec.encode(value)
    assert encoded == data, f"{notation} {case.data['value']} encodes as 0x{encoded.hex()}, not {text}"
    decoded = codec.decode(data)
    assert decoded == value, f"{text} decodes as {notation} to {decoded!r}, not {value!r}"
    written = to_plain(codec, decoded)
    assert written == case.data["value"], f"{notation} {case.data['value']} is written as {written}"
