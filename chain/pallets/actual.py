"""What a call turned out to be, beside what it declared. Source: spec/fees-and-origins.md §1 step 6, §2.1."""

from chain.primitives.errors import Failure
from chain.primitives.weight import DispatchInfo, Pays, PostInfo, Weight


def used(weight: Weight | None, declared: Weight) -> Weight:
    """The weight that a call reports, never more than declared; None: it used what it declared."""
    if weight is None:
        return declared
    return Weight(min(weight.ref_time, declared.ref_time), min(weight.proof_size, declared.proof_size))


def actual(info: DispatchInfo, post: PostInfo) -> DispatchInfo:
    """Weight, class and payment of a call that has run: free if it was declared free or says so."""
    if post.weight is None and post.pays_fee is Pays.Yes:
        return info
    pays = info.pays_fee if post.pays_fee is Pays.Yes else Pays.No
    return DispatchInfo(used(post.weight, info.weight), info.class_, pays)


def post_of(failure: Failure) -> PostInfo:
    """What a call that failed reports."""
    return PostInfo(failure.post)
