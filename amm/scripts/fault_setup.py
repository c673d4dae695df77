"""Faults as chain specs, scripts and network files write them. Sources: spec/relay.md §13, spec/network.md §7."""

import re
from typing import Annotated

from amm.scripts.errors import UnknownName
from amm.scripts.forms import LABEL, VALUE
from amm.scripts.kinds import ListOf, OneOf, Whole
from amm.scripts.names import NameOf
from amm.scripts.shapes import Key, Reader, Record, RecordOf
from amm.scripts.source import Node, Text
from chain.relay.faults.fault import DEEDS
from chain.relay.faults.paths import UnknownPath, path_of

U8 = Whole(0, 2**8 - 1)
U32 = Whole(0, 2**32 - 1)
_CATALOGUED = NameOf(re.compile(r"F(0[1-9]|[123][0-9]|40)"), "F01 to F40")


class FaultSetup(Record, frozen=True, kw_only=True):
    """A fault of the relay chain's actors: one of the catalogue by `id`, or a single switch by `do`."""

    id: Annotated[Text | None, Key(_CATALOGUED, "one of the catalogue")] = None
    at: Annotated[int, Key(Whole(1), "the relay block that the candidate is built on, or at which it is done")]
    do: Annotated[str | None, Key(OneOf(*DEEDS), "what is done")] = None
    para: Annotated[int | None, Key(U32, "the parachain that it befalls")] = None
    who: Annotated[tuple[int, ...], Key(ListOf(U8, "a list of validator numbers"), "the validators that deviate")] = ()
    until: Annotated[int | None, Key(Whole(1), "the last such relay block")] = None
    path: Annotated[Text | None, Key(LABEL, "what `tamper` changes, such as header.state_root")] = None
    value: Annotated[Node | None, Key(VALUE, "what it is changed into")] = None

    @property
    def nameless(self) -> bool:
        """Whether it does not say what is done, or says it in a way that cannot be read."""
        return self.id is None and self.do is None

    @property
    def refused(self) -> bool:
        """Whether `examine` has found that it makes no sense."""
        ends_early = self.until is not None and self.until < self.at
        return ends_early or self.nameless or (self.id is not None and self.do is not None)

    def examine(self, reader: Reader) -> None:
        if self.id is not None and self.do is not None:
            reader.refuse(self.mark, "a fault has either an `id` or a `do`", "F01 to F40, or a single deed")
            return
        if self.nameless and not any(each.mark > self.mark for each in reader.faults):
            what = "Network.UnknownFault: it has neither an `id` nor a `do`"
            reader.refuse(self.mark, what, "F01 to F40, or a single deed")
        if len(set(self.who)) < len(self.who):
            reader.refuse(self.mark, "a validator is named twice in `who`", "name each once")
        if self.until is not None and self.until < self.at:
            reader.refuse(self.mark, f"it is over in relay block {self.until}, before it begins", "`until` ≥ `at`")
        if self.id is not None and self.value is not None:
            reader.refuse(self.value.mark, "a fault of the catalogue has no `value`", "write it as a `do`")
        self._examine_path(reader)

    def _examine_path(self, reader: Reader) -> None:
        """`path` belongs to `tamper`, and leads somewhere."""
        if self.do == "tamper" and self.path is None:
            reader.refuse(self.mark, "tamper needs a `path`", "as in header.state_root")
        if self.path is None:
            return
        if self.do != "tamper":
            reader.refuse(self.path.mark, "only `tamper` has a `path`", "take it out, or write `do: tamper`")
            return
        try:
            path_of(self.path.value)
        except UnknownPath as error:
            reader.faults.append(UnknownPathName.at(self.path.mark, error.path, error.known))


class UnknownPathName(UnknownName, frozen=True):
    """A path that leads to no part of a candidate."""

    kind = "path"


FAULTS = ListOf(RecordOf(FaultSetup, "a fault"), "a list of faults")
