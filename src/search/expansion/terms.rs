//! What the slots of a query ask for → the terms of the index that may stand there.

use std::collections::BTreeMap;

use regex::RegexBuilder;
use tantivy::{
    DocSet, TERMINATED, Term,
    query::FuzzyTermQuery,
    schema::{Field, IndexRecordOption},
    termdict::TermStreamer,
};
use tantivy_fst::Automaton;

use crate::{
    analysis::stem,
    error::Result,
    index::SENTENCE_END,
    query::{ExpandedTerm, Note, NoteKind, PhraseSlot, QueryPlan, TermPattern, matches_glob},
    script::is_han,
    search::{
        engine,
        reader::SegmentView,
        remote::{TermShape, whole_of},
    },
};

/// A pattern stands for so many terms at most: the most frequent ones.
const MAX_FORMS: usize = 512;
/// A regular expression that takes more memory than that is refused.
const MAX_REGEX_BYTES: usize = 256 * 1024;
/// So many of them are named in a note.
const MAX_NAMED: usize = 8;
/// What another spelling counts, by its edits.
const BY_EDITS: [f32; 3] = [1.0, 0.5, 0.25];

/// Terms with the number of live entries that have them.
pub(in crate::search) type TermFrequencies = BTreeMap<String, u64>;

/// Fills in the forms of every slot.
pub(in crate::search) fn expand(
    query: &mut QueryPlan,
    segments: &[SegmentView<'_>],
    notes: &mut Vec<Note>,
) -> Result<()> {
    each_slot(query, segments, |slot, field| fill(slot, field, segments, notes))
}

/// Fills in the forms of slots that have none yet and ask for a word.
pub(in crate::search) fn expand_words(
    query: &mut QueryPlan,
    segments: &[SegmentView<'_>],
) -> Result<()> {
    each_slot(query, segments, |slot, field| {
        if let (TermPattern::Stem { term, stem }, true) = (&slot.pattern, slot.terms.is_empty()) {
            slot.terms = stemmed(term, stem, field, segments)?;
        }
        Ok(())
    })
}

/// Does something with every slot and the field that its terms stand in.
pub(in crate::search) fn each_slot(
    query: &mut QueryPlan,
    segments: &[SegmentView<'_>],
    mut done: impl FnMut(&mut PhraseSlot, Field) -> Result<()>,
) -> Result<()> {
    let Some(segment) = segments.first() else { return Ok(()) };
    for leaf in &mut query.leaves {
        let field = segment.field(leaf.field);
        for slot in leaf.alternatives.iter_mut().flat_map(|variant| &mut variant.slots) {
            done(slot, field)?;
        }
    }
    Ok(())
}

fn fill(
    slot: &mut PhraseSlot,
    field: Field,
    segments: &[SegmentView<'_>],
    notes: &mut Vec<Note>,
) -> Result<()> {
    let (shown, found) = match &slot.pattern {
        TermPattern::Term(_) => return Ok(()),
        TermPattern::Stem { term, stem } => {
            slot.terms = stemmed(term, stem, field, segments)?;
            return Ok(());
        }
        TermPattern::Wildcard(pattern) => {
            (pattern.clone(), Some(shaped(pattern, field, segments)?))
        }
        TermPattern::Regex(pattern) => {
            (format!("/{pattern}/"), expressed(pattern, field, segments, notes)?)
        }
        TermPattern::Fuzzy { term, edits } => {
            (format!("{term}~{edits}"), Some(spelled(term, *edits, field, segments)?))
        }
    };
    let Some(found) = found else { return Ok(()) };
    let count = found.len();
    let mut forms: Vec<(ExpandedTerm, u64)> = found
        .into_iter()
        .map(|(term, frequency)| {
            (ExpandedTerm { weight: weight(&slot.pattern, &term), term }, frequency)
        })
        .collect();
    // The closest first, then the most frequent.
    forms.sort_by(|(a, frequent), (b, other)| {
        b.weight.total_cmp(&a.weight).then(other.cmp(frequent)).then_with(|| a.term.cmp(&b.term))
    });
    forms.truncate(MAX_FORMS);
    slot.terms = forms.into_iter().map(|(form, _)| form).collect();
    notes.push(said(&shown, count, &slot.terms));
    Ok(())
}

fn said(shown: &str, count: usize, forms: &[ExpandedTerm]) -> Note {
    let named: Vec<&str> = forms.iter().take(MAX_NAMED).map(|form| form.term.as_str()).collect();
    let more = if forms.len() > MAX_NAMED { ", …" } else { "" };
    let named = named.join(", ");
    match count {
        0 => Note::new(NoteKind::Expanded, format!("{shown} stands for no word of the index")),
        1 => Note::new(NoteKind::Expanded, format!("{shown} stands for 1 word: {named}")),
        count if count > MAX_FORMS => Note::new(
            NoteKind::Truncated,
            format!(
                "{shown} stands for {count} words: searched for the {MAX_FORMS} most frequent: {named}{more}"
            ),
        ),
        count => Note::new(
            NoteKind::Expanded,
            format!("{shown} stands for {count} words: {named}{more}"),
        ),
    }
}

fn weight(wanted: &TermPattern, found: &str) -> f32 {
    match wanted {
        TermPattern::Fuzzy { term, .. } => {
            BY_EDITS.get(edits(term, found)).copied().unwrap_or(BY_EDITS[2])
        }
        _ => 1.0,
    }
}

/// All terms with the stem of `term`; `term` itself is first.
pub(in crate::search) fn stemmed(
    term: &str,
    wanted: &str,
    field: Field,
    segments: &[SegmentView<'_>],
) -> Result<Vec<ExpandedTerm>> {
    let mut found = vec![ExpandedTerm { term: term.to_owned(), weight: 1.0 }];
    // Numbers and words of other scripts are their own stem and have no other forms.
    if has_forms(wanted) {
        let mut others = with_stem_here(wanted, field, segments, |form| form != term)?;
        if let Some(segment) = segments.first().filter(|segment| segment.whole.is_some()) {
            // A form that occurs in the whole may stand here above a passage only.
            for above in [segment.fields.title, segment.fields.heading] {
                others.extend(with_stem_here(wanted, above, segments, |form| form != term)?);
            }
        }
        found.extend(others.into_keys().map(|term| ExpandedTerm { term, weight: 1.0 }));
    }
    Ok(found)
}

/// The terms of a stem that `keep` keeps.
pub(in crate::search) fn with_stem(
    wanted: &str,
    field: Field,
    segments: &[SegmentView<'_>],
    keep: impl Fn(&str) -> bool,
) -> Result<TermFrequencies> {
    if let Some(mut found) = asked(field, segments, || TermShape::Stem(wanted.to_owned())) {
        found.retain(|form, _| keep(form));
        return Ok(found);
    }
    with_stem_here(wanted, field, segments, keep)
}

/// The terms of a stem in these segments, whatever they are a part of.
fn with_stem_here(
    wanted: &str,
    field: Field,
    segments: &[SegmentView<'_>],
    keep: impl Fn(&str) -> bool,
) -> Result<TermFrequencies> {
    let mut found = TermFrequencies::new();
    for segment in segments {
        let of_stem = segment.columns.known.stem(field, wanted, || {
            let one = std::slice::from_ref(segment);
            in_range_here(form_prefix(wanted), field, one, |form| stem(form) == wanted)
        })?;
        for (form, frequency) in of_stem.iter().filter(|(form, _)| keep(form)) {
            *found.entry(form.clone()).or_default() += frequency;
        }
    }
    Ok(found)
}

/// The stem by which a term is found as a form of another.
pub(crate) fn stem_of(term: &str) -> std::borrow::Cow<'_, str> {
    let found = stem(term);
    if term.starts_with(form_prefix(&found)) { found } else { term.into() }
}

/// Whether a stem may be that of other words.
pub(in crate::search) fn has_forms(stem: &str) -> bool {
    stem.bytes().all(|byte| byte.is_ascii_lowercase())
}

/// What all words of a stem begin with. Snowball's English stemmer changes the end of a word (y to
/// i, a dropped e put back, bility to bl), so the stem without a last such letter is a prefix of them.
pub(in crate::search) fn form_prefix(stem: &str) -> &str {
    let shorter = stem
        .strip_suffix(['e', 'i', 'y'])
        .or_else(|| stem.strip_suffix('l').filter(|shorter| shorter.ends_with('b')));
    shorter.filter(|shorter| shorter.len() >= 2).unwrap_or(stem)
}

/// The terms of the whole that look so, where these segments are a part of one.
fn asked(
    field: Field,
    segments: &[SegmentView<'_>],
    shape: impl FnOnce() -> TermShape,
) -> Option<TermFrequencies> {
    let (segment, whole) = segments.first().zip(whole_of(segments))?;
    Some(whole.terms(segment.vocabulary(field), shape()))
}

/// The terms that begin with `prefix`.
pub(in crate::search) fn begun(
    prefix: &str,
    field: Field,
    segments: &[SegmentView<'_>],
) -> Result<TermFrequencies> {
    match asked(field, segments, || TermShape::Prefix(prefix.to_owned())) {
        Some(found) => Ok(found),
        None => in_range_here(prefix, field, segments, |_| true),
    }
}

/// The terms of these segments that begin with `prefix` and that `keep` keeps.
fn in_range_here(
    prefix: &str,
    field: Field,
    segments: &[SegmentView<'_>],
    keep: impl Fn(&str) -> bool,
) -> Result<TermFrequencies> {
    let mut end = prefix.as_bytes().to_vec();
    if let Some(last) = end.last_mut() {
        *last += 1;
    }
    let mut found = TermFrequencies::new();
    for segment in segments {
        let inverted = segment.reader.inverted_index(field).map_err(engine)?;
        let range = inverted.terms().range().ge(prefix);
        let range = if end.is_empty() { range } else { range.lt(&end) };
        let stream = range.into_stream().map_err(|e| engine(e.into()))?;
        collect(stream, segment, field, &keep, &mut found)?;
    }
    Ok(found)
}

/// The terms of a shape with `*` and `?`.
fn shaped(pattern: &str, field: Field, segments: &[SegmentView<'_>]) -> Result<TermFrequencies> {
    if let Some(mut found) = asked(field, segments, || TermShape::Glob(pattern.to_owned())) {
        found.retain(|term, _| matches_glob(pattern, term));
        return Ok(found);
    }
    let prefix = pattern.split(['*', '?']).next().unwrap_or_default();
    in_range_here(prefix, field, segments, |term| matches_glob(pattern, term))
}

/// The terms that a regular expression holds of, all of each; none for one that cannot be read.
fn expressed(
    expression: &str,
    field: Field,
    segments: &[SegmentView<'_>],
    notes: &mut Vec<Note>,
) -> Result<Option<TermFrequencies>> {
    let whole = format!("^(?:{expression})$");
    match RegexBuilder::new(&whole).size_limit(MAX_REGEX_BYTES).build() {
        Ok(regex) => match asked(field, segments, || TermShape::Regex(expression.to_owned())) {
            Some(mut found) => {
                found.retain(|term, _| regex.is_match(term));
                Ok(Some(found))
            }
            None => in_range_here("", field, segments, |term| regex.is_match(term)).map(Some),
        },
        Err(error) => {
            let reason = error.to_string();
            let reason = reason.lines().last().unwrap_or_default().trim();
            notes.push(Note::new(
                NoteKind::Ignored,
                format!("/{expression}/ cannot be read, it finds nothing: {reason}"),
            ));
            Ok(None)
        }
    }
}

/// The terms at most so many edits from `term`: a letter replaced, left out, put in, or swapped with
/// the next.
pub(in crate::search) fn spelled(
    term: &str,
    edits: u8,
    field: Field,
    segments: &[SegmentView<'_>],
) -> Result<TermFrequencies> {
    // A number is no spelling of a word.
    let is_word = |term: &str| !term.starts_with(|c: char| c.is_numeric() || is_han(c));
    let shape = || TermShape::Fuzzy { term: term.to_owned(), edits };
    if let Some(mut found) = asked(field, segments, shape) {
        found.retain(|term, _| is_word(term));
        return Ok(found);
    }
    let query = FuzzyTermQuery::new(Term::from_field_text(field, term), edits, true);
    let mut found = TermFrequencies::new();
    for segment in segments {
        let inverted = segment.reader.inverted_index(field).map_err(engine)?;
        let automaton = query.automaton().map_err(engine)?;
        let terms = inverted.terms().search(automaton);
        let stream = terms.into_stream().map_err(|e| engine(e.into()))?;
        collect(stream, segment, field, &is_word, &mut found)?;
    }
    Ok(found)
}

fn collect<A: Automaton>(
    mut stream: TermStreamer<'_, A>,
    segment: &SegmentView<'_>,
    field: Field,
    keep: &impl Fn(&str) -> bool,
    found: &mut TermFrequencies,
) -> Result<()>
where
    A::State: Clone,
{
    while stream.advance() {
        let term = std::str::from_utf8(stream.key()).unwrap_or_default();
        if term == SENTENCE_END || !keep(term) {
            continue;
        }
        let frequency = live(segment, field, term, stream.value().doc_freq)?;
        if frequency > 0 {
            *found.entry(term.to_owned()).or_default() += frequency;
        }
    }
    Ok(())
}

/// How many live entries have a term: what the dictionary says, unless some were deleted.
fn live(segment: &SegmentView<'_>, field: Field, term: &str, said: u32) -> Result<u64> {
    if !segment.reader.has_deletes() {
        return Ok(u64::from(said));
    }
    let inverted = segment.reader.inverted_index(field).map_err(engine)?;
    let cursor = inverted
        .read_postings(&Term::from_field_text(field, term), IndexRecordOption::Basic)
        .map_err(|e| engine(e.into()))?;
    let Some(mut cursor) = cursor else { return Ok(0) };
    let mut count = 0;
    while cursor.doc() != TERMINATED {
        count += u64::from(!segment.reader.is_deleted(cursor.doc()));
        cursor.advance();
    }
    Ok(count)
}

/// The fewest edits that make `a` of `b`, where swapping neighbours is one (optimal string alignment).
pub(crate) fn edits(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let mut rows: Vec<Vec<usize>> = vec![(0..=b.len()).collect()];
    for (i, &from) in a.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, &to) in b.iter().enumerate() {
            let at = |row: &[usize], index: usize| row.get(index).copied().unwrap_or(usize::MAX);
            let above = rows.last().map_or(&[][..], Vec::as_slice);
            let mut least = (at(above, j) + usize::from(from != to))
                .min(at(above, j + 1) + 1)
                .min(at(&row, j) + 1);
            let swapped =
                i > 0 && j > 0 && a.get(i - 1) == Some(&to) && b.get(j - 1) == Some(&from);
            if swapped && let Some(before) = rows.len().checked_sub(2).and_then(|k| rows.get(k)) {
                least = least.min(at(before, j - 1) + 1);
            }
            row.push(least);
        }
        rows.push(row);
    }
    rows.last().and_then(|row| row.last()).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_begin_with_the_prefix_of_their_stem() {
        for words in [
            &["possible", "possibly", "possibility", "possibilities"][..],
            &["responsible", "responsibility"],
            &["ability", "abilities"],
            &["factory", "factories"],
            &["skies", "sky"],
            &["hope", "hoped", "hoping", "hopes"],
            &["nation", "nations"],
            &["agency", "agencies"],
        ] {
            let stemmed = stem(words[0]);
            for word in words {
                assert_eq!(stem(word), stemmed, "{word}");
                assert!(word.starts_with(form_prefix(&stemmed)), "{word} {stemmed}");
            }
        }
    }

    #[test]
    fn edits_between_words() {
        for (a, b, expected) in [
            ("", "", 0),
            ("car", "car", 0),
            ("car", "cat", 1),
            ("flyng", "flying", 1),
            ("fyling", "flying", 1),
            ("factory", "facory", 1),
            ("kitten", "sitting", 3),
        ] {
            assert_eq!(edits(a, b), expected, "{a} {b}");
            assert_eq!(edits(b, a), expected, "{b} {a}");
        }
    }
}
