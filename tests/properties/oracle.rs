//! Compares matches and highlights with a brute-force evaluator over the tokens of a text, written only from the
//! meaning of the clauses: it tries every combination of occurrences.

use gz_search::{
    Document, Query,
    analysis::{Analysis, Analyzer, Chinese, inflections},
    query::{Clause, NoteKind, Occur, SequenceItem},
    span::Span,
};
use proptest::{collection::vec, prelude::*, sample::select};

use crate::generators::searcher;

const ENGLISH: [&str; 10] =
    ["port", "ports", "ported", "grew", "growth", "data", "date", "flying", "car", "cars"];
const HAN: [&str; 5] = ["广州", "惠州", "预算", "大湾区", "建设"];

/// A token of the text and the number of its sentence.
#[derive(Debug, Clone, PartialEq)]
struct Word {
    term: String,
    span: Span,
    sentence: usize,
}

/// Indices of the tokens of an occurrence, ascending.
type Occurrence = Vec<usize>;

fn words(text: &str) -> Vec<Word> {
    let mut analysis = Analysis::default();
    Analyzer::new(Chinese::Off).tokens(text, &mut analysis);
    let word = |token: &gz_search::analysis::Token| Word {
        term: analysis.term(token).to_owned(),
        span: token.span,
        sentence: Span::new(0, token.span.start).of(text).matches('。').count(),
    };
    analysis.tokens.iter().map(word).collect()
}

/// Returns every occurrence of `terms` in this order with at most `gap` other tokens in between.
fn in_order(text: &[Word], terms: &[String], gap: usize) -> Vec<Occurrence> {
    let mut occurrences: Vec<Occurrence> = vec![Vec::new()];
    for term in terms {
        let positions: Vec<usize> =
            (0..text.len()).filter(|&position| text[position].term == *term).collect();
        occurrences = occurrences
            .iter()
            .flat_map(|tokens| {
                positions.iter().map(move |&position| [tokens.as_slice(), &[position]].concat())
            })
            .filter(|tokens| tokens.windows(2).all(|pair| pair[0] < pair[1]))
            .collect();
    }
    occurrences.retain(|tokens| tokens[tokens.len() - 1] - tokens[0] + 1 - tokens.len() <= gap);
    occurrences
}

/// Returns the occurrences of the characters of `word` in a row. Returns no occurrences unless each pair of
/// neighbouring characters is adjacent somewhere in the text.
fn han_word(text: &[Word], word: &str) -> Vec<Occurrence> {
    let terms: Vec<String> = word.chars().map(String::from).collect();
    let occurs_as_pair = |pair: &[String]| {
        text.windows(2).any(|next| {
            next[0].term == pair[0]
                && next[1].term == pair[1]
                && next[0].span.end == next[1].span.start
        })
    };
    if terms.windows(2).all(occurs_as_pair) { in_order(text, &terms, 0) } else { Vec::new() }
}

/// Returns the occurrences of a word or of another form of the word.
fn word(text: &[Word], word: &str) -> Vec<Occurrence> {
    if HAN.contains(&word) {
        return han_word(text, word);
    }
    let forms = inflections(word);
    let is_form = |position: &usize| forms.contains(&text[*position].term);
    (0..text.len()).filter(is_form).map(|position| vec![position]).collect()
}

/// Returns whether a wildcard pattern matches all of `text`.
fn glob(pattern: &[char], text: &[char]) -> bool {
    match pattern {
        [] => text.is_empty(),
        ['*', rest @ ..] => (0..=text.len()).any(|length| glob(rest, &text[length..])),
        ['?', rest @ ..] => !text.is_empty() && glob(rest, &text[1..]),
        [c, rest @ ..] => text.first() == Some(c) && glob(rest, &text[1..]),
    }
}

/// Returns the edit distance with transpositions of neighbours (optimal string alignment).
fn edit_distance(a: &[char], b: &[char]) -> usize {
    match (a, b) {
        ([], rest) | (rest, []) => rest.len(),
        ([x, rest_a @ ..], [y, rest_b @ ..]) => {
            let mut min_edits = (edit_distance(rest_a, rest_b) + usize::from(x != y))
                .min(edit_distance(rest_a, b) + 1)
                .min(edit_distance(a, rest_b) + 1);
            if a.len() > 1 && b.len() > 1 && a[0] == b[1] && a[1] == b[0] {
                min_edits = min_edits.min(edit_distance(&a[2..], &b[2..]) + 1);
            }
            min_edits
        }
    }
}

/// Returns the tokens whose term satisfies `matches`.
fn matching_tokens(text: &[Word], matches: impl Fn(&[char]) -> bool) -> Vec<Occurrence> {
    let characters = |position: &usize| text[*position].term.chars().collect::<Vec<_>>();
    let positions = (0..text.len()).filter(|position| matches(&characters(position)));
    positions.map(|position| vec![position]).collect()
}

/// Returns the occurrences of a clause that has positions.
fn occurrences(text: &[Word], clause: &Clause) -> Vec<Occurrence> {
    match clause {
        Clause::Words(words) => words.split(' ').flat_map(|one| word(text, one)).collect(),
        Clause::Phrase { text: phrase, slop } => {
            let terms: Vec<String> = words(phrase).into_iter().map(|word| word.term).collect();
            // If several occurrences of a phrase begin at one token, only the occurrence that ends first counts.
            let mut candidates = in_order(text, &terms, *slop as usize);
            candidates.sort_unstable_by_key(|tokens| {
                (tokens[0], tokens[tokens.len() - 1], tokens.clone())
            });
            candidates.dedup_by_key(|tokens| tokens[0]);
            candidates
        }
        Clause::Wildcard(pattern) => {
            let pattern: Vec<char> = pattern.chars().collect();
            matching_tokens(text, |term| glob(&pattern, term))
        }
        Clause::Fuzzy { word, .. } => {
            let word: Vec<char> = word.chars().collect();
            let max_distance = match word.len() {
                0..3 => 0,
                3..6 => 1,
                _ => 2,
            };
            matching_tokens(text, |term| {
                term[0].is_ascii_alphabetic() && edit_distance(&word, term) <= max_distance
            })
        }
        Clause::Or(clauses) => {
            clauses.iter().flat_map(|clause| occurrences(text, clause)).collect()
        }
        other => unreachable!("{other} has no positions"),
    }
}

/// Returns every combination of one occurrence of each operand.
fn combinations(operands: &[Vec<Occurrence>]) -> Vec<Vec<Occurrence>> {
    let mut combinations: Vec<Vec<Occurrence>> = vec![Vec::new()];
    for operand in operands {
        combinations = combinations
            .iter()
            .flat_map(|prefix| {
                operand
                    .iter()
                    .map(move |next| [prefix.as_slice(), std::slice::from_ref(next)].concat())
            })
            .collect();
    }
    combinations
}

/// Returns whether the occurrences do not overlap and have at most `distance` tokens between neighbours.
fn are_near(combination: &[Occurrence], distance: usize) -> bool {
    let mut ends: Vec<(usize, usize)> =
        combination.iter().map(|tokens| (tokens[0], tokens[tokens.len() - 1])).collect();
    ends.sort_unstable();
    ends.windows(2).all(|pair| pair[0].1 < pair[1].0 && pair[1].0 - pair[0].1 - 1 <= distance)
}

fn are_in_one_sentence(text: &[Word], combination: &[Occurrence]) -> bool {
    let mut sentences = combination.iter().flatten().map(|&position| text[position].sentence);
    let first = sentences.next();
    sentences.all(|sentence| Some(sentence) == first)
}

/// Returns the tokens by which a text satisfies a clause. Returns `None` if the text does not satisfy the clause. All
/// clauses side by side must match, but one suffices if `any_word` is true, as inside a NOT.
fn satisfying(text: &[Word], clause: &Clause, any_word: bool) -> Option<Vec<usize>> {
    let satisfying_combinations = |clauses: &[Clause], holds: &dyn Fn(&[Occurrence]) -> bool| {
        let operands: Vec<_> = clauses.iter().map(|clause| occurrences(text, clause)).collect();
        let mut matching = combinations(&operands);
        matching.retain(|combination| holds(combination));
        (!matching.is_empty()).then(|| matching.concat().concat())
    };
    match clause {
        Clause::Everything => Some(Vec::new()),
        Clause::And(clauses) => {
            let all: Option<Vec<_>> =
                clauses.iter().map(|clause| satisfying(text, clause, any_word)).collect();
            all.map(|tokens| tokens.concat())
        }
        Clause::Or(clauses) => {
            let any: Vec<_> =
                clauses.iter().filter_map(|clause| satisfying(text, clause, any_word)).collect();
            (!any.is_empty()).then(|| any.concat())
        }
        Clause::Sequence(items) => sequence(text, items, any_word),
        Clause::Words(words) if !any_word => {
            let each: Vec<_> = words.split(' ').map(|one| word(text, one).concat()).collect();
            each.iter().all(|tokens| !tokens.is_empty()).then(|| each.concat())
        }
        Clause::Boost(clause, _) => satisfying(text, clause, any_word),
        Clause::Near { clauses, distance } => satisfying_combinations(clauses, &|occurrences| {
            are_near(occurrences, *distance as usize)
        }),
        Clause::Same(clauses) => {
            satisfying_combinations(clauses, &|occurrences| are_in_one_sentence(text, occurrences))
        }
        leaf => {
            let tokens = occurrences(text, leaf).concat();
            (!tokens.is_empty()).then_some(tokens)
        }
    }
}

fn sequence(text: &[Word], items: &[SequenceItem], any_word: bool) -> Option<Vec<usize>> {
    let satisfied_by = |occur: Occur| -> Vec<Option<Vec<usize>>> {
        let items = items.iter().filter(|item| item.occur == occur);
        let any_word = any_word || occur == Occur::MustNot;
        items.map(|item| satisfying(text, &item.clause, any_word)).collect()
    };
    let (must, should) = (satisfied_by(Occur::Must), satisfied_by(Occur::Should));
    let is_excluded = satisfied_by(Occur::MustNot).iter().any(Option::is_some)
        || must.iter().any(Option::is_none);
    let has_match = if any_word {
        !must.is_empty() || should.is_empty() || should.iter().any(Option::is_some)
    } else {
        should.iter().all(Option::is_some)
    };
    (!is_excluded && has_match)
        .then(|| must.into_iter().chain(should).flatten().flatten().collect())
}

/// Returns whether every part of the clause needs a match, so that highlights show why a passage matches.
fn is_positive(clause: &Clause) -> bool {
    match clause {
        Clause::Everything => false,
        Clause::And(clauses) | Clause::Or(clauses) => clauses.iter().all(is_positive),
        Clause::Sequence(items) => {
            items.iter().all(|item| item.occur != Occur::MustNot && is_positive(&item.clause))
        }
        Clause::Boost(clause, _) => is_positive(clause),
        _ => true,
    }
}

fn any_word() -> impl Strategy<Value = String> {
    prop_oneof![3 => select(&ENGLISH[..]), 2 => select(&HAN[..])].prop_map(str::to_owned)
}

/// Generates a clause that has positions.
fn positional_clause() -> impl Strategy<Value = Clause> {
    let phrase = (vec(any_word(), 1..4), 0_u32..4)
        .prop_map(|(words, slop)| Clause::Phrase { text: words.join(" "), slop });
    let wildcards = vec!["port*", "c?r", "*t*", "da?e", "g*w*"];
    let fuzzy = select(&["port", "date", "flyign", "crs", "groth"][..]);
    prop_oneof![
        4 => any_word().prop_map(Clause::Words),
        2 => phrase,
        1 => select(wildcards).prop_map(|pattern| Clause::Wildcard(pattern.to_owned())),
        1 => fuzzy.prop_map(|word| Clause::Fuzzy { word: word.to_owned(), edits: None }),
    ]
}

/// Generates a clause of any kind, nested up to three levels.
fn clause() -> impl Strategy<Value = Clause> {
    let operand = || prop_oneof![4 => positional_clause(), 1 => vec(positional_clause(), 2..3).prop_map(Clause::Or)];
    let near = (vec(operand(), 2..4), 0_u32..5)
        .prop_map(|(clauses, distance)| Clause::Near { clauses, distance });
    let same = vec(operand(), 2..4).prop_map(Clause::Same);
    let leaf =
        prop_oneof![6 => positional_clause(), 2 => near, 2 => same, 1 => Just(Clause::Everything)];
    leaf.prop_recursive(3, 12, 3, |inner| {
        let occur = select(vec![Occur::Should, Occur::Should, Occur::Must, Occur::MustNot]);
        let item =
            (occur, inner.clone()).prop_map(|(occur, clause)| SequenceItem { occur, clause });
        prop_oneof![
            vec(inner.clone(), 2..4).prop_map(Clause::And),
            vec(inner.clone(), 2..4).prop_map(Clause::Or),
            vec(item, 1..4).prop_map(Clause::Sequence),
            inner.prop_map(|clause| Clause::Boost(Box::new(clause), 2.0)),
        ]
    })
}

fn release() -> impl Strategy<Value = String> {
    let between = select(vec![" ", " ", " ", "", "，", "。"]);
    vec((any_word(), between), 1..14).prop_map(|words| {
        words.into_iter().flat_map(|(word, between)| [word, between.to_owned()]).collect()
    })
}

/// Returns `text` with each highlighted token replaced by a word that no query contains.
fn without_highlights(text: &str, tokens: &[Word], highlights: &[Span]) -> String {
    let mut replaced = String::new();
    let mut copied = 0;
    for word in tokens {
        if is_inside(word, highlights) {
            replaced.push_str(Span::new(copied, word.span.start).of(text));
            replaced.push_str(" zzz ");
            copied = word.span.end;
        }
    }
    replaced + Span::new(copied, text.len()).of(text)
}

/// Returns whether a token is inside one of the highlights.
fn is_inside(word: &Word, highlights: &[Span]) -> bool {
    highlights.iter().any(|span| span.start <= word.span.start && word.span.end <= span.end)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, max_global_rejects: 100_000, ..ProptestConfig::default() })]

    #[test]
    fn matches_and_highlights_equal_the_brute_force_evaluation(
        texts in vec(release(), 1..6),
        clauses in vec(clause(), 8),
    ) {
        let documents: Vec<Document> = texts
            .iter()
            .enumerate()
            .map(|(number, text)| Document::new(format!("d{number}"), format!("{text}，end。")))
            .collect();
        let searcher = searcher(&documents);
        for clause in clauses {
            // The parser flattens nested clauses.
            let query = clause.to_string();
            let clause = Clause::parse(&query).0;
            let results = searcher
                .search(&Query::new(&query).strict(true).limit(100).width(10_000))
                .unwrap();
            // The query has more patterns than the limit, and some were left out.
            if results.notes.iter().any(|note| note.kind == NoteKind::Truncated) {
                continue;
            }
            let mut ids: Vec<&str> = results.hits.iter().map(|hit| hit.document.id.as_str()).collect();
            ids.sort_unstable();
            let expected: Vec<&str> = documents
                .iter()
                .filter(|document| satisfying(&words(&document.text), &clause, false).is_some())
                .map(|document| document.id.as_str())
                .collect();
            prop_assert_eq!(&ids, &expected, "{} in {:?}", query, texts);
            for hit in &results.hits {
                let text = &hit.passage.text;
                let tokens = words(text);
                let highlights: Vec<Span> =
                    hit.snippet.fragments.iter().flat_map(|f| f.highlights.clone()).collect();
                let satisfied = satisfying(&tokens, &clause, false).unwrap();
                for (index, word) in tokens.iter().enumerate() {
                    prop_assert!(
                        !is_inside(word, &highlights) || satisfied.contains(&index),
                        "{} highlights {} in {:?}", query, word.term, text
                    );
                }
                if is_positive(&clause) {
                    let replaced = without_highlights(text, &tokens, &highlights);
                    prop_assert!(
                        satisfying(&words(&replaced), &clause, false).is_none(),
                        "{} still matches {:?}, which is {:?} without {:?}", query, replaced, text, highlights
                    );
                }
            }
        }
    }
}
