"""A hundred mistyped command lines, files and changes: each ends with exit code 2 before anything
is simulated, in a message without a traceback that says what was probably meant."""

from __future__ import annotations

from pathlib import Path

import pytest

from ccsim.cli.main import run

DESK = (Path(__file__).parent / "desk.yaml").read_text(encoding="utf-8")
NO_QUOTE = DESK.replace('"08:00-12:00"', '"08:00-12:00', 1)
FILES = {
    "desk.yaml": DESK.encode(),
    "quote.yaml": NO_QUOTE.encode(),
    "twice.yaml": DESK.replace("  email: always", "  phone: always").encode(),
    "tab.yaml": DESK.replace("  email: always", "\temail: always").encode(),
    "later.yaml": DESK.replace("ccsim: 1", "ccsim: 2").encode(),
    "wide.yaml": DESK.encode("utf-16"),
    "shift.yaml": DESK.replace("{morning: 5}", "{mornng: 5}").encode(),
    "team.yaml": DESK.replace("[frontline]", "[frontlin]").encode(),
    "unit.yaml": DESK.replace("answer_within: 20 s", "answer_within: 20").encode(),
    "word.yaml": DESK.replace("billing", "all").encode(),
    "revenue.yaml": DESK.replace("billing", "revenue").encode(),
    "measure.yaml": DESK.replace("cost.total <=", "cost.totl <=").encode(),
    "key.yaml": DESK.replace("channels:", "chanels:").encode(),
    "calls.csv": b"at,channel\n2027-03-01 08:00,phone\n2027-03-01 08:05,phone\n",
    "empty.yaml": b"",
    "comment.yaml": b"# my desk\n",
    "words.yaml": b"my desk\n",
    "list.yaml": b"- a\n- b\n",
    "binary.yaml": bytes(range(256)) * 4,
    "binary2.yaml": b"\x00\x01\x02\x03" * 50,
    "book.xlsx": b"PK\x03\x04\x14\x00\x06\x00",
    "answer.json": b'{"format": 2, "scenario": "x"}',
    "compose.yaml": b"services:\n  web: {image: nginx}\n",
}

MISTYPED = [
    # commands
    ("chek desk.yaml", "did you mean 'check'?"),
    ("chekc desk.yaml", "did you mean 'check'?"),
    ("rnu desk.yaml", "did you mean 'run'?"),
    ("RUN desk.yaml", "did you mean 'run'?"),
    ("runn desk.yaml", "did you mean 'run'?"),
    ("compar desk.yaml", "did you mean 'compare'?"),
    ("comapre desk.yaml", "did you mean 'compare'?"),
    ("bset desk.yaml", "did you mean 'best'?"),
    ("swep desk.yaml", "did you mean 'sweep'?"),
    ("tset .", "did you mean 'test'?"),
    ("polt desk.yaml", "did you mean 'plot'?"),
    ("plots desk.yaml", "did you mean 'plot'?"),
    ("measure", "did you mean 'measures'?"),
    ("mesures", "did you mean 'measures'?"),
    ("shema", "did you mean 'schema'?"),
    ("hlep", "did you mean 'help'?"),
    ("inti", "did you mean 'init'?"),
    ("simulate desk.yaml", "there is no command 'simulate'"),
    ("desk.yaml", "write: ccsim run desk.yaml"),
    ("desk.yml", "write: ccsim run desk.yml"),
    ("help comapre", "did you mean 'compare'?"),
    ("help simulate", "there is no command 'simulate'"),
    ("help run desk.yaml", "unexpected extra argument"),
    # arguments
    ("run", "Missing argument 'SCENARIO'"),
    ("compare", "Missing argument 'SCENARIO'"),
    ("check", "Missing argument 'SCENARIO'"),
    ("run desk.yaml calls.csv", "unexpected extra argument"),
    ("schema desk.yaml", "unexpected extra argument"),
    ("init desk.yaml", "exists and is left as it is"),
    # names of files
    ("check desk", "did you mean 'desk.yaml'?"),
    ("check desk.yml", "did you mean 'desk.yaml'?"),
    ("check dsek.yaml", "did you mean 'desk.yaml'?"),
    ("run Desk.YAML", "did you mean 'desk.yaml'?"),
    ("run folder/desk.yaml", "there is no such file"),
    ("run ./dekc.yaml", "did you mean 'desk.yaml'?"),
    ("compare nothing-like-it.yaml", "there is no such file"),
    ("check -", "there is no such file"),
    ("run https://example.org/desk.yaml", "this is a web address; download the file"),
    ("run HTTP://EXAMPLE.ORG/desk.yaml", "this is a web address; download the file"),
    ("test nofile", "there is no such file or folder"),
    ("test folder", "there is no scenario in it"),
    # files of another kind
    ("run folder", "this is a folder"),
    ("run calls.csv", "this is a table (CSV)"),
    ("check calls.csv", "this is a table (CSV)"),
    ("compare calls.csv", "this is a table (CSV)"),
    ("sweep calls.csv --vary a=1,2", "this is a table (CSV)"),
    ("plot calls.csv", "this is a table (CSV)"),
    ("run book.xlsx", "this is a workbook"),
    ("run answer.json", "this is JSON"),
    ("run compose.yaml", "no key of one, but 'services'"),
    ("run empty.yaml", "the file is empty; `ccsim init` writes"),
    ("run comment.yaml", "the file holds comments only"),
    ("run words.yaml", "found 'my desk'"),
    ("run list.yaml", "found a list"),
    ("run binary.yaml", "a binary file"),
    ("run binary2.yaml", "a binary file"),
    ("run wide.yaml", "saved as UTF-16"),
    ("plot folder", "holds no finished run"),
    # within the file
    ("check quote.yaml", "quotes"),
    ("check twice.yaml", "the key 'phone' is here twice"),
    ("check tab.yaml", "tab.yaml:9:"),
    ("check later.yaml", "later.yaml:1:"),
    ("check shift.yaml", "did you mean 'morning'?"),
    ("check team.yaml", "did you mean 'frontline'?"),
    ("check unit.yaml", "needs a unit"),
    ("check word.yaml", "'all' is a word of the language"),
    ("check revenue.yaml", "'revenue' is a word of the language"),
    ("check measure.yaml", "cost.total"),
    ("check key.yaml", "did you mean 'channels'?"),
    # options
    ("--verison", "Did you mean '--version'?"),
    ("check --explian desk.yaml", "Did you mean '--explain'?"),
    ("run desk.yaml --sets a=1", "'--set'"),
    ("run desk.yaml --sed 4", "'--seed'"),
    ("run desk.yaml --uncertian", "Did you mean '--uncertain'?"),
    ("run desk.yaml --jsn", "'--json'"),
    ("run desk.yaml --replication 4 --x", "No such option"),
    ("compare desk.yaml --kind waits", "No such option '--kind'"),
    ("run desk.yaml --set", "requires an argument"),
    ("run desk.yaml -n", "requires an argument"),
    # values of options
    ("run desk.yaml -n many", "'many' is no whole number"),
    ("run desk.yaml -n 1.5", "'1.5' is no whole number"),
    ("run desk.yaml -n 1,000", "'1,000' is no whole number"),
    ("run desk.yaml -n 0", "0 is out of range; it is at least 1"),
    ("run desk.yaml -n -5", "-5 is out of range; it is at least 1"),
    ("run desk.yaml --seed x", "'x' is no whole number"),
    ("run desk.yaml --seed -1", "-1 is out of range; it is at least 0"),
    ("run desk.yaml --workers 0", "0 is out of range; it is at least 1"),
    ("run desk.yaml --engine simpi", "did you mean 'simpy'?"),
    ("run desk.yaml --engine compild", "did you mean 'compiled'?"),
    ("run desk.yaml --by intervall", "did you mean 'interval'?"),
    ("run desk.yaml --by week", "did you mean 'weekday'?"),
    ("plot desk.yaml --kind waitz", "did you mean 'waits'?"),
    ("plot desk.yaml --kind ocupancy", "did you mean 'occupancy'?"),
    ("run desk.yaml --out calls.csv", "is a file"),
    ("compare desk.yaml --designs moer", "did you mean 'more'?"),
    ("measures phone.servce_level", "did you mean 'service_level'?"),
    # paths and their values
    ("run desk.yaml --set teams.frontline.poeple=3", "did you mean 'people'?"),
    ("run desk.yaml --set teams.frontlin.people=3", "did you mean 'frontline'?"),
    ("run desk.yaml --set teem.frontline.people=3", "did you mean 'teams'?"),
    ("run desk.yaml --set teams.frontline.people", "write a path and a value"),
    ("run desk.yaml --set teams.frontline.people=", "write --set PATH=VALUE"),
    ("run desk.yaml --set teams.frontline.people=five", "teams.frontline.people"),
    ("run desk.yaml --set =3", "write a path and a value"),
    ("sweep desk.yaml", "nothing varies; write --vary"),
    ("sweep desk.yaml --vary teams.frontline.peple=5..7", "did you mean 'people'?"),
    ("sweep desk.yaml --vary teams.frontline.people=5..x", "'x' is no quantity"),
    ("sweep desk.yaml --vary teams.frontline.people=", "write a path and its values"),
]


def test_there_are_a_hundred() -> None:
    assert len({line for line, _ in MISTYPED}) == len(MISTYPED) >= 100


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("mistyped")
    (made / "folder").mkdir()
    for name, data in FILES.items():
        (made / name).write_bytes(data)
    return made


@pytest.mark.parametrize(("line", "meant"), MISTYPED, ids=[line for line, _ in MISTYPED])
def test_it_is_told_and_what_was_meant(
    line: str,
    meant: str,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(folder)
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("NO_COLOR", "1")
    assert run(line.split()) == 2
    out, told = capsys.readouterr()
    assert meant in told
    assert out == "" and "Traceback" not in told
    assert not (folder / "results").exists()  # nothing was simulated


def test_a_file_in_utf_16_is_no_binary_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for coding in ("utf-16", "utf-16-le", "utf-16-be", "utf-32"):
        (tmp_path / "s.yaml").write_bytes(DESK.encode(coding))
        assert run(["check", str(tmp_path / "s.yaml")]) == 2
        assert "save it as UTF-8" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["run", "compare", "help"])
def test_help_of_a_command_is_what_its_option_prints(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["help", name]) == 0
    helped = capsys.readouterr().out
    assert run([name, "--help"]) == 0
    assert helped == capsys.readouterr().out


def test_help_alone_lists_the_commands(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["help"]) == 0
    helped = capsys.readouterr().out
    assert run(["--help"]) == 0
    assert helped == capsys.readouterr().out
