"""Extrinsics byte by byte: payload, signed message, signature, hash; eras."""

from typing import Any

from cases import Case
from convert import unhex
from lookup import need

MODULE = "chain.primitives.extrinsic"


def check(case: Case) -> None:
    data = case.data
    if data.get("era_only"):
        _check_era(data)
    elif case.refused:
        _check_refusal(data)
    elif data["scheme"] is None:
        _check_bare(data)
    else:
        _check_signed(data)


def _check_era(data: dict[str, Any]) -> None:
    codec = need("chain.scale", "ERA")
    era = need("chain.scale", "Era").mortal(data["period_asked"], data["current"])
    assert (era.period, era.phase) == (data["period"], data["phase"]), f"the era is {era}"
    assert codec.encode(era) == unhex(data["encoded"]), f"the era encodes as {codec.encode(era).hex()}"
    assert codec.decode(unhex(data["encoded"])) == era, f"{data['encoded']} decodes to another era"
    life = (era.birth(data["current"]), era.death(data["current"]))
    assert life == (data["birth"], data["death"]), f"the era lives from {life[0]} to {life[1]}"


def _check_refusal(data: dict[str, Any]) -> None:
    try:
        need(MODULE, "Extrinsic").decode(unhex(data["extrinsic"]))
    except need("chain.scale", "DecodeError"):
        return
    raise AssertionError(f"decoded, and should be refused: {data['note']}")


def _check_bare(data: dict[str, Any]) -> None:
    extrinsic_type = need(MODULE, "Extrinsic")
    extrinsic = extrinsic_type.decode(unhex(data["extrinsic"]))
    assert extrinsic.signed is None, "a bare extrinsic has a signer"
    assert extrinsic.call == unhex(data["method"]), f"the call is {extrinsic.call.hex()}"
    assert extrinsic.hash == unhex(data["extrinsic_hash"]), f"the hash is {extrinsic.hash.hex()}"
    made = extrinsic_type.bare(unhex(data["method"]))
    assert made.raw == unhex(data["extrinsic"]), f"it encodes as {made.raw.hex()}"


def _check_signed(data: dict[str, Any]) -> None:
    extrinsic_type = need(MODULE, "Extrinsic")
    call, tip = unhex(data["method"]), int(data["tip"])
    extrinsic = extrinsic_type.decode(unhex(data["extrinsic"]))
    signed = extrinsic.signed
    assert signed is not None, "a signed extrinsic has no signer"
    assert extrinsic.call == call, f"the call is {extrinsic.call.hex()}"
    assert extrinsic.hash == unhex(data["extrinsic_hash"]), f"the hash is {extrinsic.hash.hex()}"
    assert signed.account == unhex(data["account"]), f"the signer is {signed.account.hex()}"
    assert (signed.nonce, signed.tip) == (data["nonce"], tip), f"nonce {signed.nonce}, tip {signed.tip}"
    _check_lifetime(data, signed.era)
    _check_signature(data, signed)
    again = extrinsic_type.sign(call, signed)
    assert again.raw == unhex(data["extrinsic"]), f"it encodes as {again.raw.hex()}"


def _check_lifetime(data: dict[str, Any], era: Any) -> None:
    info = data["era_info"]
    assert need("chain.scale", "ERA").encode(era) == unhex(data["era"]), f"the era is {era}"
    assert era.immortal == info.get("immortal", False), f"the era is {era}"
    if not era.immortal:
        life = (era.birth(info["current"]), era.death(info["current"]))
        assert life == (info["birth"], info["death"]), f"the era lives from {life[0]} to {life[1]}"


def _check_signature(data: dict[str, Any], signed: Any) -> None:
    context = need(MODULE, "SigningContext")(
        data["spec_version"], data["tx_version"], unhex(data["genesis_hash"])
    )
    extra = need(MODULE, "extra_bytes")(signed.era, signed.nonce, signed.tip)
    assert extra == signed.extra, f"the extensions encode as {extra.hex()}"
    parts = (unhex(data["method"]), extra, unhex(data["block_hash"]))
    payload, message = context.payload(*parts), context.message(*parts)
    assert payload == unhex(data["payload"]), f"the payload is {payload.hex()}"
    assert len(payload) == data["payload_len"], f"the payload has {len(payload)} bytes"
    assert message == unhex(data["signed_message"]), f"the signed message is {message.hex()}"
    signature = bytes([signed.scheme]) + signed.signature
    assert signature == unhex(data["signature"]), f"the signature is {signature.hex()}"
    verifies = need("chain.crypto.keys", "verify")(signed.scheme, signed.signature, message, signed.account)
    assert verifies == data["verifies"], f"the signature {'verifies' if verifies else 'does not verify'}"
