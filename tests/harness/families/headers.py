"""Headers: their encoding and hash, field by field."""

from cases import Case
from convert import unhex
from lookup import need

MODULE = "chain.primitives.header"


def check(case: Case) -> None:
    data = case.data
    header_type, codec = need(MODULE, "Header"), need(MODULE, "HEADER")
    item_codec = need("chain.scale", "codec_of")(need(MODULE, "DigestItem"))
    items = tuple(item_codec.decode(unhex(item)) for item in data["digest"])
    assert [item_codec.encode(item) for item in items] == [unhex(item) for item in data["digest"]]
    header = header_type(
        unhex(data["parent_hash"]),
        data["number"],
        unhex(data["state_root"]),
        unhex(data["extrinsics_root"]),
        need(MODULE, "Digest")(items),
    )
    encoded = codec.encode(header)
    assert encoded == unhex(data["encoded"]), f"the header encodes as {encoded.hex()}"
    assert codec.decode(encoded) == header, "the encoded header decodes to another one"
    assert header.hash == unhex(data["hash"]), f"the hash is {header.hash.hex()}, not {data['hash']}"
