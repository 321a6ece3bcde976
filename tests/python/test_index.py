"""Indexes: open, create, add, update, remove, commit, and the errors of each."""

import datetime
import signal
import threading
import time
from pathlib import Path
from types import MappingProxyType
from typing import Any

import gz_search
import pytest
from gz_search import Index


def ids(index: Index, query: str, **options: Any) -> list[str]:
    return [hit.document.id for hit in index.search(query, **options)]


def test_documents_are_added_replaced_and_removed(tmp_path: Path) -> None:
    index = Index(tmp_path / "index")
    assert index.add({"id": "a", "text": "Exports grew."}) == 1
    assert index.add({"id": str(number), "text": "Rails grew."} for number in range(2)) == 2
    assert (len(index), "a" in index, "b" in index) == (3, True, False)
    index.add({"id": "a", "text": "Exports shrank."})
    assert (ids(index, "shrank"), len(index)) == (["a"], 3)
    index.remove(["a", "0", "unknown"])
    index.remove("1")
    assert len(index) == 0


def test_an_index_is_opened_again(tmp_path: Path) -> None:
    Index.create(tmp_path / "index").add({"id": "a", "text": "Exports grew."})
    for index in Index.open(str(tmp_path / "index")), Index(tmp_path / "index"):
        assert ids(index, "exports") == ["a"]
        assert index.path == tmp_path / "index"
        assert repr(index) == f"Index({str(index.path)!r})"
    with pytest.raises(gz_search.IndexExistsError, match="holds an index already"):
        Index.create(tmp_path / "index")
    with pytest.raises(gz_search.NoIndexError, match="no index in"):
        Index.open(tmp_path / "none")
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "file").write_text("x")
    with pytest.raises(gz_search.Error, match="is not empty"):
        Index(tmp_path / "other")


def test_a_writer_commits_at_the_end_and_discards_after_an_exception() -> None:
    index = Index()
    with index.writer() as writer:
        writer.add({"id": "a", "text": "Exports grew."})
        assert len(index) == 0
        writer.checkpoint()
        assert len(index) == 1
        writer.add({"id": "b", "text": "Exports grew."})
    assert len(index) == 2
    with pytest.raises(KeyError), index.writer() as writer:
        writer.remove(["a", "b"])
        raise KeyError
    assert len(index) == 2
    writer = index.writer()
    with pytest.raises(gz_search.LockedError):
        index.writer()
    writer.remove("a")
    assert writer.commit() == 1
    with pytest.raises(gz_search.InvalidArgumentError, match="the writer has ended"):
        writer.commit()
    writer = index.writer()
    writer.remove("b")
    writer.discard()
    assert len(index) == 1


def test_a_failed_call_changes_nothing_and_frees_the_writer() -> None:
    index = Index()
    with pytest.raises(gz_search.DocumentError):
        index.add([{"id": "a", "text": "Exports grew."}, {"id": "b"}])
    assert len(index) == 0
    index.add({"id": "a", "text": "Exports grew."})
    assert len(index) == 1


@pytest.mark.parametrize(
    ("document", "error", "message"),
    [
        ({"text": "Exports grew."}, gz_search.DocumentError, "document 1: has no id"),
        ({"id": "a", "text": " "}, gz_search.DocumentError, "a: "),
        ({"id": "a", "text": "x", "titel": "y"}, gz_search.DocumentError, 'a: there is no field "titel"'),
        ({"id": "a", "text": "x", "date": "soon"}, gz_search.DocumentError, 'a: date: "soon" is not a day'),
        ({"id": "a", "text": "x", "amount": "much"}, gz_search.DocumentError, "a: amount: "),
        ({"id": "a", "text": "x", "amount": object()}, TypeError, "a value of type object cannot be indexed"),
        ({"id": "a", "text": "\ud800"}, gz_search.DocumentError, "document 1: "),
        ("a text", TypeError, "a document is a mapping with id and text, not str"),
        ([3], TypeError, "a document is a mapping with id and text, not int"),
    ],
)
def test_a_document_that_is_not_understood_is_refused(document: Any, error: type[Exception], message: str) -> None:
    with pytest.raises(error) as raised:
        Index(fields={"amount": "number"}).add(document)
    assert message in str(raised.value)


def test_all_fields_of_a_document_are_kept() -> None:
    index = Index(fields=MappingProxyType({"desk": "keyword"}))
    day = datetime.date(2025, 6, 30)
    index.add({
        "id": "a", "title": "Port News", "text": "广州港。\n\nExports 🏗 grew.", "date": day, "issuer": "Bureau of Ports",
        "url": "https://ports.example/a", "number": "3号", "desk": "trade", "metadata": {"pages": 2},
    })  # fmt: skip
    document = index.document("a")
    assert document is not None
    assert (document.id, document.title, document.date) == ("a", "Port News", day)
    assert (document.issuer, document.url, document.number) == ("Bureau of Ports", "https://ports.example/a", "3号")
    assert (document.metadata, document.passages, document.source) == ({"desk": "trade", "pages": "2"}, 2, "")
    text = index.document_text("a")
    assert text is not None
    for passage in index.passages("a"):
        assert text[passage.start : passage.end] == passage.text == str(passage)
    assert [passage.id for passage in index.passages_around("a#1")] == ["a#0", "a#1"]
    found = index.passage("a#1")
    assert found is not None and found.link.startswith("gz-search:a#1@")
    assert [index.document("b"), index.document_text("b"), index.passage("b#0")] == [None, None, None]
    assert index.passages("b") == index.passages_around("b#0") == []


def test_files_are_updated(tmp_path: Path) -> None:
    folder = tmp_path / "releases"
    folder.mkdir()
    (folder / "a.md").write_text("# Exports\n\nExports grew.\n")
    (folder / "b.txt").write_text("Rails grew.\n")
    (folder / "c.html").write_text("<p>Roads grew.</p>")
    index = Index(tmp_path / "index")
    report = index.update(folder, exclude=["*.txt"])
    assert (report.added, report.failures, report.removed) == (2, [], 0)
    assert index.update([folder], exclude=["*.txt"]).unchanged == 2
    (folder / "a.md").write_text("# Exports\n\nExports shrank a lot.\n")
    (folder / "c.html").unlink()
    report = index.update(str(folder))
    assert (report.added, report.updated, report.removed) == (1, 1, 1)
    with pytest.raises(gz_search.Error, match="none"):
        index.update(tmp_path / "none")
    index.update(folder, issuer="Bureau of Rails", lang="de")
    assert {(hit.document.issuer, hit.document.lang) for hit in index.search("grew")} == {("Bureau of Rails", "de")}
    (folder / "broken.docx").write_bytes(b"PK\3\4broken")
    [(path, reason)] = index.update(folder).failures
    assert path.endswith("broken.docx") and reason


def test_a_signal_stops_an_update(tmp_path: Path) -> None:
    for number in range(2_000):
        (tmp_path / f"{number}.txt").write_text(f"Rail {number} grew.\n")

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGALRM, interrupt)
    writer = Index().writer()
    try:
        with pytest.raises(KeyboardInterrupt):
            signal.setitimer(signal.ITIMER_REAL, 0.02)
            writer.update(tmp_path)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
    assert writer.commit() < 2_000


def test_declared_fields_are_checked(tmp_path: Path) -> None:
    index = Index(tmp_path / "index", fields={"desk": "keyword", "amount": "number"})
    assert index.fields == {"amount": "number", "desk": "keyword"}
    assert Index(tmp_path / "index").fields == index.fields
    with pytest.raises(gz_search.InvalidArgumentError, match="the index declares the fields amount:number"):
        Index(tmp_path / "index", fields={"desk": "text"})
    with pytest.raises(gz_search.InvalidArgumentError, match="there is no type of a field words"):
        Index(fields={"desk": "words"})  # type: ignore[dict-item]


def test_threads_share_an_index_and_a_writer() -> None:
    index = Index()
    failures: list[BaseException] = []

    def run(work: Any) -> None:
        try:
            work()
        except BaseException as failure:
            failures.append(failure)

    def search() -> None:
        for _ in range(50):
            assert all(hit.text == "Exports grew." for hit in index.search("exports"))

    with index.writer() as writer:
        def add(first: int) -> None:
            for number in range(first, first + 50):
                writer.add({"id": str(number), "text": "Exports grew."})
            writer.checkpoint()

        work = [lambda first=first: add(first) for first in (0, 50, 100)] + [search, search]
        threads = [threading.Thread(target=run, args=[each]) for each in work]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert failures == []
    assert (len(index), index.search("exports").total) == (150, 150)


def test_other_threads_run_during_an_update(tmp_path: Path) -> None:
    for number in range(1_000):
        (tmp_path / f"{number}.txt").write_text(f"Rail {number} grew.\n")
    writer = Index().writer()
    update = threading.Thread(target=writer.update, args=[tmp_path])
    turns = 0
    update.start()
    while update.is_alive():
        time.sleep(0.001)
        turns += 1
    assert turns > 10


def test_a_search_sees_commits_through_other_values(tmp_path: Path) -> None:
    index = Index(tmp_path / "index")
    assert index.search("exports").total == 0
    Index(tmp_path / "index").add({"id": "a", "text": "Exports grew."})
    assert index.search("exports").total == 1


def test_a_snapshot_is_an_independent_index(tmp_path: Path) -> None:
    index = Index(tmp_path / "index")
    index.add({"id": "a", "text": "Exports grew."})
    index.snapshot(tmp_path / "copy")
    index.remove("a")
    assert (len(index), len(Index.open(tmp_path / "copy"))) == (0, 1)
    with pytest.raises(gz_search.InvalidArgumentError, match="in memory"):
        Index().snapshot(tmp_path / "other")
