"""What each deed is, in words: for the reference, and for whoever writes a fault. Source: spec/relay.md §13."""

from typing import NamedTuple

from chain.relay.faults.fault import COLLATORS


class Deed(NamedTuple):
    """What is done, what `value` says of it, and what there must be so that it can act."""

    done: str
    value: str = ""
    needs: str = ""

    @property
    def columns(self) -> tuple[str, str, str]:
        return self.done, self.value, self.needs


GUIDE: dict[str, Deed] = {
    "tamper": Deed(
        "what `path` leads to is changed in the candidate; hashes and signatures around it are made right again",
        "what stands there then, of its type; another value than there is if left out",
        "something there that can be changed",
    ),
    "drop_node": Deed("a node of the storage proof is left out", "its place, from 0; the last if left out"),
    "hash_node": Deed(
        "a node of the storage proof is left as a hash", "its place; the last that can be if left out"
    ),
    "swap_pov": Deed("the candidate comes with the PoV of the block before", needs="a block before"),
    "sign_as": Deed("another key signs the candidate", "whose: a name", "another key than the collator's"),
    "stale": Deed("the candidate stands on the head before the last", needs="a block before"),
    "again": Deed("the block before is offered once more, with the votes that it had", needs="a block before"),
    "second": Deed("another candidate on the next relay block, whatever became of the first"),
    "equivocate": Deed("two blocks for one slot, each to half the group"),
    "bad_encode": Deed("the erasure root is that of chunks which are of no codeword; these are handed out"),
    "wrong_relay_proof": Deed("the inherent holds a proof of the relay chain's state two blocks before"),
    "slot_shift": Deed("the block tells the time of another slot", "how many slots on, or back; 1 if left out"),
    "lazy": Deed(
        "backs and approves without looking; in a dispute it judges like everybody",
        needs="a member of the group, or a checker whose turn comes",
    ),
    "collude": Deed(
        "vouches for the candidate whenever it is asked: in the group, as a checker, in a dispute",
        needs="somebody who is asked",
    ),
    "withhold_chunk": Deed("keeps no chunk, and sets no bit", needs="a candidate that is backed; to be online"),
    "corrupt_chunk": Deed("answers with a changed chunk", needs="a checker that asks it for the chunk"),
    "claim_bit": Deed("sets its bit without having a chunk", needs="a candidate that is backed; to be online"),
    "hold_bits": Deed("sends no bitfield in the relay block after `at`", needs="a candidate that waits then"),
    "offline": Deed("is not there, from `at` on; to the end if `until` is left out"),
    "forge_statement": Deed(
        "in the group: signs in another's name too; outside it: speaks as if it were in it",
        "in whose name: a validator; the last of the group if left out",
        "a candidate that it finds good, or vouches for",
    ),
    "old_session": Deed(
        "signs its statement for the session before (in the first one, for the next)",
        needs="a member of the group, and a candidate that it finds good, or vouches for",
    ),
    "bad_bitfield": Deed(
        "sends one bit too many, or signs on another parent",
        "`size` or `parent`; if left out, the first of `who` does the one, the others the other",
        "a candidate that waits",
    ),
    "include_unbacked": Deed(
        "the relay author takes candidates in with one vote too few, whatever else is wrong with them",
        needs="a candidate; `who`, if given, must have the relay block's slot",
    ),
    "precommit_twice": Deed("votes for two blocks in one round of finality", needs="a round in which there is a vote"),
    "dispute": Deed(
        "calls an included candidate invalid, unasked",
        "the relay block that includes it; the newest if left out",
        "an included candidate that it has not spoken of",
    ),
}


def actor(do: str) -> str:
    """Whose deed it is."""
    return "the collator" if do in COLLATORS else "the relay author" if do == "include_unbacked" else "validators"
