"""Structs and enums to be described: with parameters, recursive, without fields."""

from enum import IntEnum
from typing import ClassVar

from chain.scale import Enum, Struct
from chain.scale.types import Balance, Compact, Vec, u8, u32
from chain.scale.units import unit_enum


class Pair(Struct):
    """Has parameters in its notation."""

    notation: ClassVar[str] = "Pair<u32, Missing, bool>"
    path: ClassVar[str] = "tests::Pair"
    left: u32
    class_: Compact[Balance]
    right: tuple[u8, bool]


class Tree(Enum):
    """Contains itself."""

    path: ClassVar[str] = "tests::Tree"


class Leaf(Tree):
    index: ClassVar[int] = 2


class Branch(Tree):
    index: ClassVar[int] = 5
    children: Vec[Tree]


class Twice(Tree):
    variant: ClassVar[str] = "Two"
    index: ClassVar[int] = 4
    positional: ClassVar[bool] = True
    first: Tree
    second: Tree


@unit_enum(path="tests::Side")
class Side(IntEnum):
    Left = 0
    Right = 7


@unit_enum(path="tests::Side")
class OtherSide(IntEnum):
    Top = 0
