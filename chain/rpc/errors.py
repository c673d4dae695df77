"""Errors as JSON-RPC answers carry them. Source: spec/json-rpc.md, "Errors"."""

from chain.node.errors import NodeError
from chain.primitives.errors import Invalid, InvalidReason, Refused, UnknownReason


class RpcError(Exception):
    """An answer that says what went wrong: a code that clients test, a message, and more in `data`."""

    def __init__(self, code: int, message: str, data: str | None = None) -> None:
        super().__init__(f"{message}: {data}" if data else message)
        self.code, self.message, self.data = code, message, data

    def body(self) -> dict[str, object]:
        """The `error` of an answer."""
        body: dict[str, object] = {"code": self.code, "message": self.message}
        return body if self.data is None else body | {"data": self.data}


def parse_error(why: str) -> RpcError:
    return RpcError(-32700, "Parse error", why)


def invalid_request(why: str) -> RpcError:
    return RpcError(-32600, "Invalid Request", why)


def method_not_found(why: str | None = None) -> RpcError:
    """Clients compare the message exactly."""
    return RpcError(-32601, "Method not found", why)


def invalid_params(why: str) -> RpcError:
    return RpcError(-32602, "Invalid params", why)


def internal_error(why: str) -> RpcError:
    return RpcError(-32603, "Internal error", why)


def too_many(what: str, most: int) -> RpcError:
    """A limit of the connection is reached."""
    return RpcError(-32006, "Too many subscriptions on the connection", f"at most {most} {what}")


def too_large_batch(most: int) -> RpcError:
    return RpcError(-32011, "The batch response was too large", f"Exceeded max limit of {most}")


def client_error(what: str) -> RpcError:
    """What `state_*` and `chain_*` say when the state cannot be asked."""
    return RpcError(4003, f"Client error: {what}")


def unknown_block(block: bytes) -> RpcError:
    return client_error(f"UnknownBlock: there is no block 0x{block.hex()}")


def execution_failed(why: str) -> RpcError:
    return client_error(f"Execution failed: {why}")


def over_maximum(code: int, what: str, given: int, most: int) -> RpcError:
    """4001: a range of blocks, 4002: a count."""
    return RpcError(code, f"{what} exceeds maximum value", f"value: {given}, max: {most}")


# -- extrinsics that are not taken ---------------------------------------------------------------------------

INVALID_TEXTS = {
    InvalidReason.Call: "Transaction call is not expected",
    InvalidReason.Payment: "Inability to pay some fees (e.g. account balance too low)",
    InvalidReason.Future: "Transaction will be valid in the future",
    InvalidReason.Stale: "Transaction is outdated",
    InvalidReason.BadProof: "Transaction has a bad signature",
    InvalidReason.AncientBirthBlock: "Transaction has an ancient birth block",
    InvalidReason.ExhaustsResources: "Transaction would exhaust the block limits",
    InvalidReason.BadMandatory: "A call was labelled as mandatory, but resulted in an Error.",
    InvalidReason.MandatoryValidation: "Transaction dispatch is mandatory; transactions must not be validated.",
    InvalidReason.BadSigner: "Invalid signing address",
}

UNKNOWN_TEXTS = {
    UnknownReason.CannotLookup: "Could not lookup information required to validate the transaction",
    UnknownReason.NoUnsignedValidator: "Could not find an unsigned validator for the unsigned transaction",
}


def refused(refusal: Refused) -> RpcError:
    """Why the pool does not take an extrinsic: 1010 or 1011."""
    if isinstance(refusal, Invalid) and isinstance(refusal.reason, InvalidReason):
        why = INVALID_TEXTS.get(refusal.reason, f"Custom error: {refusal.custom}")
        return RpcError(1010, "Invalid Transaction", why)
    reason = refusal.reason
    why = UNKNOWN_TEXTS.get(reason, f"Custom({refusal.custom})") if isinstance(reason, UnknownReason) else ""
    return RpcError(1011, "Unknown Transaction Validity", f"{reason.name}: {why}")


def bad_format(why: str) -> RpcError:
    return RpcError(1001, f"Extrinsic has invalid format: {why}")


def already_imported(extrinsic_hash: bytes) -> RpcError:
    return RpcError(1013, "Transaction Already Imported", "0x" + extrinsic_hash.hex())


def low_priority(why: str) -> RpcError:
    return RpcError(1014, "Priority is too low", why)


def dropped(why: str) -> RpcError:
    return RpcError(1016, "Immediately Dropped", why)


def dev_error(why: str, hint: str | None = None) -> RpcError:
    """What `dev_*` and `basilisk_*` methods cannot do, and what to do instead."""
    return RpcError(-32000, why, hint)


def node_error(error: NodeError) -> RpcError:
    """What the node itself refuses: a snapshot's name, a block that was not included."""
    return RpcError(-32000, str(error), error.hint or None)


# -- chainHead_v1 --------------------------------------------------------------------------------------------

TOO_MANY_FOLLOWS = RpcError(-32800, "Maximum number of chainHead_follow has been reached")
INVALID_BLOCK = RpcError(-32801, "Invalid block hash", "unknown to this follow, or unpinned")
WITHOUT_RUNTIME = RpcError(-32802, "The runtime updates flag must be set to true")
NOTHING_TO_CONTINUE = RpcError(-32803, "Wait-for-continue event not generated by the operation")
DUPLICATE_HASHES = RpcError(-32804, "Received duplicate hashes for the chainHead_unpin method")
