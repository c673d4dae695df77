"""What a backing group makes of its members' checks. Source: spec/relay.md §7, §8.1."""

import logging
from dataclasses import replace

import pytest
from forgery import Forgery, Story

from amm.local import LocalChain
from amm.runtime import load
from chain.frame import DeclarationError, Runtime
from chain.relay.backing import Backing, back
from chain.relay.backing_types import ValidityAttestation
from chain.relay.block_data import PoV
from chain.relay.body import attested
from chain.relay.chain import produce
from chain.relay.collator import Collation
from chain.relay.validators import ValidatorSet
from chain.trie import OverlayStore

BLOCK = 3


def backing(story: Story, collation: Collation, verify: str = "shared") -> Backing:
    parameters = replace(story.chain.node.validators.parameters, verify=verify)
    view = replace(story.view(BLOCK), validators=ValidatorSet(parameters, (2090,)))
    return back(view, collation, load)


@pytest.mark.parametrize(("verify", "executions"), [("shared", 1), ("full", 2)])
def test_the_group_signs(story: Story, verify: str, executions: int) -> None:
    """Both members of the group vote; how often validate_block ran for it is told as it is."""
    made = backing(story, story.collation(BLOCK), verify)
    record = story.record(BLOCK)
    assert made.voters == record.backed_by == tuple(sorted(made.voters))
    assert made.executions == executions
    assert made.refused == ()
    assert made.backed is not None
    assert [len(vote.signature) for vote in made.backed.validity_votes] == [64, 64]


@pytest.mark.parametrize(("verify", "executions"), [("shared", 1), ("full", 2)])
def test_the_group_refuses(story: Story, verify: str, executions: int) -> None:
    spoilt = story.recollated(BLOCK, Forgery.of(story, BLOCK).with_header(state_root=bytes(32)).data)
    made = backing(story, spoilt, verify)
    assert (made.backed, made.voters, made.executions) == (None, (), executions)
    assert [refusal.validator for refusal in made.refused] == list(story.record(BLOCK).backed_by)
    assert not any(refusal.abstained for refusal in made.refused)
    assert "Candidate.ExecutionError(Pvf.StateRootMismatch)" in str(made.refused[0])


def test_no_execution_where_none_is_needed(story: Story) -> None:
    spoilt = replace(story.collation(BLOCK), pov=PoV(b""))
    assert backing(story, spoilt).executions == 0


@pytest.mark.parametrize("error", [DeclarationError("no such runtime"), ZeroDivisionError("a fault of our own")])
def test_trouble_of_ones_own_is_no_verdict(
    story: Story, error: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    """A validator without the program, or with a bug, abstains and says so; it never calls a block invalid."""

    def broken(code: bytes) -> Runtime:
        raise error

    with caplog.at_level(logging.WARNING):
        made = back(story.view(BLOCK), story.collation(BLOCK), broken)
    assert made.backed is None
    assert all(refusal.abstained for refusal in made.refused)
    assert "abstains" in str(made.refused[0])
    assert len(caplog.records) == 2


def test_backed_candidates_are_those_of_the_relay_chain(story: Story) -> None:
    """Backing again what was backed gives the very same relay block, byte for byte."""
    node = story.chain.node
    made = backing(story, story.collation(BLOCK))
    assert made.backed is not None
    votes: tuple[ValidityAttestation, ...] = made.backed.validity_votes
    again = produce(node.validators, node.nodes, story.view(BLOCK).relay_parent, (made.backed,))
    stored = node.archive.relay(story.record(BLOCK).backed_in).block
    assert again.block == stored
    assert again.block.witness == tuple(vote.signature for vote in votes)
    block = node.archive.relay(story.record(BLOCK).included_in).block
    assert block is not None
    bitfields = attested(block).bitfields
    assert [bitfield.validator_index for bitfield in bitfields] == [0, 1, 2, 3]
    store = OverlayStore(again.nodes, node.nodes)
    included = produce(node.validators, store, again.block.header, bitfields=bitfields)
    assert included.block == block
    assert [pending.candidate for pending in included.included] == [story.record(BLOCK).candidate]


def test_equal_seeds_give_equal_blocks() -> None:
    """The same calls on two chains: the same relay heads and the same candidates."""
    chains = [LocalChain(), LocalChain()]
    for chain in chains:
        give = chain.call("balances.transfer_allow_death", dest="bob", value="5 BSX")
        assert chain.submit(give, "eve").ok
    first, second = (chain.node for chain in chains)
    assert first.relay.head == second.relay.head
    assert first.record(1) == second.record(1)
