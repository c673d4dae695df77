"""How a call fails: the values that go into events, and the exceptions that carry them.

Source: spec/money.md §3, spec/substrate.md §6.

    Failure                     a call fails; everything it wrote is undone
    └── frame.Error             an error that a pallet declares (the runtime knows its index)
    Refused                     an extrinsic is taken into no block
    ├── Invalid                 it cannot be valid in this state
    └── Unknown                 its validity cannot be judged
    InvalidBlock                the block is worthless as a whole
    └── InherentError           what the collator brought from outside does not hold
"""

from enum import IntEnum
from typing import Annotated, ClassVar

from chain.primitives.weight import Weight
from chain.scale import Enum, Err, FixedBytes, Ok, Struct
from chain.scale.types import u8
from chain.scale.units import unit_enum

Bytes4 = Annotated[bytes, FixedBytes(4)]


@unit_enum(path="sp_runtime::TokenError")
class TokenError(IntEnum):
    """What an amount of BSX cannot do."""

    FundsUnavailable = 0
    OnlyProvider = 1
    BelowMinimum = 2
    CannotCreate = 3
    UnknownAsset = 4
    Frozen = 5
    Unsupported = 6
    CannotCreateHold = 7
    NotExpendable = 8
    Blocked = 9


@unit_enum(path="sp_arithmetic::ArithmeticError")
class ArithmeticError(IntEnum):
    """A result that its type cannot hold."""

    Underflow = 0
    Overflow = 1
    DivisionByZero = 2


@unit_enum(path="sp_runtime::TransactionalError")
class TransactionalError(IntEnum):
    """Storage layers nested too deep, or missing."""

    LimitReached = 0
    NoLayer = 1


class ModuleError(Struct):
    """An error of the pallet at `index`: four bytes, its own index there and zeros."""

    path: ClassVar[str] = "sp_runtime::ModuleError"
    index: u8
    error: Bytes4


class DispatchError(Enum):
    """Why a call failed, as events and receipts say it."""

    path: ClassVar[str] = "sp_runtime::DispatchError"


class Other(DispatchError):
    index: ClassVar[int] = 0


class CannotLookup(DispatchError):
    index: ClassVar[int] = 1


class BadOrigin(DispatchError):
    index: ClassVar[int] = 2


class Module(DispatchError):
    index: ClassVar[int] = 3
    positional: ClassVar[bool] = True
    error: ModuleError


class ConsumerRemaining(DispatchError):
    index: ClassVar[int] = 4


class NoProviders(DispatchError):
    index: ClassVar[int] = 5


class TooManyConsumers(DispatchError):
    index: ClassVar[int] = 6


class Token(DispatchError):
    index: ClassVar[int] = 7
    positional: ClassVar[bool] = True
    error: TokenError


class Arithmetic(DispatchError):
    index: ClassVar[int] = 8
    positional: ClassVar[bool] = True
    error: ArithmeticError


class Transactional(DispatchError):
    index: ClassVar[int] = 9
    positional: ClassVar[bool] = True
    error: TransactionalError


class Exhausted(DispatchError):
    index: ClassVar[int] = 10


class Corruption(DispatchError):
    index: ClassVar[int] = 11


class Unavailable(DispatchError):
    index: ClassVar[int] = 12


class RootNotAllowed(DispatchError):
    index: ClassVar[int] = 13


DispatchResult = Ok[tuple[()]] | Err[DispatchError]
"""What a call came to, as events say it."""

SUCCEEDED: DispatchResult = Ok(())


class Failure(Exception):
    """A call fails with `error`; its storage layer is undone.

    A `frame.Error` has no `error` of its own: only the runtime knows at which index its pallet stands. `post` is
    the weight that was used, where a call knows it to be other than declared.
    """

    def __init__(self, error: DispatchError | None = None) -> None:
        super().__init__(error)
        self.error = error
        self.post: Weight | None = None


UNDERFLOW = Arithmetic(ArithmeticError.Underflow)
OVERFLOW = Arithmetic(ArithmeticError.Overflow)
DIVISION_BY_ZERO = Arithmetic(ArithmeticError.DivisionByZero)


class InvalidReason(IntEnum):
    """Why an extrinsic cannot be valid (substrate.md §6)."""

    Call = 0
    Payment = 1
    Future = 2
    Stale = 3
    BadProof = 4
    AncientBirthBlock = 5
    ExhaustsResources = 6
    Custom = 7
    BadMandatory = 8
    MandatoryValidation = 9
    BadSigner = 10


class UnknownReason(IntEnum):
    """Why nobody can say whether an extrinsic is valid."""

    CannotLookup = 0
    NoUnsignedValidator = 1
    Custom = 2


class Refused(Exception):
    """An extrinsic is taken into no block. `name` is as scripts write it: `Invalid.Payment`."""

    def __init__(self, reason: InvalidReason | UnknownReason, custom: int | None = None) -> None:
        super().__init__(reason)
        self.reason, self.custom = reason, custom

    @property
    def name(self) -> str:
        return f"{type(self).__name__}.{self.reason.name}"

    def __str__(self) -> str:
        return self.name

    def encode(self) -> bytes:
        """The SCALE form of `TransactionValidityError`."""
        kind = 0 if isinstance(self.reason, InvalidReason) else 1
        custom = b"" if self.custom is None else bytes([self.custom])
        return bytes([kind, self.reason]) + custom


class Invalid(Refused):
    def __init__(self, reason: InvalidReason, custom: int | None = None) -> None:
        super().__init__(reason, custom)


class Unknown(Refused):
    def __init__(self, reason: UnknownReason, custom: int | None = None) -> None:
        super().__init__(reason, custom)


class InvalidBlock(Exception):
    """A rule is broken that no block may break: nobody refuses a single extrinsic, nobody takes the block.

    `kind` is the name that a validator reports after `Pvf.` (relay.md §7).
    """

    def __init__(self, kind: str, why: str = "") -> None:
        super().__init__(f"{kind}: {why}" if why else kind)
        self.kind, self.why = kind, why

    def __reduce__(self) -> tuple[type["InvalidBlock"], tuple[str, str]]:
        return type(self), (self.kind, self.why)


class InherentError(InvalidBlock):
    """The time or the validation data that a block begins with is missing, doubled or untrue."""
