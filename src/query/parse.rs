//! Tokens of the query language → [`Clause`]. Any text parses: what cannot be read as it was written is
//! left out or searched as words, and a note says so.
//!
//! ```text
//! or       = and { "OR" and }
//! and      = sequence { "AND" sequence }
//! sequence = { [ "+" | "-" | "NOT" ] near }
//! near     = unit { ( "NEAR/N" | "SAME" ) unit }
//! unit     = ( atom | field unit | "(" or ")" ) { "^N" }
//! ```

use super::{
    Clause, Field, Item, Note, NoteKind, Sign,
    lex::{self, Lexed, Token},
};

/// Longer queries are cut: nobody types them, and every word costs.
const MAX_CHARS: usize = 2_000;
/// Parentheses inside so many others are left out.
const MAX_DEPTH: usize = 32;
/// More clauses near each other are asked for one by one.
const MAX_NEAR: usize = super::proximity::MAX_OPERANDS;

/// The tree of `text`, and what was done to it beyond reading it.
///
/// ```
/// let (clause, notes) = gz_search::query::parse("flying car AND (factory OR 工厂) -toy");
/// assert_eq!(clause.to_string(), "flying car AND (factory OR 工厂) NOT toy");
/// assert!(notes.is_empty());
/// ```
pub fn parse(text: &str) -> (Clause, Vec<Note>) {
    let mut notes = Vec::new();
    let text = bounded(text, &mut notes);
    let tokens = lex::tokens(text, &mut notes);
    let mut parser = Parser { tokens: tokens.into_iter().peekable(), depth: 0, skipped: 0, notes };
    let clause = parser.query();
    let mut notes = parser.notes;
    if clause != Clause::Nothing {
        return (clause, notes);
    }
    // Nothing but operators: then they are what is meant.
    let words = plain_words(text);
    if words.is_empty() {
        if !text.trim().is_empty() && notes.is_empty() {
            notes.push(Note::new(NoteKind::Ignored, "there is no letter or digit to search for"));
        }
        return (Clause::Nothing, notes);
    }
    notes.push(Note::new(
        NoteKind::Repaired,
        "operators with nothing to work on: searched as words",
    ));
    (Clause::Words(words), notes)
}

fn bounded<'t>(text: &'t str, notes: &mut Vec<Note>) -> &'t str {
    let Some((end, _)) = text.char_indices().nth(MAX_CHARS) else { return text };
    notes.push(Note::new(
        NoteKind::Truncated,
        format!("the query is longer than {MAX_CHARS} characters: the rest was left out"),
    ));
    text.get(..end).unwrap_or(text)
}

/// The words of a text, without any mark that could be an operator.
fn plain_words(text: &str) -> String {
    let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join(" ")
}

struct Parser {
    tokens: std::iter::Peekable<std::vec::IntoIter<Lexed>>,
    depth: usize,
    /// Parentheses that were opened too deep and wait for their end.
    skipped: usize,
    notes: Vec<Note>,
}

impl Parser {
    fn note(&mut self, kind: NoteKind, message: impl Into<String>) {
        self.notes.push(Note::new(kind, message));
    }

    fn peek(&mut self) -> Option<&Token> {
        self.tokens.peek().map(|lexed| &lexed.token)
    }

    fn query(&mut self) -> Clause {
        let mut clauses = Vec::new();
        loop {
            clauses.extend(self.or());
            match self.tokens.next() {
                None => break,
                // A parenthesis that was never opened.
                Some(_) => self.note(NoteKind::Repaired, "a parenthesis is never opened: left out"),
            }
        }
        sequence(clauses.into_iter().map(may).collect())
    }

    fn or(&mut self) -> Option<Clause> {
        self.operands(&Token::Or, Self::and, or)
    }

    fn and(&mut self) -> Option<Clause> {
        self.operands(&Token::And, Self::sequence, and)
    }

    /// Operands with `operator` between them; one alone stands for itself.
    fn operands(
        &mut self,
        operator: &Token,
        operand: fn(&mut Self) -> Option<Clause>,
        join: fn(Vec<Clause>) -> Clause,
    ) -> Option<Clause> {
        let mut operands: Vec<Clause> = Vec::new();
        let mut pending = None;
        loop {
            let found = operand(self);
            if found.is_none() || operands.is_empty() {
                self.left_out(pending.take());
            }
            operands.extend(found);
            if self.peek() != Some(operator) {
                break;
            }
            pending = self.tokens.next().map(|lexed| lexed.written);
        }
        if operands.len() < 2 { operands.pop() } else { Some(join(operands)) }
    }

    fn left_out(&mut self, operator: Option<String>) {
        if let Some(operator) = operator {
            self.note(
                NoteKind::Ignored,
                format!("{operator} without something on both sides: left out"),
            );
        }
    }

    fn sequence(&mut self) -> Option<Clause> {
        let mut items: Vec<Item> = Vec::new();
        loop {
            let skipped = self.skipped > 0;
            match self.peek() {
                Some(Token::Close) if skipped => {
                    self.skipped -= 1;
                    self.tokens.next();
                }
                None | Some(Token::Or | Token::And | Token::Close) => break,
                Some(_) => {
                    let sign = self.sign();
                    match self.near() {
                        Some(clause) => {
                            items.push(Item { sign: sign.unwrap_or(Sign::May), clause });
                        }
                        None if sign.is_some() => {
                            self.note(NoteKind::Ignored, "NOT with nothing after it: left out");
                        }
                        None => {}
                    }
                }
            }
        }
        Some(sequence(items)).filter(|clause| *clause != Clause::Nothing)
    }

    /// The sign before a clause; of several the first one counts.
    fn sign(&mut self) -> Option<Sign> {
        let mut first = None;
        while let Some(&Token::Sign(sign)) = self.peek() {
            self.tokens.next();
            if first.is_some() {
                self.note(NoteKind::Repaired, "several signs in a row: the first one counts");
            }
            first = first.or(Some(sign));
        }
        first
    }

    /// Units with NEAR or SAME between them. A chain of different ones holds for each stretch of equal
    /// ones.
    fn near(&mut self) -> Option<Clause> {
        let mut operands: Vec<Clause> = self.unit().into_iter().collect();
        let mut operators: Vec<Token> = Vec::new();
        while let Some(operator @ (Token::Near(_) | Token::Same)) = self.peek().cloned() {
            let written = self.tokens.next().map(|lexed| lexed.written);
            let begins = match self.peek() {
                Some(Token::Open | Token::Field(_) | Token::Atom(_)) => true,
                Some(_) | None => false,
            };
            let right = if begins { self.unit() } else { None };
            if right.is_some() && !operands.is_empty() {
                operators.push(operator);
            } else {
                self.left_out(written);
            }
            operands.extend(right);
        }
        let mut clauses = Vec::new();
        let mut start = 0;
        for stretch in operators.chunk_by(|one, next| one == next) {
            let end = start + stretch.len();
            let units = operands.get(start..=end).unwrap_or_default();
            match (stretch, units.iter().all(has_place) && units.len() <= MAX_NEAR) {
                ([Token::Near(distance), ..], true) => {
                    clauses.push(Clause::Near { clauses: units.to_vec(), distance: *distance });
                }
                (_, true) => clauses.push(Clause::Same(units.to_vec())),
                (_, false) => {
                    // The first one is among those before it: twice, it would double with each
                    // parenthesis around.
                    clauses.extend(units.iter().skip(usize::from(start > 0)).cloned());
                    self.note(
                        NoteKind::Repaired,
                        format!("NEAR and SAME take up to {MAX_NEAR} words, phrases and alternatives of them: read as AND"),
                    );
                }
            }
            start = end;
        }
        match clauses.len() {
            0 => operands.pop(),
            1 => clauses.pop(),
            _ => Some(and(clauses)),
        }
    }

    fn unit(&mut self) -> Option<Clause> {
        let mut clause = match self.tokens.peek().map(|lexed| lexed.token.clone())? {
            Token::Atom(clause) => {
                self.tokens.next();
                Some(clause).filter(|clause| *clause != Clause::Nothing)
            }
            Token::Field(field) => {
                self.tokens.next();
                self.valued(field)
            }
            Token::Open => {
                self.tokens.next();
                self.group()
            }
            // Nothing that could begin a unit: an operator that nothing stands before.
            Token::Near(_) | Token::Same | Token::Boost(_) => {
                let written = self.tokens.next().map(|lexed| lexed.written);
                self.left_out(written);
                None
            }
            Token::Close | Token::And | Token::Or | Token::Sign(_) => None,
        };
        while let Some(&Token::Boost(factor)) = self.peek() {
            self.tokens.next();
            clause = clause.map(|clause| Clause::Boost(Box::new(clause), factor));
        }
        clause
    }

    /// What a field is about.
    fn valued(&mut self, field: Field) -> Option<Clause> {
        let value = match self.tokens.peek().map(|lexed| lexed.token.clone()) {
            Some(Token::Atom(clause)) => {
                self.tokens.next();
                Some(clause).filter(|clause| *clause != Clause::Nothing)
            }
            Some(Token::Field(inner)) => {
                self.tokens.next();
                self.valued(inner)
            }
            Some(Token::Open) => {
                self.tokens.next();
                self.group()
            }
            _ => None,
        };
        if value.is_none() {
            self.note(NoteKind::Ignored, format!("{field}: without a word: left out"));
        }
        value.map(|clause| Clause::In(field, Box::new(clause)))
    }

    /// What stands in parentheses; the first one was read.
    fn group(&mut self) -> Option<Clause> {
        if self.depth >= MAX_DEPTH {
            if self.skipped == 0 {
                self.note(
                    NoteKind::Truncated,
                    format!("parentheses in more than {MAX_DEPTH} others: left out"),
                );
            }
            self.skipped += 1;
            return None;
        }
        self.depth += 1;
        let inner = self.or();
        self.depth -= 1;
        if self.peek() == Some(&Token::Close) {
            self.tokens.next();
        } else {
            self.note(NoteKind::Repaired, "a parenthesis is never closed: closed at the end");
        }
        inner
    }
}

const fn may(clause: Clause) -> Item {
    Item { sign: Sign::May, clause }
}

/// Clauses side by side, in the one form that they have: inner sequences without signs are part of it,
/// words next to each other are one clause, and one clause alone stands for itself.
fn sequence(items: Vec<Item>) -> Clause {
    let mut flat: Vec<Item> = Vec::new();
    for item in items {
        let unsigned = |items: &[Item]| items.iter().all(|item| item.sign == Sign::May);
        match item {
            Item { sign: Sign::May, clause: Clause::Sequence(inner) } if unsigned(&inner) => {
                for item in inner {
                    push(&mut flat, item);
                }
            }
            item => push(&mut flat, item),
        }
    }
    match &mut flat[..] {
        [] => Clause::Nothing,
        [Item { sign: Sign::May, clause }] => std::mem::replace(clause, Clause::Nothing),
        _ => Clause::Sequence(flat),
    }
}

fn push(items: &mut Vec<Item>, item: Item) {
    if let (
        Some(Item { sign: Sign::May, clause: Clause::Words(before) }),
        Item { sign: Sign::May, clause: Clause::Words(after) },
    ) = (items.last_mut(), &item)
    {
        before.push(' ');
        before.push_str(after);
        return;
    }
    items.push(item);
}

/// All of the clauses; those that are themselves all of some are part of it.
fn and(clauses: Vec<Clause>) -> Clause {
    let parts = clauses.into_iter().flat_map(|clause| match clause {
        Clause::And(inner) => inner,
        other => vec![other],
    });
    Clause::And(parts.collect())
}

/// Any of the clauses; those that are themselves any of some are part of it.
fn or(clauses: Vec<Clause>) -> Clause {
    let parts = clauses.into_iter().flat_map(|clause| match clause {
        Clause::Or(inner) => inner,
        other => vec![other],
    });
    Clause::Or(parts.collect())
}

/// Whether a clause has a place in a text that another can be near.
fn has_place(clause: &Clause) -> bool {
    match clause {
        Clause::Words(_)
        | Clause::Phrase { .. }
        | Clause::Wildcard(_)
        | Clause::Fuzzy { .. }
        | Clause::Regex(_) => true,
        Clause::Or(clauses) => clauses.iter().all(has_place),
        Clause::Sequence(items) => {
            items.iter().all(|item| item.sign == Sign::May && has_place(&item.clause))
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Pieces that mean something to the language, and some that do not.
    fn piece() -> impl Strategy<Value = String> {
        let known = prop::sample::select(vec![
            "flying",
            "car",
            "广州",
            "预算",
            "AND",
            "OR",
            "NOT",
            "SAME",
            "NEAR/3",
            "NEAR",
            "NEAR/99",
            "&&",
            "||",
            "|",
            "(",
            ")",
            "（",
            "）",
            "\"",
            "“",
            "”",
            "「",
            "」",
            "+",
            "-",
            "!",
            "－",
            "~",
            "~1",
            "~9",
            "^2",
            "^0.5",
            "^x",
            "*",
            "?",
            "＊",
            "fact*",
            "wi?d",
            "title:",
            "id:",
            "lang:",
            "date:2025",
            "after:2025-06",
            "date:x",
            "gdp:",
            "/colou?r/",
            "/a",
            "\\",
            "\\(",
            "5",
            "2025",
            ":",
            " ",
            "  ",
            "\t",
            "什么？",
            "的",
            "😀",
            "a:b",
            "U.S.",
            "e-mail",
            "C++",
            ".",
            "%",
        ]);
        prop_oneof![6 => known.prop_map(str::to_owned), 1 => any::<String>()]
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2_000))]

        #[test]
        fn printed_and_parsed_again_the_tree_is_the_same(
            pieces in prop::collection::vec((piece(), any::<bool>()), 0..12)
        ) {
            let text: String = pieces
                .into_iter()
                .flat_map(|(piece, space)| [piece, if space { " ".to_owned() } else { String::new() }])
                .collect();
            let (clause, _) = parse(&text);
            let printed = clause.to_string();
            let (again, _) = parse(&printed);
            prop_assert_eq!(&again, &clause, "{:?} is printed as {:?}", text, printed);
        }
    }
}
