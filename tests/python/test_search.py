"""Searches: filters, order, groups, pages, facets, snippets, citations and suggestions."""

import datetime
import json
from types import MappingProxyType
from typing import Any

import gz_search
import pytest
from gz_search import Index

RELEASES = [
    {"id": "a", "title": "Ports", "text": "Exports & ports grew.\n\nExports 🏗 again.", "date": "2024-03-01",
     "issuer": "Bureau of Ports", "desk": "trade", "amount": 5},
    {"id": "b", "title": "Rails", "text": "Exports by rail grew.", "date": "2025-06-30",
     "issuer": "Bureau of Rails", "desk": "rail", "amount": 1250},
    {"id": "c", "title": "港口", "text": "出口增长，港口发展。", "date": "2025-12-17", "issuer": "商务局", "desk": "trade", "amount": -3},
]  # fmt: skip


@pytest.fixture(scope="module")
def index() -> Index:
    index = Index(fields={"desk": "keyword", "amount": "number"})
    index.add(RELEASES)
    return index


def ids(index: Index, query: str, **options: Any) -> list[str]:
    return [hit.id for hit in index.search(query, **options)]


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({}, {"a#0", "a#1", "b#0"}),
        ({"after": 2025}, {"b#0"}),
        ({"after": datetime.date(2025, 6, 30)}, {"b#0"}),
        ({"before": "2025-06"}, {"a#0", "a#1"}),
        ({"issuer": "rails"}, {"b#0"}),
        ({"issuer": ["rails", "ports"]}, {"a#0", "a#1", "b#0"}),
        ({"lang": "zh"}, set()),
        ({"speaker": "Wang"}, set()),
        ({"source": "x.txt"}, set()),
        ({"filters": "amount>=6"}, {"b#0"}),
        ({"filters": ["desk=trade", "amount=5"]}, {"a#0", "a#1"}),
        ({"only": {"year": 2024}}, {"a#0", "a#1"}),
        ({"only": MappingProxyType({"year": 2025})}, {"b#0"}),
        ({"only": {"year": ["2024"], "desk": "trade"}}, {"a#0", "a#1"}),
        ({"strict": True, "synonyms": False, "width": 40, "fragments": 1}, {"a#0", "a#1", "b#0"}),
    ],
)
def test_options_restrict_the_hits(index: Index, options: dict[str, Any], expected: set[str]) -> None:
    assert set(ids(index, "exports", **options)) == expected


def test_hits_are_sorted_and_grouped(index: Index) -> None:
    assert ids(index, "exports", sort="date")[0] == "b#0"
    assert ids(index, "exports", sort="amount:asc", group="document")[-1] == "b#0"
    grouped = index.search("exports", group="document", group_size=2, sort="amount")
    assert [len(hit.next_best) for hit in grouped] == [1, 0]
    near = index.search("exports", group="near")
    assert near[0].near_duplicates == [] and grouped[0].near_duplicates is None


def test_a_page_is_a_sequence_of_hits(index: Index) -> None:
    page = index.search("exports")
    assert (page.query, page.total, page.total_documents, len(page)) == ("exports", 3, 2, 3)
    assert [hit.rank for hit in page] == [hit.rank for hit in page.hits] == [1, 2, 3]
    assert page[0].id == page.hits[0].id and page[-1].id == page.hits[2].id
    for out in (3, -4):
        with pytest.raises(IndexError):
            page[out]
    assert page[0].score >= page[1].score > 0
    assert (page.cut, page.total_other, page.elapsed > 0) == (False, 0, True)


def test_cursors_join_pages(index: Index) -> None:
    page = index.search("exports", limit=2)
    assert page.next is not None
    rest = index.search("exports", limit=2, cursor=page.next)
    assert [hit.id for hit in [*page, *rest]] == ids(index, "exports")
    assert rest.next is None
    assert ids(index, "exports", offset=2) == [rest[0].id]
    assert index.search("exports", limit=1, cursor=page[0].cursor)[0].id == page[1].id


def test_snippets_mark_the_matching_words(index: Index) -> None:
    hit = index.search("exports grew", only={"desk": "trade"})[0]
    assert hit.snippet == hit.text == "Exports & ports grew."
    assert hit.snippet_html == "<mark>Exports</mark> &amp; ports <mark>grew</mark>."
    assert [hit.text[start:end] for start, end in hit.highlights] == ["Exports", "grew"]
    [crane] = [hit for hit in index.search("again") if hit.id == "a#1"]
    assert [crane.text[start:end] for start, end in crane.highlights] == ["again"]
    assert (crane.matched, crane.missing, crane.title) == ("all", [], "Ports")


def test_facets_are_counted(index: Index) -> None:
    facets = index.search("exports", facets=["year", "desk"], limit=0).facets
    assert list(facets) == ["desk", "year"]
    assert [(value.value, value.passages, value.documents) for value in facets["desk"].values] == [
        ("trade", 2, 1),
        ("rail", 1, 1),
    ]
    assert (facets["year"].name, len(facets["year"]), facets["year"][-1].value) == ("year", 2, "2025")
    limited = index.search("exports", facets="desk", facet_limit=1).facets["desk"]
    assert (len(limited), limited.more_values, limited.without_value) == (1, 1, 0)


def test_citations_and_formats_follow_the_library(index: Index) -> None:
    page = index.search("rail", limit=1)
    assert page[0].cite().startswith("“Exports by rail grew.”\n— Bureau of Rails")
    for style, expected in [("bibtex", "@"), ("markdown", ">"), ("ris", "TY"), ("csl-json", "["), ("apa", "“"), ("gbt7714", "“")]:
        assert page[0].cite(style).startswith(expected), style  # type: ignore[arg-type]
    assert page.cite("ris") == page[0].cite("ris")
    rendered = json.loads(page.render("json"))
    assert rendered["hits"][0]["document"]["id"] == "b"
    for format, expected in [("html", "<!doctype"), ("markdown", "rail"), ("csv", "b#0"), ("jsonl", "{")]:
        assert expected in page.render(format), format  # type: ignore[arg-type]


def test_chinese_words_are_found(index: Index) -> None:
    [hit] = index.search("港口發展")
    assert (hit.document.lang, hit.document.date) == ("zh-Hans", datetime.date(2025, 12, 17))
    assert "<mark>" in hit.snippet_html


def test_suggestions_complete_a_text(index: Index) -> None:
    [suggestion] = [each for each in index.suggest("expo") if each.kind == "word"]
    assert (suggestion.text, str(suggestion), suggestion.passages) == ("Exports", "Exports", 3)
    assert index.suggest("expo", limit=0) == []


def test_similar_passages_are_found(index: Index) -> None:
    similar = index.similar("b#0", limit=3)
    assert similar is not None and all(hit.document.id != "b" for hit in similar)
    assert index.similar("unknown#0") is None


def test_notes_and_explanations_are_given(index: Index) -> None:
    page = index.search("exprots rail", explain=True)
    assert page.notes and all(note.kind and note.message == str(note) for note in page.notes)
    hit = page[0]
    assert sum(value for _, value in hit.explanation) == pytest.approx(hit.score, rel=1e-3)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"sort": "amount:up"}, "amount:up"),
        ({"group": "pairs"}, "pairs"),
        ({"facets": "a b"}, "there is no facet a_b"),
        ({"facets": "office"}, "office"),
        ({"only": {"office": "x"}}, "office"),
        ({"filters": "desk"}, "is not a filter"),
        ({"after": "soon"}, 'after: "soon" is not a date'),
        ({"cursor": "x"}, "cursor"),
        ({"cursor": "x", "offset": 1}, "exclude each other"),
        ({"timeout": -1}, "timeout"),
    ],
)
def test_malformed_arguments_are_refused(index: Index, options: dict[str, Any], message: str) -> None:
    with pytest.raises(gz_search.InvalidArgumentError) as raised:
        index.search("exports", **options)
    assert message in str(raised.value)
    hit = index.search("exports")[0]
    with pytest.raises(gz_search.InvalidArgumentError, match="the styles are text"):
        hit.cite("mla")  # type: ignore[arg-type]
    with pytest.raises(gz_search.InvalidArgumentError, match="the formats are json"):
        index.search("exports").render("pdf")  # type: ignore[arg-type]


def test_values_describe_themselves(index: Index) -> None:
    page = index.search("rail", facets="desk")
    for value, expected in [
        (index, "Index()"),
        (page, "Results('rail', "),
        (page[0], "Hit('b#0', rank=1, score="),
        (page[0].document, "Document('b', title='Rails')"),
        (page[0].passage, "Passage('b#0')"),
        (page.facets["desk"], "FacetCounts('desk', "),
        (page.facets["desk"][0], "FacetValue('rail', passages=1, documents=1)"),
        (index.suggest("expo")[0], "Suggestion('Exports'"),
    ]:
        assert repr(value).startswith(expected), repr(value)
    with pytest.raises(AttributeError):
        page[0].score = 1.0  # type: ignore[misc]


def test_figures_of_the_hits_are_a_table() -> None:
    index = Index()
    index.add({"id": "a", "text": "In 2024, exports grew by 5.3 %.", "date": "2025-01-20"})
    [fact] = index.search("exports").facts()
    assert (fact["value"], fact["unit"], fact["change"], fact["passage"]) == ("5.3", "%", "increase", "a#0")
    assert (fact["from"], fact["to"], "span" in fact) == ("2024-01-01", "2024-12-31", False)
