"""`basilisk nft`: collections and items."""

import shlex
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from basilisk_cli.app import app
from basilisk_cli.metadata import described, text_of
from chain.crypto import ss58
from chain.crypto.hashing import blake2_256
from chain.crypto.keys import dev

Run = Callable[..., Result]
ReadJson = Callable[..., Any]

PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(50))


@pytest.fixture(scope="module")
def zoo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A data directory: block 1 made alice's collection 1000000, blocks 2 and 3 its items 1 and 2."""
    directory = tmp_path_factory.mktemp("zoo") / "chain"
    for line in ("chain init", "nft create next Zoo", "nft mint 1000000 Lion", "nft mint 1000000 0xff00"):
        result = CliRunner().invoke(app, [*shlex.split(line), "--data-dir", str(directory)])
        assert result.exit_code == 0, result.output
    yield directory


@pytest.fixture(autouse=True)
def gallery(folder: Path, zoo: Path) -> None:
    """A copy of it, where commands look by themselves."""
    shutil.copytree(zoo, folder / ".basilisk" / "local")


def address(name: str) -> str:
    return ss58.encode(dev(name).account)


def owners(read_json: ReadJson) -> dict[str, str]:
    """Who has which item."""
    people = {address(name): name for name in ("alice", "bob", "charlie")}
    return {f"{item['collection']}/{item['item']}": people[item["owner"]] for item in read_json("nft list 1000000")}


# -- collections -----------------------------------------------------------------------------------------------------


def test_collections_in_json(read_json: ReadJson) -> None:
    collection = {
        "collection": 1_000_000,
        "owner": address("alice"),
        "type": "Marketplace",
        "items": 2,
        "deposit": 0,
        "frozen": False,
        "metadata": "0x5a6f6f",
        "text": "Zoo",
    }
    assert read_json("nft list") == [collection]
    assert read_json("nft show 1000000") == collection
    assert read_json("nft show 1_000_000 --at 2") == collection | {"items": 1}


def test_collections_in_rows(run: Run) -> None:
    header, row = run("nft list").stdout.splitlines()
    assert header == "collection\towner\titems\ttype\tdeposit\tmetadata"
    assert row == "1000000\talice\t2\tMarketplace\t0 KSM\tZoo"


def test_create_takes_the_next_number(run: Run, read_json: ReadJson) -> None:
    run("nft create 1000005 --as bob")
    assert run("nft create").stdout.startswith("alice created the collection 1000006.\n\nblock\t5\n")
    assert [(each["collection"], each["text"]) for each in read_json("nft list")][1:] == [
        (1_000_005, ""),
        (1_000_006, ""),
    ]


@pytest.mark.parametrize(("id", "error"), [("999999", "NFT.IdReserved"), ("1000000", "Uniques.InUse")])
def test_the_chain_refuses_a_collection(run: Run, id: str, error: str) -> None:
    assert run(f"nft create {id}", 1).stderr.startswith(f"error: {error}: ")


def test_an_unknown_collection_gets_those_there_are(run: Run) -> None:
    run("nft create 1000009")
    said = "error: there is no collection 1000001\n help: there is 1000000, 1000009\n"
    for line in ("nft show 1000001", "nft list 1000001", "nft destroy 1000001", "nft mint 1000001/1"):
        assert run(line, 2).stderr == said


def test_destroy_wants_an_empty_collection_of_ones_own(run: Run, read_json: ReadJson) -> None:
    assert "NFT.TokenCollectionNotEmpty" in run("nft destroy 1000000", 1).stderr
    for item in (1, 2):
        run(f"nft burn 1000000/{item}")
    assert "Uniques.NoPermission" in run("nft destroy 1000000 --as bob", 1).stderr
    assert "alice destroyed the collection 1000000." in run("nft destroy 1000000").stdout
    assert read_json("nft list") == []
    assert "`basilisk nft create`" in run("nft show 1000000", 2).stderr


# -- items -----------------------------------------------------------------------------------------------------------


def test_items(run: Run, read_json: ReadJson) -> None:
    rows = run("nft list 1000000").stdout.splitlines()
    assert rows == ["item\towner\tstate\tmetadata", "1000000/1\talice\tfree\tLion", "1000000/2\talice\tfree\t0xff00"]
    assert read_json("nft show 1000000/2") == {
        "collection": 1_000_000,
        "item": 2,
        "owner": address("alice"),
        "deposit": 0,
        "frozen": False,
        "auction": None,
        "metadata": "0xff00",
        "text": None,
    }
    assert "owner\talice\n" in run("nft show 1000000/1").stdout


def test_mint_takes_the_next_number_or_the_one_that_is_named(run: Run, read_json: ReadJson) -> None:
    assert run("nft mint 1000000/7").stdout.startswith("alice minted 1000000/7.\n")
    receipt = read_json("nft mint 1000000 Tiger")
    (event,) = (event["fields"] for event in receipt["events"] if event["event"] == "ItemMinted")
    assert (event["item_id"], event["metadata"], receipt["included"]) == (8, "0x5469676572", True)
    assert "Uniques.AlreadyExists" in run("nft mint 1000000/7", 1).stderr
    assert "NFT.NotPermitted" in run("nft mint 1000000/9 --as bob", 1).stderr


def test_the_deposit_of_a_chain_that_takes_one(folder: Path, run: Run, read_json: ReadJson) -> None:
    (folder / "dear.yaml").write_text(
        "name: dear\nruntime: {uniques: {collection_deposit: 500, item_deposit: 40, currency: 0}}\n"
        'balances: {alice: {BSX: "1_000_000 BSX"}, bob: {BSX: "1_000_000 BSX"}}\n'
    )
    for line in ("chain init", "nft create", "nft mint 1000000/1", "nft transfer 1000000/1 bob"):
        run(f"{line} --chain dear.yaml")
    assert read_json("nft show 1000000 --chain dear.yaml")["deposit"] == 540
    shown = run("nft show 1000000/1 --chain dear.yaml").stdout
    assert "owner\tbob\n" in shown
    assert "deposit held\t0.00000000004 BSX, of alice\n" in shown
    changes = read_json("nft burn 1000000/1 --as bob --chain dear.yaml")["balances"]
    assert [(each["name"], each["after"] - each["before"]) for each in changes][1:] == [("alice", 40)]


def test_a_life(run: Run, read_json: ReadJson) -> None:
    assert run("nft transfer 1000000/1 bob").stdout.startswith("alice gave 1000000/1 to bob.\n")
    assert owners(read_json) == {"1000000/1": "bob", "1000000/2": "alice"}
    assert [item["item"] for item in read_json("nft list --owner bob")] == [1]
    assert [item["item"] for item in read_json("nft list 1000000 --owner bob --at 3")] == []
    assert run("nft burn 1000000/1 --as bob").stdout.startswith("bob burned 1000000/1.\n")
    assert owners(read_json) == {"1000000/2": "alice"}


def test_a_transfer_to_oneself_does_nothing(run: Run) -> None:
    assert run("nft transfer 1000000/1 alice").stdout.startswith("Nothing happened: alice is the one who gives.\n")


@pytest.mark.parametrize("line", ["nft transfer 1000000/1 charlie --as bob", "nft burn 1000000/1 --as bob"])
def test_only_the_owner_moves_an_item(run: Run, line: str) -> None:
    said = run(line, 1).stderr.splitlines()
    assert said[0] == "1000000/1 is alice's, not bob's."
    assert said[1].startswith("error: NFT.NotPermitted: ")
    assert said[2].startswith(" help: ")


@pytest.mark.parametrize("line", ["nft show 1000000/3", "nft transfer 1000000/3 bob", "nft burn 1000000/3"])
def test_an_unknown_item_gets_those_there_are(run: Run, line: str) -> None:
    said = "error: there is no item 1000000/3\n help: there is 1000000/1, 1000000/2\n"
    assert run(line, 2).stderr == said


def test_of_many_items_the_nearest_are_named(run: Run, folder: Path) -> None:
    many = "\n".join(f"      - {{id: {id}, owner: alice}}" for id in range(100, 130))
    (folder / "many.yaml").write_text(
        "name: many\nnfts:\n  - collection: 1_000_000\n    owner: alice\n    items:\n" + many + "\n"
    )
    run("chain init --chain many.yaml")
    hint = run("nft show 1000000/140 --chain many.yaml", 2).stderr.splitlines()[1]
    assert hint.startswith(" help: there is 1000000/118, 1000000/119, ")
    assert hint.endswith("1000000/129 and 18 more")


@pytest.mark.parametrize(
    ("written", "what"),
    [
        ("1000000", "'1000000' is no item"),
        ("1000000/", "'1000000/' is no item"),
        ("zoo/1", "'zoo/1' is no item"),
        ("1/2/3", "'1/2/3' is no item"),
        (f"1/{2**128}", "an id out of range"),
    ],
)
def test_what_is_no_item(run: Run, written: str, what: str) -> None:
    assert what in run(f"nft burn {written}", 2).stderr


def test_after_the_greatest_number_there_is_no_next(run: Run) -> None:
    run(f"nft create {2**128 - 1}")
    run(f"nft mint 1000000/{2**128 - 1}")
    for line in ("nft create", "nft mint 1000000"):
        assert "there is no next one\n help: name a free one\n" in run(line, 2).stderr


def test_what_is_no_collection(run: Run) -> None:
    assert "'zoo' is no collection" in run("nft create zoo", 2).stderr


# -- metadata --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("written", ["lion.png", "@lion.png", "./lion.png"])
def test_metadata_from_a_file_and_back(folder: Path, run: Run, read_json: ReadJson, written: str) -> None:
    (folder / "lion.png").write_bytes(PNG)
    assert "The metadata is what lion.png holds: 58 bytes.\n" in run(f"nft mint 1000000/3 {written}").stderr
    assert read_json("nft show 1000000/3")["metadata"] == "0x" + PNG.hex()
    assert "metadata\tPNG image, 58 bytes\n" in run("nft show 1000000/3 --save back.png").stdout
    assert (folder / "back.png").read_bytes() == PNG
    assert run("nft show 1000000/3 --save back.png", 2).stderr.startswith("error: back.png is there already\n")


def test_a_file_that_is_not_there_gets_the_nearest(folder: Path, run: Run) -> None:
    (folder / "lion.png").write_bytes(PNG)
    what, hint = run("nft mint 1000000/3 lyon.png", 2).stderr.splitlines()
    assert what == "error: there is no file 'lyon.png'"
    assert hint == f" help: did you mean lion.png? as a text it is 0x{b'lyon.png'.hex()}"
    run(f"nft mint 1000000/3 0x{b'lyon.png'.hex()}")


@pytest.mark.parametrize("written", ["@", "@zoo", "./", "/nowhere/lion", "lion.jpeg"])
def test_what_looks_like_a_file_and_is_none(run: Run, written: str) -> None:
    said = run(f"nft mint 1000000/3 {written}", 2).stderr
    assert f"there is no file '{written.removeprefix('@')}'\n help: name a file that is there; as a text" in said


def test_metadata_that_is_too_long_gets_its_hash(folder: Path, run: Run) -> None:
    (folder / "big.svg").write_bytes(b"<svg>" * 100)
    what, hint = run("nft mint 1000000/3 @big.svg", 2).stderr.splitlines()
    assert what == "error: big.svg has 500 bytes, and 72 are allowed at most"
    digest = blake2_256(b"<svg>" * 100).hex()
    assert hint.endswith(f"its BLAKE2-256 hash 0x{digest}")
    run(f"nft mint 1000000/3 0x{digest}")
    assert "the metadata has 73 bytes, and 72" in run(f"nft create next {'x' * 73}", 2).stderr
    run(f"nft create next {'x' * 72}")


@pytest.mark.parametrize("written", ["0x1", "0xzz"])
def test_metadata_that_is_no_hex(run: Run, written: str) -> None:
    assert f"'{written}' is not hex" in run(f"nft mint 1000000 {written}", 2).stderr


@pytest.mark.parametrize("text", ["ipfs://bafy", "Löwe", "a/b c", "x" * 300 + "\0"])
def test_what_looks_like_no_file_is_text(text: str) -> None:
    from basilisk_cli.metadata import metadata_of

    assert metadata_of(text, 400) == (text.encode(), "")


def test_metadata_as_it_is_shown() -> None:
    assert described("Löwe".encode()) == "Löwe"
    assert described(b"\x1b[31m") == "0x1b5b33316d"
    assert described(b"\xff\xd8\xff" + bytes(7)) == "JPEG image, 10 bytes"
    assert text_of(b"") == ""
    assert text_of(b"\xff") is None


def test_help_shows_examples(run: Run) -> None:
    assert "basilisk nft mint 1000000/8 @clown.svg\n" in run("nft mint --help").stdout


@pytest.mark.parametrize("noun", ["nft", "market"])
def test_an_owner_who_does_not_exist_is_said_to_be_a_stranger(run: Run, noun: str) -> None:
    found = run(f"{noun} list --owner alise")
    assert found.stderr == "alise does not exist yet: nobody has paid to it; did you mean alice?\n"
    assert run(f"{noun} list --owner alice").stderr == ""
