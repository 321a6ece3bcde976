//! Attributes quotations and reported statements in English: `“…,” said Mei Lim`, `Mei Lim, Minister for Ports, said:
//! “…”`, `According to Mei Lim, …`.

use super::{
    SpeakerBasis, Statement,
    person::{self, NameForm, Person},
    quote::Quote,
    roster::Roster,
    sentence::{MAX_CLAUSE_BYTES, MAX_SENTENCE_BYTES, sentence_around, sentence_start},
    subject::{self, Subject},
    verb::{reports_speech_only_with_quotation, verbs_of_speech},
    words,
};
use crate::span::Span;

/// Maximum number of bytes between a verb of speech and the quotation that the verb introduces.
const MAX_VERB_TO_QUOTE_BYTES: usize = 80;

/// Returns the statements that the text attributes to persons and organizations. The span of a statement is the
/// quotation, or the clause or sentence if there are no quotation marks. `last_quoted_person` is the person who was
/// quoted last before the text. `roster` determines which names without a title are names of persons, and who holds an
/// office.
pub(super) fn statements(
    text: &str,
    quotes: &[Quote],
    last_quoted_person: Option<&Person>,
    roster: &mut Roster<'_>,
) -> Vec<Statement> {
    let mut statements: Vec<Statement> = Vec::new();
    let mut last_person = last_quoted_person.cloned();
    for verb in verbs_of_speech(text) {
        if quotes.iter().any(|quote| quote.span.start < verb.start && verb.end < quote.span.end) {
            continue;
        }
        let Some((subject, attributed_text)) = subject_and_attributed_text(text, verb, quotes)
        else {
            continue;
        };
        let is_pronoun = matches!(subject, Subject::Pronoun);
        let inferred = !matches!(subject, Subject::Named(_));
        let person = match subject {
            Subject::Named(person) => Some(person),
            Subject::Pronoun => last_person.clone(),
            Subject::Role(office) => roster.holder_of_office(&office),
        };
        let Some(person) = person else { continue };
        let (span, basis) = match attributed_text {
            Some(AttributedText::Quote(quote)) => (quote.span, SpeakerBasis::Quotation),
            Some(AttributedText::Clause(span)) => (span, SpeakerBasis::Report),
            None => (sentence_around(text, verb), SpeakerBasis::Report),
        };
        let is_report = basis == SpeakerBasis::Report;
        if is_report
            && (reports_speech_only_with_quotation(verb.of(text))
                || is_pronoun
                || !person.has_title() && !roster.is_known_person(&person))
        {
            continue;
        }
        if statements.iter().any(|statement| statement.span == span) {
            continue;
        }
        last_person = Some(person.clone());
        statements.push(Statement { person, span, basis, inferred });
    }
    statements.extend(statements_after_according_to(text, roster));
    statements.sort_by_key(|statement| statement.span.start);
    statements.dedup_by_key(|statement| statement.span);
    add_continued_quotes(text, quotes, &mut statements);
    statements
}

/// Returns the statements that the words `according to` attribute to persons.
fn statements_after_according_to(text: &str, roster: &mut Roster<'_>) -> Vec<Statement> {
    let sources = text.match_indices("ccording to ").filter_map(|(offset, marker)| {
        let after = text.get(offset + marker.len()..)?;
        let (person, _) = person::leading_person(after)?;
        let is_person =
            has_stated_name(&person) && (person.has_title() || roster.is_known_person(&person));
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

/// Adds each quotation that begins a sentence directly after an attributed quotation, and that has no attribution of
/// its own: `“…,” said Mei Lim. “…”`.
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
        // A quotation of a few words may be a name, but a quotation after a comma continues the sentence.
        let is_utterance =
            between.trim_end().ends_with(',') || quote.span.of(text).split_whitespace().count() > 3;
        let has_own_attribution =
            precedes_attribution(text, *quote) || introduces_other(between, &before.person);
        if before.basis == SpeakerBasis::Quotation
            && begins_sentence
            && is_near
            && is_utterance
            && !has_own_attribution
        {
            let statement = Statement { span: quote.span, inferred: true, ..before.clone() };
            statements.insert(index, statement);
        }
    }
}

/// Returns whether words after a quotation say who speaks, because it ends with a comma: `“It is long,” Mei Lim jokes.`
fn precedes_attribution(text: &str, quote: Quote) -> bool {
    let quoted = quote.span.of(text).trim_end_matches(['”', '"']);
    let after = text.get(quote.span.end..).unwrap_or_default();
    !quote.is_open && quoted.ends_with(',') && !after.trim().is_empty()
}

/// Returns whether the text between two quotations ends with a sentence that introduces the second quotation and names
/// another person: `. Mei Lim jokes:`.
fn introduces_other(between: &str, person: &Person) -> bool {
    let Some((_, introduction)) = between.rsplit_once(". ") else { return false };
    introduction.trim_end().ends_with([':', ','])
        && introduction.split_whitespace().any(|word| {
            let word = word.trim_matches(|c: char| !c.is_alphanumeric());
            words::is_name_word(word) && !person.name.split(' ').any(|own| own == word)
        })
}

/// Text that a verb of speech attributes to its subject.
enum AttributedText {
    Quote(Quote),
    /// A clause without quotation marks.
    Clause(Span),
}

/// Returns the subject of a verb of speech, and the text that the verb attributes to the subject. `None` if the verb
/// has no subject whose name is certain.
fn subject_and_attributed_text(
    text: &str,
    verb: Span,
    quotes: &[Quote],
) -> Option<(Subject, Option<AttributedText>)> {
    let before = text.get(..verb.start)?.trim_end();
    let after = text.get(verb.end..)?;
    let quote_before = quotes.iter().rev().find(|quote| quote.span.end <= before.len());
    let next_quote = quotes.iter().find(|quote| quote.span.start >= verb.end);
    // `“…,” said Mei Lim`, and `…, said Mei Lim` if the quotation marks were lost.
    let before_comma = before.trim_end_matches(',');
    if let Some(quote) = quote_before.filter(|quote| quote.span.end == before_comma.len()) {
        return Some((subject::leading_subject(after)?, Some(AttributedText::Quote(*quote))));
    }
    let clause_limit = sentence_start(text, verb.start, MAX_CLAUSE_BYTES);
    let clause = text.get(clause_limit..before.len())?;
    if clause.ends_with(',')
        && let Some((person, _)) = person::leading_person(after)
        && person.has_title_or_office_after(after)
    {
        let start = sentence_start(text, verb.start, MAX_SENTENCE_BYTES);
        let attributed_text = AttributedText::Clause(Span::new(start, before_comma.len()));
        return Some((Subject::Named(person), Some(attributed_text)));
    }
    // The subject precedes the verb: `“…,” Mei Lim said`, `Mei Lim said: “…”`, `Mei Lim said that …`.
    let clause_start = quote_before.map_or(clause_limit, |quote| quote.span.end.max(clause_limit));
    let clause = text.get(clause_start..before.len())?;
    let follows_quote = quote_before
        .is_some_and(|quote| quote.span.end == clause_start && clause_start >= clause_limit);
    let subject = subject::subject_before(
        clause.trim_start_matches([',', ' ']),
        follows_quote || next_quote_is_near(text, verb, next_quote),
    )?;
    let quote = if follows_quote {
        quote_before.copied()
    } else {
        next_quote.filter(|_| next_quote_is_near(text, verb, next_quote)).copied()
    };
    Some((subject, quote.map(AttributedText::Quote)))
}

/// Returns whether the next quotation begins in the sentence of the verb, and shortly after the verb.
fn next_quote_is_near(text: &str, verb: Span, next_quote: Option<&Quote>) -> bool {
    next_quote.is_some_and(|quote| {
        let gap = text.get(verb.end..quote.span.start).unwrap_or_default();
        gap.len() <= MAX_VERB_TO_QUOTE_BYTES
            && !gap.contains(['.', '?', '!', ';', '\n'])
            && gap.trim_end().ends_with([',', ':', 't'])
            || gap.trim().is_empty()
    })
}

/// Returns whether the text gives a name for the person, and not only an office.
fn has_stated_name(person: &Person) -> bool {
    person.form != NameForm::Office
}

impl Person {
    /// Returns whether the person has a title, or an office in the description after a comma. `text` begins with the
    /// name of the person.
    fn has_title_or_office_after(&self, text: &str) -> bool {
        self.has_title() || {
            let description = text.split_once(',').map_or("", |(_, description)| description);
            words::names_office(description.split(['.', '“']).next().unwrap_or_default())
        }
    }
}
