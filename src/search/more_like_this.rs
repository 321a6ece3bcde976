//! Passage → what resembles it in other releases: what a query of its most telling words finds.

use std::{cmp::Ordering, collections::BTreeMap, rc::Rc, time::Instant};

use tantivy::schema::Field;

use super::{
    SearchResults, Searcher, catch_panic, deadline::Deadline, page::PageRequest, reader::BitSet,
    remote::CountedTerms,
};
use crate::{
    analysis::{Analysis, HanWordKind, TokenKind, is_stop_word, stem},
    error::Result,
    index::{self, Fields},
    query::{Alternative, Clause, Collapse, PhraseSlot, Query, Ranking, Sort, TextField},
};

/// So many words are asked for: the others say little that these do not.
const MOST_WORDS: usize = 24;
/// Repetitions beyond these add nothing.
const MOST_TIMES: u32 = 4;

/// A word of the passage.
struct Telling {
    word: String,
    times: u32,
    /// In how many passages of other documents it is.
    passages: u64,
}

impl Searcher {
    /// The passages of other documents that resemble the passage of this id most, the best one of each
    /// document; none where the id is unknown. What is highlighted in them is what they have in common
    /// with it, and the query of the results is what was asked for.
    ///
    /// ```
    /// # fn main() -> gz_search::Result<()> {
    /// use gz_search::{Document, Index};
    ///
    /// let index = Index::in_memory();
    /// let writer = index.writer()?;
    /// writer.add(&Document::new("ports", "Container ports handled more cargo."))?;
    /// writer.add(&Document::new("schools", "Schools opened on Monday."))?;
    /// writer.add(&Document::new("cargo", "Cargo grew at the container terminals."))?;
    /// writer.commit()?;
    /// let searcher = index.searcher()?;
    /// let similar = searcher.similar("ports#0", 5)?.expect("it was added").hits;
    /// assert_eq!(similar.len(), 1);
    /// assert_eq!(similar[0].passage.id, "cargo#0");
    /// assert_eq!(searcher.similar("unknown#0", 5)?, None);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::Engine`](crate::Error::Engine) where the index cannot be read.
    pub fn similar(&self, id: &str, limit: usize) -> Result<Option<SearchResults>> {
        catch_panic(|| self.through(|part| part.similar_here(id, limit)))
    }

    fn similar_here(&self, id: &str, limit: usize) -> Result<Option<SearchResults>> {
        let started = Instant::now();
        let Some((document, passages)) = self.passage_here(id, 0)? else { return Ok(None) };
        let texts = passages.iter().flat_map(|passage| {
            let heads = document.title.iter().chain(&passage.headings);
            heads.chain([&passage.text]).map(String::as_str)
        });
        let own = self.own(&document.id)?;
        let clauses =
            self.telling(texts, &own)?.into_iter().map(|Telling { word, times, .. }| {
                // BM25 knows how rare a word is.
                let boost = 1.0 + (times.min(MOST_TIMES) as f32).ln();
                Clause::Boost(Box::new(Clause::Words(word)), boost)
            });
        let clause = Clause::Or(clauses.collect());
        let ranking = Ranking { regularization: 0.0, ..Ranking::default() };
        let query = Query::new(clause.to_string())
            .strict(true)
            .ranking(ranking)
            .collapse(Collapse::Document);
        let (prepared, mut matches) = self.climbed(&clause, &query, Deadline::never())?;
        for (matches, own) in matches.iter_mut().zip(&own) {
            Rc::make_mut(&mut matches.matched).remove(own);
            matches.scored.retain(|scored| !own.contains(scored.doc));
        }
        let (collapse, counts) = (true, true);
        let wanted =
            PageRequest { offset: 0, limit, after: None, collapse, sort: Sort::Score, counts };
        let page = self.page(&matches, wanted, query.ranking.regularization)?;
        Ok(Some(SearchResults {
            hits: self.hits(&page, &prepared.query, &query, Deadline::never())?,
            query: query.text,
            notes: Vec::new(),
            total: page.total,
            total_documents: page.total_documents,
            facets: Vec::new(),
            cut: false,
            elapsed: started.elapsed(),
            next: None,
        }))
    }

    /// The entries of a document in each segment.
    fn own(&self, id: &str) -> Result<Vec<BitSet>> {
        let readers = self.inner.segment_readers().iter();
        let mut own: Vec<BitSet> = readers.map(|reader| BitSet::new(reader.max_doc())).collect();
        for address in index::entries(&self.inner, self.fields, id)? {
            if let Some(entries) = own.get_mut(address.segment_ord as usize) {
                entries.insert(address.doc_id);
            }
        }
        Ok(own)
    }

    /// The words of texts that tell most and occur outside `own`, those first that tell more.
    fn telling<'t>(
        &self,
        texts: impl Iterator<Item = &'t str>,
        own: &[BitSet],
    ) -> Result<Vec<Telling>> {
        let Fields { exact, ranking_terms: han, .. } = self.fields;
        let mut counted: BTreeMap<String, (Field, String, u32)> = BTreeMap::new();
        let mut analysis = Analysis::default();
        for text in texts {
            self.analyzer.tokens(text, &mut analysis);
            let words = analysis.tokens.iter().filter(|token| token.kind == TokenKind::Word);
            let words = words.map(|token| (exact, analysis.term(token).to_owned()));
            let words = words.chain(self.han_words(&analysis).map(|word| (han, word)));
            for (field, word) in words.filter(|(_, word)| !is_stop_word(word)) {
                let stem = stem(&word).into_owned();
                let (_, _, times) = counted.entry(stem).or_insert((field, word, 0));
                *times += 1;
            }
        }
        let segments = self.segments();
        let mut found = Vec::with_capacity(counted.len());
        for (field, word, times) in counted.into_values() {
            let mut passages = 0;
            if let Some(whole) = &self.whole {
                passages += whole.passages(counted_word(field == han, &word), 1);
            }
            for (segment, own) in segments.iter().zip(own).filter(|_| self.whole.is_none()) {
                let found = segment.term(field, &word)?;
                passages += found.iter().filter(|found| !own.contains(found.doc)).count() as u64;
            }
            found.push(Telling { word, times, passages });
        }
        let all = self.collection.passages as f64;
        let weight = |Telling { times, passages, .. }: &Telling| {
            let times = f64::from((*times).min(MOST_TIMES));
            (1.0 + times.ln()) * ((all + 1.0) / (*passages as f64 + 1.0)).ln()
        };
        found.retain(|found| found.passages > 0);
        found.sort_by(|a, b| match weight(b).total_cmp(&weight(a)) {
            Ordering::Equal => a.word.cmp(&b.word),
            order => order,
        });
        found.truncate(MOST_WORDS);
        Ok(found)
    }

    /// Chinese words of two characters and more; pairs of characters where there is no dictionary.
    fn han_words<'a>(&self, analysis: &'a Analysis) -> impl Iterator<Item = String> + use<'a> {
        let words = self.analyzer.query_words(analysis).into_iter();
        let words = words.filter(|word| word.kind == HanWordKind::Word && word.chars > 1);
        let mut places: Vec<(usize, usize)> =
            words.map(|word| (word.first as usize, word.chars as usize)).collect();
        if places.is_empty() {
            let pairs = analysis.han_runs().flat_map(|run| run.start..run.end.saturating_sub(1));
            places = pairs.map(|first| (first, 2)).collect();
        }
        places.into_iter().map(|(first, chars)| {
            let mut word = String::new();
            analysis.push_chars(first, chars, &mut word);
            word
        })
    }
}

/// The passages with a word: a Chinese one of two characters is a pair.
fn counted_word(han: bool, word: &str) -> CountedTerms {
    if !han {
        let variant = Alternative::phrase(vec![PhraseSlot::term(0, word)]);
        return CountedTerms::of(TextField::Body, &[variant]);
    }
    CountedTerms::Pair(word.to_owned())
}
