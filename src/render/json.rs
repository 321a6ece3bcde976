//! Results → JSON, one object; or JSON Lines, one hit a line.

use serde_json::{Value, json as object};

use super::{CitationStyle, Page, html, page::Context, snippet::line};
use crate::{
    highlight::{Fragment, Snippet},
    search::{Count, FacetCounts, FacetValue, Hit, PassageInfo, Reason},
    span::{Offset, OffsetUnit, Span},
};

/// One object with the page and all that is known of it; every span counts in `unit`.
///
/// ```
/// # fn main() -> gz_search::Result<()> {
/// use gz_search::{Document, Index, OffsetUnit, Query, render};
///
/// let index = Index::in_memory();
/// let writer = index.writer()?;
/// writer.add(&Document::new("a", "广州 port"))?;
/// writer.commit()?;
/// let results = index.searcher()?.search(&Query::new("port"))?;
/// let json = render::json(&results, OffsetUnit::Codepoint);
/// assert!(json.contains("\"highlights\":[[3,7]]"));
/// # Ok(())
/// # }
/// ```
pub fn json<'a>(page: impl Into<Page<'a>>, unit: OffsetUnit) -> String {
    let page = page.into();
    let results = page.results;
    let hits: Vec<Value> =
        page.hits().map(|(found, context)| hit(found, context, page.cite, unit)).collect();
    let mut value = object!({
        "query": results.query,
        "notes": results.notes,
        "total": results.total,
        "total_exact": true,
        "total_documents": results.total_documents,
        "elapsed_ms": (results.elapsed.as_secs_f64() * 1e6).round() / 1e3,
        "offset_encoding": unit.name(),
        "hits": hits,
        "next": results.next,
    });
    if let Some(fields) = value.as_object_mut().filter(|_| !results.facets.is_empty()) {
        let facets =
            results.facets.iter().map(|counts| (counts.facet.name().to_owned(), facet(counts)));
        fields.insert("facets".to_owned(), Value::Object(facets.collect()));
    }
    value.to_string()
}

fn facet(FacetCounts { values, more, without, .. }: &FacetCounts) -> Value {
    let value = |FacetValue { value, count }: &FacetValue| object!({"value": value, "passages": count.passages, "documents": count.documents});
    let values: Vec<Value> = values.iter().map(value).collect();
    let Count { passages, documents } = without;
    object!({
        "values": values,
        "more": more,
        "without": {"passages": passages, "documents": documents},
    })
}

/// One line for each hit of the page; every span counts in `unit`.
pub fn json_lines<'a>(page: impl Into<Page<'a>>, unit: OffsetUnit) -> String {
    let page = page.into();
    let lines =
        page.hits().map(|(found, context)| hit(found, context, page.cite, unit).to_string());
    lines.flat_map(|line| [line, "\n".to_owned()]).collect()
}

fn hit(
    hit: &Hit,
    context: Option<&Context>,
    cite: Option<CitationStyle>,
    unit: OffsetUnit,
) -> Value {
    let Hit { rank, score, collapsed, document, passage, snippet, reasons, .. } = hit;
    let citation = cite.map(|style| hit.citation().written(style));
    let end = passage.start.after(&passage.text);
    let mut value = object!({
        "rank": rank,
        "score": score,
        "collapsed": collapsed,
        "document": {
            "id": document.id,
            "title": document.title,
            "source": document.source,
            "date": document.date,
            "issuer": document.issuer,
            "lang": document.lang,
            "url": document.url,
            "number": document.number,
            "origins": document.origins,
            "inferred": document.inferred,
        },
        "passage": {
            "id": passage.id,
            "ordinal": passage.ordinal,
            "paragraph": passage.paragraph,
            "page": passage.page,
            "hash": passage.hash,
            "headings": passage.headings,
            "issuer": passage.issuer,
            "speaker": passage.speaker,
            "span": [passage.start.count(unit), end.count(unit)],
            "text": passage.text,
        },
        "snippet": snippet_value(hit, snippet, unit),
    });
    if let Some(fields) = value.as_object_mut() {
        fields.extend(context.map(|context| ("context".to_owned(), neighbours(context))));
        fields.extend(citation.map(|citation| ("citation".to_owned(), citation.into())));
        if !reasons.is_empty() {
            let part = |Reason { what, score }: &Reason| object!({"what": what, "score": score});
            let parts: Vec<Value> = reasons.iter().map(part).collect();
            fields.insert("explanation".to_owned(), parts.into());
        }
    }
    value
}

fn snippet_value(hit: &Hit, snippet: &Snippet, unit: OffsetUnit) -> Value {
    let Hit { document, passage, .. } = hit;
    let fragment = |Fragment { text, span, highlights, .. }: &Fragment| {
        object!({
            "text": text,
            "span": counted(*span, &passage.text, unit),
            "highlights": all_counted(highlights, &passage.text, unit),
        })
    };
    let fragments: Vec<Value> = snippet.fragments.iter().map(fragment).collect();
    let headings = snippet.headings.iter().zip(&passage.headings);
    let headings: Vec<_> =
        headings.map(|(spans, heading)| all_counted(spans, heading, unit)).collect();
    let title = document.title.as_deref().unwrap_or_default();
    object!({
        "text": line(snippet, &passage.text, |text, _| text.to_owned()),
        "html": line(snippet, &passage.text, html::marked),
        "fragments": fragments,
        "title": all_counted(&snippet.title, title, unit),
        "headings": headings,
    })
}

fn neighbours(Context { before, after }: &Context) -> Value {
    let short = |passages: &[PassageInfo]| -> Vec<Value> {
        passages.iter().map(|passage| object!({"id": passage.id, "text": passage.text})).collect()
    };
    object!({"before": short(before), "after": short(after)})
}

/// A span of `text`, in `unit`.
fn counted(span: Span, text: &str, unit: OffsetUnit) -> [usize; 2] {
    if unit == OffsetUnit::Utf8 {
        return [span.start, span.end];
    }
    let start = Offset::default().after(text.get(..span.start).unwrap_or_default());
    [start.count(unit), start.after(span.of(text)).count(unit)]
}

fn all_counted(spans: &[Span], text: &str, unit: OffsetUnit) -> Vec<[usize; 2]> {
    spans.iter().map(|&span| counted(span, text, unit)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_in_every_unit() {
        let text = "a广😀b";
        for (span, unit, expected) in [
            (Span::new(1, 8), OffsetUnit::Utf8, [1, 8]),
            (Span::new(1, 8), OffsetUnit::Utf16, [1, 4]),
            (Span::new(1, 8), OffsetUnit::Codepoint, [1, 3]),
            (Span::new(8, 9), OffsetUnit::Utf16, [4, 5]),
            (Span::new(8, 9), OffsetUnit::Codepoint, [3, 4]),
            (Span::new(0, 0), OffsetUnit::Utf16, [0, 0]),
        ] {
            assert_eq!(counted(span, text, unit), expected, "{span:?} {unit:?}");
        }
    }
}
