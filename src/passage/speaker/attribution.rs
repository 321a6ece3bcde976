//! Attributes quotations and reported statements in English: `“…,” said Mei Lim`, `Mei Lim, Minister for Ports, said: “…”`,
//! `According to Mei Lim, …`.

use super::{
    SpeakerBasis, Statement,
    person::{self, NameForm, Person},
    quote::Quote,
    words,
};
use crate::{script::ABBREVIATIONS, span::Span};

/// English verbs of reported speech. All these verbs end with `d`, or are `says`.
const SPEECH_VERBS: [&str; 24] = [
    "said",
    "stated",
    "introduced",
    "noted",
    "announced",
    "explained",
    "added",
    "emphasized",
    "emphasised",
    "stressed",
    "told",
    "revealed",
    "remarked",
    "reported",
    "disclosed",
    "observed",
    "mentioned",
    "commented",
    "declared",
    "concluded",
    "continued",
    "replied",
    "responded",
    "warned",
];
/// Verbs that report words only together with a quotation. Without one, they mostly report an act: `declared a disaster`.
const VERBS_OF_ACTS: [&str; 8] = [
    "announced",
    "declared",
    "reported",
    "revealed",
    "disclosed",
    "continued",
    "concluded",
    "warned",
];
/// Maximum number of bytes before a verb of speech in which its subject is searched.
const MAX_CLAUSE_BYTES: usize = 300;
/// Maximum number of bytes between a verb of speech and the quotation that it introduces.
const MAX_GAP_BYTES: usize = 80;

/// Subject of a sentence that reports speech.
enum Subject {
    Person(Person),
    /// `he` or `she`.
    Pronoun,
}

/// Returns the statements that the text attributes to persons. Quotations between marks come with their span; a statement
/// without marks comes with the span of its sentence. `previous` is the person who was quoted last. `is_known` decides
/// whether the release uses a name without title as the name of a person.
pub(super) fn statements(
    text: &str,
    quotes: &[Quote],
    previous: Option<&Person>,
    mut is_known: impl FnMut(&Person) -> bool,
) -> Vec<Statement> {
    let mut statements: Vec<Statement> = Vec::new();
    let mut last_person = previous.cloned();
    for verb in verbs_of_speech(text) {
        if quotes.iter().any(|quote| quote.span.start < verb.start && verb.end < quote.span.end) {
            continue;
        }
        let Some((subject, quote)) = subject_and_quote(text, verb, quotes) else { continue };
        let is_pronoun = matches!(subject, Subject::Pronoun);
        let person = match subject {
            Subject::Person(person) => person,
            Subject::Pronoun => match &last_person {
                Some(person) => person.clone(),
                None => continue,
            },
        };
        let (span, basis) = match quote {
            Some(Source::Quote(quote)) => (quote.span, SpeakerBasis::Quotation),
            Some(Source::Clause(span)) => (span, SpeakerBasis::Report),
            None => (sentence_around(text, verb), SpeakerBasis::Report),
        };
        let is_quotation = basis == SpeakerBasis::Quotation;
        if !is_quotation && VERBS_OF_ACTS.contains(&verb.of(text)) {
            continue;
        }
        if !is_quotation && (is_pronoun || !person.has_title() && !is_known(&person)) {
            continue;
        }
        if statements.iter().any(|statement| statement.span == span) {
            continue;
        }
        last_person = Some(person.clone());
        statements.push(Statement { person, span, basis, inferred: is_pronoun });
    }
    statements.extend(according_to(text, &mut is_known));
    statements.sort_by_key(|statement| statement.span.start);
    statements.dedup_by_key(|statement| statement.span);
    add_continued_quotes(text, quotes, &mut statements);
    statements
}

/// Returns the statements that `according to` attributes to a person.
fn according_to(text: &str, mut is_known: impl FnMut(&Person) -> bool) -> Vec<Statement> {
    let sources = text.match_indices("ccording to ").filter_map(|(offset, marker)| {
        let after = text.get(offset + marker.len()..)?;
        let (person, _) = person::leading_person(after)?;
        let is_person = is_certain(&person) && (person.has_title() || is_known(&person));
        let span = sentence_around(text, Span::new(offset, offset + marker.len()));
        is_person.then_some(Statement {
            person,
            span,
            basis: SpeakerBasis::Report,
            inferred: false,
        })
    });
    sources.collect()
}

/// Adds the quotations that follow an attributed quotation, at the start of a sentence, without an attribution of their
/// own: `“…,” said Mei Lim. “…”`.
fn add_continued_quotes(text: &str, quotes: &[Quote], statements: &mut Vec<Statement>) {
    for quote in quotes {
        let Err(index) =
            statements.binary_search_by_key(&quote.span.start, |statement| statement.span.start)
        else {
            continue;
        };
        let Some(before) = index.checked_sub(1).and_then(|index| statements.get(index)) else {
            continue;
        };
        let between = text.get(before.span.end..quote.span.start).unwrap_or_default();
        let begins_sentence =
            between.trim_end().ends_with(['.', ',', ':', '?', '!']) || between.trim().is_empty();
        let is_near = between.len() <= MAX_CLAUSE_BYTES && !between.contains('\n');
        // A quotation of a few words may be a name; after a comma, it goes on with the sentence.
        let is_utterance =
            between.trim_end().ends_with(',') || quote.span.of(text).split_whitespace().count() > 3;
        if before.basis == SpeakerBasis::Quotation && begins_sentence && is_near && is_utterance {
            let statement = Statement { span: quote.span, inferred: true, ..before.clone() };
            statements.insert(index, statement);
        }
    }
}

/// Text that a verb of speech attributes to its subject.
enum Source {
    Quote(Quote),
    /// A clause without quotation marks.
    Clause(Span),
}

/// Returns the subject of a verb of speech, and the words that the verb attributes to it. `None` without a subject whose
/// name is certain.
fn subject_and_quote(
    text: &str,
    verb: Span,
    quotes: &[Quote],
) -> Option<(Subject, Option<Source>)> {
    let before = text.get(..verb.start)?.trim_end();
    let after = text.get(verb.end..)?;
    let quote_before = quotes.iter().rev().find(|quote| quote.span.end <= before.len());
    let next_quote = quotes.iter().find(|quote| quote.span.start >= verb.end);
    // `“…,” said Mei Lim`, and `…, said Mei Lim` where the marks were lost.
    let before_comma = before.trim_end_matches(',');
    if let Some(quote) = quote_before.filter(|quote| quote.span.end == before_comma.len()) {
        let (person, _) = person::leading_person(after)?;
        return is_certain(&person)
            .then_some((Subject::Person(person), Some(Source::Quote(*quote))));
    }
    let sentence_start = sentence_start(text, verb.start);
    let clause = text.get(sentence_start..before.len())?;
    if clause.ends_with(',')
        && let Some((person, _)) = person::leading_person(after)
        && person.has_title_or_office_after(after)
    {
        return Some((
            Subject::Person(person),
            Some(Source::Clause(Span::new(sentence_start, before_comma.len()))),
        ));
    }
    // `“…,” Mei Lim said`, `Mei Lim said: “…”`, `Mei Lim said that …`.
    let clause_start =
        quote_before.map_or(sentence_start, |quote| quote.span.end.max(sentence_start));
    let clause = text.get(clause_start..before.len())?;
    let follows_quote = quote_before
        .is_some_and(|quote| quote.span.end == clause_start && clause_start >= sentence_start);
    let subject = subject_before(
        clause.trim_start_matches([',', ' ']),
        follows_quote || next_is_near(text, verb, next_quote),
    )?;
    let quote = if follows_quote {
        quote_before.copied()
    } else {
        next_quote.filter(|_| next_is_near(text, verb, next_quote)).copied()
    };
    Some((subject, quote.map(Source::Quote)))
}

/// Returns whether the next quotation begins in the sentence of the verb, and shortly after it.
fn next_is_near(text: &str, verb: Span, next_quote: Option<&Quote>) -> bool {
    next_quote.is_some_and(|quote| {
        let gap = text.get(verb.end..quote.span.start).unwrap_or_default();
        gap.len() <= MAX_GAP_BYTES
            && !gap.contains(['.', '?', '!', ';', '\n'])
            && gap.trim_end().ends_with([',', ':', 't'])
            || gap.trim().is_empty()
    })
}

fn is_certain(person: &Person) -> bool {
    person.form != NameForm::Office
}

impl Person {
    /// Returns whether the text that begins with the person states a title, or describes the person after a comma.
    fn has_title_or_office_after(&self, text: &str) -> bool {
        self.has_title() || {
            let described = text.split_once(',').map_or("", |(_, description)| description);
            words::names_office(described.split(['.', '“']).next().unwrap_or_default())
        }
    }
}

/// Returns the subject in the clause before a verb of speech: a name directly before the verb, or a name that an
/// apposition with an office follows.
fn subject_before(clause: &str, has_quote: bool) -> Option<Subject> {
    if has_quote
        && matches!(clause.rsplit([' ', ',']).next(), Some("he" | "she" | "He" | "She"))
        && clause.len() <= 4
    {
        return Some(Subject::Pronoun);
    }
    let Some(clause) = clause.strip_suffix(',') else {
        let last = clause.rsplit(", ").next().unwrap_or(clause);
        if let Some(found) = person::person_at_end(last)
            && is_main_clause(clause, &found.before, has_quote)
        {
            let mut person = found.person;
            // `the Minister for Ports, Ms Mei Lim said`.
            if person.office.is_none() {
                person.office = clause.strip_suffix(last).and_then(office_in_apposition);
            }
            return Some(Subject::Person(person));
        }
        return appositive(clause, has_quote);
    };
    appositive(clause, has_quote)
}

/// Returns whether the person is the subject of the main clause: nothing before the name opens a subordinate clause or
/// makes the name a part of a longer phrase.
fn is_main_clause(clause: &str, before: &[&str], has_quote: bool) -> bool {
    let opens_subordinate = clause.split_whitespace().next().is_some_and(words::is_subordinating);
    let joins = matches!(
        before.last(),
        Some(&("and" | "&" | "of" | "for" | "with" | "by" | "to" | "from" | "or" | "that"))
    );
    !joins
        && (before.is_empty()
            || before.iter().all(|word| is_connective(word))
            || has_quote && before.len() <= 8)
        && (has_quote || !opens_subordinate)
}

/// Returns whether a word connects a sentence to the one before it.
fn is_connective(word: &str) -> bool {
    matches!(
        word.trim_end_matches(','),
        "the"
            | "The"
            | "And"
            | "and"
            | "But"
            | "but"
            | "So"
            | "Then"
            | "Today"
            | "today"
            | "Yesterday"
            | "Meanwhile"
            | "However"
            | "Also"
            | "Later"
            | "Earlier"
            | "Now"
            | "Even"
    )
}

/// Returns the person whom an apposition with an office follows: `Mei Lim, Minister for Ports, said`. `None` if several
/// persons have one.
fn appositive(clause: &str, has_quote: bool) -> Option<Subject> {
    let parts: Vec<&str> = clause.split(", ").collect();
    let mut found: Option<Person> = None;
    for (index, part) in parts.iter().enumerate() {
        let Some(at_end) = person::person_at_end(part) else { continue };
        let office = parts.get(index + 1).copied().filter(|office| words::names_office(office));
        let honorific = at_end.person.has_title();
        if !is_main_clause(part, &at_end.before, has_quote) || office.is_none() && !honorific {
            continue;
        }
        let mut person = at_end.person;
        if found.as_ref().is_some_and(|found| found.name != person.name) {
            return None;
        }
        let named_before =
            parts.get(..index).and_then(|parts| office_in_apposition(&parts.join(", ")));
        person.office = person.office.or(office.map(clean_office)).or(named_before);
        if let NameForm::Full { has_title } = &mut person.form {
            *has_title = true;
        }
        found = Some(person);
    }
    found.map(Subject::Person)
}

/// Returns the title of an office that a phrase before a name states: `Harbourland’s Minister for Ports,`.
fn office_in_apposition(phrase: &str) -> Option<String> {
    let phrase = phrase.trim().trim_end_matches(',');
    let is_title =
        words::names_office(phrase) && !phrase.contains(", ") && phrase.len() <= MAX_CLAUSE_BYTES;
    is_title.then(|| clean_office(phrase))
}

fn clean_office(office: &str) -> String {
    let words = office.split_whitespace().skip_while(|word| {
        words::is_possessive(word) || matches!(*word, "the" | "The" | "a" | "an")
    });
    words.collect::<Vec<_>>().join(" ")
}

/// Returns whether a word is a verb of speech: `said`, `adds`.
pub(super) fn is_verb_of_speech(word: &str) -> bool {
    SPEECH_VERBS.contains(&word) || matches!(word, "says" | "adds" | "asked" | "asks")
}

/// Returns the spans of the verbs of reported speech. The search jumps from one final letter to the next, which is
/// faster than splitting the text into words.
pub(super) fn verbs_of_speech(text: &str) -> impl Iterator<Item = Span> {
    text.match_indices('d').filter_map(|(offset, d)| {
        let (text_to_d, text_after_d) = text.split_at(offset + d.len());
        let text_after_d = text_after_d.trim_start_matches([',', '.', ':']);
        // Searches the beginning of a word only if the d ends the word. Every byte is therefore read at most twice.
        if !text_after_d.is_empty()
            && !text_after_d.starts_with(|c: char| c.is_whitespace() || matches!(c, '“' | '"'))
        {
            return None;
        }
        let word =
            text_to_d.rsplit(|c: char| c.is_whitespace() || matches!(c, '”' | '"' | ',')).next()?;
        SPEECH_VERBS
            .contains(&word)
            .then(|| Span::new(text_to_d.len() - word.len(), text_to_d.len()))
    })
}

/// Returns the start of the sentence that contains the byte `offset`, but at most [`MAX_CLAUSE_BYTES`] before it.
fn sentence_start(text: &str, offset: usize) -> usize {
    let earliest = offset.saturating_sub(MAX_CLAUSE_BYTES);
    let earliest =
        (earliest..=offset).find(|&start| text.is_char_boundary(start)).unwrap_or(offset);
    let before = text.get(earliest..offset).unwrap_or_default();
    for (position, c) in before.char_indices().rev() {
        let end = position + c.len_utf8();
        let rest = before.get(end..).unwrap_or_default();
        let ends_sentence = match c {
            '\n' | ';' => true,
            '.' | '!' | '?' => {
                rest.starts_with(|c: char| c.is_whitespace() || matches!(c, '”' | '"'))
                    && (c != '.' || !ends_with_abbreviation(before.get(..end).unwrap_or_default()))
            }
            _ => false,
        };
        if ends_sentence {
            let start = earliest + end;
            return start
                + (rest.len()
                    - rest
                        .trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '”' | '"'))
                        .len());
        }
    }
    earliest
}

/// Returns whether a text ends with an abbreviation or an initial rather than the end of a sentence.
fn ends_with_abbreviation(text: &str) -> bool {
    let word = text.rsplit(char::is_whitespace).next().unwrap_or_default();
    words::is_honorific(word)
        || words::is_initial(word)
        || words::is_suffix(word)
        || ABBREVIATIONS.contains(&word.trim_end_matches('.').to_ascii_lowercase().as_str())
        || matches!(word, "U.S." | "U.K." | "U.N.")
}

/// Returns the span of the sentence around a verb.
fn sentence_around(text: &str, verb: Span) -> Span {
    let start = sentence_start(text, verb.start);
    let after = text.get(verb.end..).unwrap_or_default();
    let mut end = text.len();
    for (position, c) in after.char_indices() {
        let after_mark = position + c.len_utf8();
        let ends = match c {
            '\n' => true,
            '.' | '!' | '?' => {
                let to_mark = text.get(start..verb.end + after_mark).unwrap_or_default();
                after
                    .get(after_mark..)
                    .unwrap_or_default()
                    .starts_with(|c: char| c.is_whitespace() || matches!(c, '”' | '"'))
                    && (c != '.' || !ends_with_abbreviation(to_mark))
            }
            _ => false,
        };
        if ends {
            end = verb.end + after_mark;
            break;
        }
    }
    Span::new(start, end).trimmed(text)
}
