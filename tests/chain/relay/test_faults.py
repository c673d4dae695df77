"""Every fault of the catalogue, column by column: who sees what, what it is called, what comes of it, who pays.

The network is R10; the target is block 2 of 2090, on relay parent 4. Source: spec/relay.md §13.
"""

import pytest
from endings import ANEW, ON_TIME, PVF, clean, unpunished
from reference import run

NEVER_BACKED = [
    ("F01", {PVF: 5, "Pvf.StateRootMismatch": 5}),
    ("F02", {PVF: 5, "Pvf.BadStorageProof": 5}),
    ("F03", {PVF: 5, "Pvf.MissingTrieNode": 5}),
    ("F04", {PVF: 5, "Pvf.BadExtrinsic": 5}),
    ("F05", {PVF: 5, "Pvf.StateRootMismatch": 5}),
    ("F06", {PVF: 5, "Pvf.ExtrinsicsRootMismatch": 5}),
    ("F07", {PVF: 5, "Pvf.InvalidParentHash": 5}),
    ("F08", {"Candidate.BadParent": 5}),
    ("F11", {"Candidate.ParamsTooLarge": 5}),
    ("F12", {"Candidate.PoVHashMismatch": 5}),
    ("F13", {"Candidate.BadSignature": 5}),
    ("F15", {"Candidate.CommitmentsHashMismatch": 5}),
    ("F16, who: [5]", {PVF: 4, "Pvf.StateRootMismatch": 4, "Inclusion.InsufficientBacking": 1}),
    ("F28", {PVF: 5, "Pvf.DmqHeadMismatch": 5}),
    ("F29", {PVF: 5, "Pvf.HrmpHeadMismatch": 5}),
    ("F30", {PVF: 5, "Pvf.UnknownHrmpSender": 5}),
    ("F31", {"Candidate.InvalidOutputs": 5, "Inclusion.InvalidOutboundHrmp": 5}),
    ("F32", {PVF: 5, "Pvf.DmqHeadMismatch": 5}),
    ("F39", {PVF: 5, "Pvf.BadRelayProof": 5}),
    ("F40", {PVF: 5, "Pvf.InherentCheckFailed": 5}),
]


@pytest.mark.parametrize(("fault", "named"), NEVER_BACKED)
def test_never_backed(fault: str, named: dict[str, int]) -> None:
    """No honest signature; the chain goes on with the next honest collation. Nobody is slashed, nor the lazy one."""
    found = run(f"{{id: {fault}, at: 4}}")
    assert found.named == named
    assert found.included == ANEW
    unpunished(found)
    clean(found)


DROPPED = [
    ("F09", {"Inclusion.DisallowedRelayParent": 1}),
    ("F14", {"Inclusion.UnsortedOrDuplicateBackedCandidates": 1}),
    ("F21, who: [2]", {}),
    ("F25, who: [0, 1, 2, 3, 4, 5]", {}),
    ("F33, who: [5]", {"Statement.BadSignature": 1, "Inclusion.InvalidBacking": 1}),
    ("F34, who: [0]", {"Statement.WrongGroup": 1}),
    ("F35, who: [9]", {"Statement.WrongContext": 1, "Inclusion.InvalidBacking": 1}),
    ("F36, who: [3, 7]", {"Inclusion.WrongBitfieldSize": 1, "Inclusion.InvalidBitfieldSignature": 1}),
    ("F37", {"Inclusion.InsufficientBacking": 1}),
    ("F38, who: [4]", {"Finality.Equivocation": 2}),
]


@pytest.mark.parametrize(("fault", "named"), DROPPED)
def test_left_out_or_replaced(fault: str, named: dict[str, int]) -> None:
    """Block 2 is included, approved and final as if nothing had been wrong; the bad thing has no effect."""
    found = run(f"{{id: {fault}, at: 4}}")
    assert found.named == named
    assert found.included == ON_TIME
    unpunished(found)
    clean(found)


@pytest.mark.parametrize(
    ("fault", "named"),
    [
        ("{id: F08, at: 4, who: [5, 6]}", {"Candidate.BadParent": 3, "Inclusion.ValidationDataHashMismatch": 1}),
        (
            "{id: F31, at: 4, who: [5, 6]}",
            {"Candidate.InvalidOutputs": 3, "Inclusion.InvalidOutboundHrmp": 4},
        ),
        (
            "{do: tamper, path: outputs.processed_downward_messages, value: 0, at: 4}",
            {"Candidate.InvalidOutputs": 5, "Inclusion.IncorrectDownwardMessageHandling": 5},
        ),
        (
            "{do: tamper, path: outputs.processed_downward_messages, value: 0, at: 4, who: [5, 6]}",
            {"Candidate.InvalidOutputs": 3, "Inclusion.IncorrectDownwardMessageHandling": 4},
        ),
    ],
)
def test_forced_in_at_the_relay_chain(fault: str, named: dict[str, int]) -> None:
    """Two of the group sign all the same: then the relay author names what is wrong, and leaves it out."""
    found = run(fault, more="messages: [{at: 4, data: down}]")
    assert found.named == named
    assert found.included == ANEW
    unpunished(found)
    clean(found)


@pytest.mark.parametrize(
    ("fault", "name"),
    [
        ("F08", "Inclusion.ValidationDataHashMismatch"),
        ("F31", "Inclusion.InvalidOutboundHrmp"),
        ("F01", "Inclusion.InsufficientBacking"),
    ],
)
def test_forced_in_by_the_relay_author(fault: str, name: str) -> None:
    """An author takes in what nobody backs: importers refuse its relay block, whose slot is lost."""
    found = run(f"{{id: {fault}, at: 4}}", "{do: include_unbacked, at: 4, who: [5]}")
    assert found.seen(f"{name}: ") + found.seen(f"{name} (relay block of slot 5 rejected)") >= 1
    assert found.seen("(relay block of slot 5 rejected)") == 1
    assert found.chain.node.archive.relay(5).header.slot == 6
    assert found.included == ANEW
    unpunished(found)
    clean(found)


def test_f10_a_second_candidate_while_the_first_waits() -> None:
    """The bits of four come a relay block late: the first is included in 7, the second finds the core occupied."""
    found = run("{id: F10, at: 4}")
    assert found.named == {"Inclusion.CandidateScheduledBeforeParaFree": 1}
    assert found.included == [4, 7, 9]
    unpunished(found)
    clean(found)


def test_f10_when_the_first_is_already_in() -> None:
    """With all bits on time the second comes too late: the head has moved on."""
    found = run("{do: second, at: 4}")
    assert found.named == {"Inclusion.ValidationDataHashMismatch": 1}
    assert found.included == ON_TIME
    clean(found)


def test_f14_the_report_shows_both_hashes() -> None:
    found = run("{id: F14, at: 4}")
    (said,) = [note for note in found.notes if "equivocates" in note]
    assert f"0x{found.chain.node.header(2).hash.hex()}" in said
    assert said.count("0x") == 2
