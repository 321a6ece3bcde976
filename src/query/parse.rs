//! Implements a recursive-descent parser: turns tokens of the query language into a [`Clause`]. Every text parses: an
//! invalid part of the text is ignored or searched as words, with a note.
//!
//! ```text
//! or       = and { "OR" and }
//! and      = sequence { "AND" sequence }
//! sequence = { [ "+" | "-" | "NOT" ] near }
//! near     = unit { ( "NEAR/N" | "SAME" ) unit }
//! unit     = ( atom | field unit | "(" or ")" ) { "^N" }
//! ```

use super::{
    Clause, Note, Occur, SequenceItem,
    lex::{self, LexToken, Prefix, SourceToken},
    normalize::{conjunction, disjunction, item_without_sign, sequence},
    note::detail::{ExceededLimit, IgnoredPart, NoteDetail, Repair},
    proximity::MAX_NEAR_OPERANDS,
};
use crate::document::{DeclaredFields, document_number};

/// Maximum length of a query in characters. The rest of a longer query is ignored, since every word costs time.
const MAX_QUERY_CHARS: usize = 2_000;
/// Maximum nesting depth of parentheses. Deeper parentheses are ignored.
const MAX_PARENTHESES_DEPTH: usize = 32;

impl Clause {
    /// Parses query text. Returns the clause, and a note on each repaired or ignored piece of the text.
    ///
    /// ```
    /// use gz_search::query::Clause;
    ///
    /// let (clause, notes) = Clause::parse("flying car AND (factory OR 工厂) -toy");
    /// assert_eq!(clause.to_string(), "flying car AND (factory OR 工厂) NOT toy");
    /// assert!(notes.is_empty());
    /// ```
    pub fn parse(text: &str) -> (Self, Vec<Note>) {
        Self::parse_with(text, &DeclaredFields::default())
    }

    /// Parses query text for an index with these declared fields, which the text may name like any other field.
    ///
    /// ```
    /// use gz_search::{document::{DeclaredFields, FieldType}, query::Clause};
    ///
    /// # fn main() -> gz_search::Result<()> {
    /// let mut fields = DeclaredFields::default();
    /// fields.declare("desk", FieldType::Keyword)?;
    /// fields.declare("amount", FieldType::Number)?;
    /// let (clause, notes) = Clause::parse_with("port desk:trade (amount:<5 OR amount:>=10)", &fields);
    /// assert_eq!(clause.to_string(), "port desk:trade (amount:<5 OR amount:>=10)");
    /// assert!(notes.is_empty());
    /// # Ok(())
    /// # }
    /// ```
    pub fn parse_with(text: &str, fields: &DeclaredFields) -> (Self, Vec<Note>) {
        let mut notes = Vec::new();
        let text = &document_number::with_uniform_brackets(truncate_to_max_chars(text, &mut notes));
        let tokens = lex::tokens(text, fields, &mut notes).into_iter().peekable();
        let mut parser =
            Parser { tokens, parentheses_depth: 0, ignored_parenthesis_count: 0, notes };
        let clause = parser.parse_query();
        let mut notes = parser.notes;
        if clause != Self::Nothing {
            return (clause, notes);
        }
        // If the text has only operators, the words of the text are searched.
        let words = words_without_punctuation(text);
        if words.is_empty() {
            if !text.trim().is_empty() && notes.is_empty() {
                notes.push(Note::new(NoteDetail::Ignored(IgnoredPart::Everything)));
            }
            return (Self::Nothing, notes);
        }
        notes.push(Note::new(NoteDetail::Repaired(Repair::OnlyOperators)));
        (Self::Words(words), notes)
    }
}

/// Returns the first [`MAX_QUERY_CHARS`] characters of a text. Adds a note if the text is longer.
fn truncate_to_max_chars<'t>(text: &'t str, notes: &mut Vec<Note>) -> &'t str {
    let Some((end, _)) = text.char_indices().nth(MAX_QUERY_CHARS) else { return text };
    let limit = ExceededLimit::QueryLength { max_chars: MAX_QUERY_CHARS };
    notes.push(Note::new(NoteDetail::Truncated(limit)));
    text.get(..end).unwrap_or(text)
}

/// Returns the words of a text, without any other characters, separated by spaces.
fn words_without_punctuation(text: &str) -> String {
    let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join(" ")
}

/// Recursive-descent parser with the tokens that it has not read yet.
struct Parser {
    tokens: std::iter::Peekable<std::vec::IntoIter<SourceToken>>,
    /// Number of open parentheses around the next token.
    parentheses_depth: usize,
    /// Number of open parentheses that are nested deeper than [`MAX_PARENTHESES_DEPTH`].
    ignored_parenthesis_count: usize,
    notes: Vec<Note>,
}

impl Parser {
    fn note_repair(&mut self, repair: Repair) {
        self.notes.push(Note::new(NoteDetail::Repaired(repair)));
    }

    fn note_ignored_part(&mut self, part: IgnoredPart) {
        self.notes.push(Note::new(NoteDetail::Ignored(part)));
    }

    fn peek(&mut self) -> Option<&LexToken> {
        self.tokens.peek().map(|lexed| &lexed.token)
    }

    fn parse_query(&mut self) -> Clause {
        let mut clauses = Vec::new();
        loop {
            clauses.extend(self.parse_or());
            match self.tokens.next() {
                None => break,
                // The rule `or` ends before the end of the text only at a closing parenthesis.
                Some(_) => self.note_repair(Repair::UnopenedParenthesis),
            }
        }
        sequence(clauses.into_iter().map(item_without_sign).collect())
    }

    fn parse_or(&mut self) -> Option<Clause> {
        self.parse_operands_separated_by(&LexToken::Or, Self::parse_and, disjunction)
    }

    fn parse_and(&mut self) -> Option<Clause> {
        self.parse_operands_separated_by(&LexToken::And, Self::parse_sequence, conjunction)
    }

    /// Parses operands that are separated by `operator`, each with the function `operand`, and joins them with `join`.
    /// A single operand is returned unchanged. `None` if there is no operand.
    fn parse_operands_separated_by(
        &mut self,
        operator: &LexToken,
        operand: fn(&mut Self) -> Option<Clause>,
        join: fn(Vec<Clause>) -> Clause,
    ) -> Option<Clause> {
        let mut operands: Vec<Clause> = Vec::new();
        let mut pending_operator = None;
        loop {
            let next_operand = operand(self);
            if next_operand.is_none() || operands.is_empty() {
                self.note_missing_operand(pending_operator.take());
            }
            operands.extend(next_operand);
            if self.peek() != Some(operator) {
                break;
            }
            pending_operator = self.tokens.next().map(|lexed| lexed.source);
        }
        if operands.len() < 2 { operands.pop() } else { Some(join(operands)) }
    }

    /// Adds a note that an operator lacks an operand. Does nothing if `operator` is `None`.
    fn note_missing_operand(&mut self, operator: Option<String>) {
        if let Some(operator) = operator {
            self.note_ignored_part(IgnoredPart::OperatorWithoutWord { operator });
        }
    }

    fn parse_sequence(&mut self) -> Option<Clause> {
        let mut items: Vec<SequenceItem> = Vec::new();
        loop {
            let is_beyond_max_depth = self.ignored_parenthesis_count > 0;
            match self.peek() {
                Some(LexToken::Close) if is_beyond_max_depth => {
                    self.ignored_parenthesis_count -= 1;
                    self.tokens.next();
                }
                None | Some(LexToken::Or | LexToken::And | LexToken::Close) => break,
                Some(_) => {
                    let sign = self.parse_signs_before_clause();
                    match self.parse_near_or_same() {
                        Some(clause) => {
                            let occur = sign.unwrap_or(Occur::Should);
                            items.push(SequenceItem { occur, clause });
                        }
                        None if sign.is_some() => {
                            self.note_ignored_part(IgnoredPart::NotWithoutWord);
                        }
                        None => {}
                    }
                }
            }
        }
        Some(sequence(items)).filter(|clause| *clause != Clause::Nothing)
    }

    /// Parses all signs before a clause. Returns the first sign, or `None` if there is no sign.
    fn parse_signs_before_clause(&mut self) -> Option<Occur> {
        let mut first_sign = None;
        while let Some(&LexToken::Sign(sign)) = self.peek() {
            self.tokens.next();
            if first_sign.is_some() {
                self.note_repair(Repair::SeveralSigns);
            }
            first_sign = first_sign.or(Some(sign));
        }
        first_sign
    }

    /// Parses operands that are separated by NEAR or SAME. In a chain of different operators, each run of equal
    /// operators becomes one clause, and all these clauses must match.
    fn parse_near_or_same(&mut self) -> Option<Clause> {
        let mut operands: Vec<Clause> = self.parse_boosted_operand().into_iter().collect();
        let mut operators: Vec<LexToken> = Vec::new();
        while let Some(operator @ (LexToken::Near(_) | LexToken::Same)) = self.peek().cloned() {
            let source = self.tokens.next().map(|lexed| lexed.source);
            let has_operand = matches!(
                self.peek(),
                Some(LexToken::Open | LexToken::Prefix(_) | LexToken::Atom(_))
            );
            let right_operand = if has_operand { self.parse_boosted_operand() } else { None };
            if right_operand.is_some() && !operands.is_empty() {
                operators.push(operator);
            } else {
                self.note_missing_operand(source);
            }
            operands.extend(right_operand);
        }
        self.proximity_clause(operands, &operators)
    }

    /// Returns the clause for `operands`, between which `operators` stand. `None` if there are no operands.
    fn proximity_clause(
        &mut self,
        mut operands: Vec<Clause>,
        operators: &[LexToken],
    ) -> Option<Clause> {
        let mut clauses = Vec::new();
        let mut first_unit = 0;
        for run in operators.chunk_by(|operator, next| operator == next) {
            let last_unit = first_unit + run.len();
            let units = operands.get(first_unit..=last_unit).unwrap_or_default();
            let is_valid =
                units.iter().all(matches_have_positions) && units.len() <= MAX_NEAR_OPERANDS;
            match (run, is_valid) {
                ([LexToken::Near(distance), ..], true) => {
                    clauses.push(Clause::Near { clauses: units.to_vec(), distance: *distance });
                }
                (_, true) => clauses.push(Clause::Same(units.to_vec())),
                (_, false) => {
                    // The clauses of the previous run already contain the first unit of this run. If the unit
                    // were added twice, the size of the clause would double with each level of parentheses.
                    clauses.extend(units.iter().skip(usize::from(first_unit > 0)).cloned());
                    self.note_repair(Repair::ProximityOperands { max: MAX_NEAR_OPERANDS });
                }
            }
            first_unit = last_unit;
        }
        match clauses.len() {
            0 => operands.pop(),
            1 => clauses.pop(),
            _ => Some(conjunction(clauses)),
        }
    }

    fn parse_boosted_operand(&mut self) -> Option<Clause> {
        let mut clause = match self.tokens.peek().map(|lexed| lexed.token.clone())? {
            LexToken::Atom(clause) => {
                self.tokens.next();
                Some(clause).filter(|clause| *clause != Clause::Nothing)
            }
            LexToken::Prefix(prefix) => {
                self.tokens.next();
                self.parse_operand_after_prefix(prefix)
            }
            LexToken::Open => {
                self.tokens.next();
                self.parse_parenthesized_group()
            }
            // An operator that has no preceding operand.
            LexToken::Near(_) | LexToken::Same | LexToken::Boost(_) => {
                let source = self.tokens.next().map(|lexed| lexed.source);
                self.note_missing_operand(source);
                None
            }
            LexToken::Close | LexToken::And | LexToken::Or | LexToken::Sign(_) => None,
        };
        while let Some(&LexToken::Boost(factor)) = self.peek() {
            self.tokens.next();
            clause = clause.map(|clause| Clause::Boost(Box::new(clause), factor));
        }
        clause
    }

    /// Parses the operand after a field name or `any`. Returns the clause that applies the name to the operand, or
    /// `None` if the operand is missing.
    fn parse_operand_after_prefix(&mut self, prefix: Prefix) -> Option<Clause> {
        let operand = match self.tokens.peek().map(|lexed| lexed.token.clone()) {
            Some(LexToken::Atom(clause)) => {
                self.tokens.next();
                Some(clause).filter(|clause| *clause != Clause::Nothing)
            }
            Some(LexToken::Prefix(inner)) => {
                self.tokens.next();
                self.parse_operand_after_prefix(inner)
            }
            Some(LexToken::Open) => {
                self.tokens.next();
                self.parse_parenthesized_group()
            }
            _ => None,
        };
        if operand.is_none() {
            self.note_ignored_part(IgnoredPart::FieldWithoutWord { name: prefix.to_string() });
        }
        operand.map(|clause| prefix.apply_to(clause))
    }

    /// Parses the text inside parentheses, and the closing parenthesis.
    fn parse_parenthesized_group(&mut self) -> Option<Clause> {
        if self.parentheses_depth >= MAX_PARENTHESES_DEPTH {
            if self.ignored_parenthesis_count == 0 {
                let limit = ExceededLimit::ParenthesesDepth { max: MAX_PARENTHESES_DEPTH };
                self.notes.push(Note::new(NoteDetail::Truncated(limit)));
            }
            self.ignored_parenthesis_count += 1;
            return None;
        }
        self.parentheses_depth += 1;
        let inner_clause = self.parse_or();
        self.parentheses_depth -= 1;
        if self.peek() == Some(&LexToken::Close) {
            self.tokens.next();
        } else {
            self.note_repair(Repair::UnclosedParenthesis);
        }
        inner_clause
    }
}

/// Returns whether matches of a clause have positions in a text. Only clauses with positions can be operands of NEAR
/// and SAME.
fn matches_have_positions(clause: &Clause) -> bool {
    match clause {
        Clause::Words(_)
        | Clause::Phrase { .. }
        | Clause::Wildcard(_)
        | Clause::Fuzzy { .. }
        | Clause::Regex(_)
        | Clause::Figure(_)
        | Clause::Mentions { .. } => true,
        Clause::Or(clauses) => clauses.iter().all(matches_have_positions),
        Clause::Sequence(items) => items
            .iter()
            .all(|item| item.occur == Occur::Should && matches_have_positions(&item.clause)),
        Clause::Everything
        | Clause::Nothing
        | Clause::Near { .. }
        | Clause::Same(_)
        | Clause::And(_)
        | Clause::Any(_)
        | Clause::In(..)
        | Clause::Boost(..)
        | Clause::Dates(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Returns a strategy that generates pieces of query text: operators, words and arbitrary text.
    fn any_query_piece() -> impl Strategy<Value = String> {
        #[rustfmt::skip]
        let syntax_pieces = vec![
            "flying", "car", "广州", "预算", "AND", "OR", "NOT", "SAME", "NEAR/3", "NEAR",
            "NEAR/99", "&&", "||", "|", "(", ")", "（", "）", "\"", "“", "”", "「", "」", "+", "-",
            "!", "－", "~", "~1", "~9", "^2", "^0.5", "^x", "*", "?", "＊", "fact*", "wi?d",
            "title:", "any:", "id:", "lang:", "date:2025", "after:2025-06", "date:x", "gdp:",
            "figure:>=1 trillion yuan", "figure:\"30%..40%\"", "figure:", "figure:\"$35 a month\"", "~20000", "period:2023", "asof:2025-07",
            "/colou?r/", "/a", "\\", "\\(", "5", "2025", ":", " ", "  ", "\t", "什么？", "的", "😀",
            "a:b", "U.S.", "e-mail", "C++", ".", "%", "desk:", "主题：", "desk://", "http://x", "amount:>=5", "amount:-5..", "desk:tr*e",
            "summary:", "urgent:yes", "desk:AND", "received:<2024-02",
        ];
        let syntax_pieces = prop::sample::select(syntax_pieces);
        prop_oneof![6 => syntax_pieces.prop_map(str::to_owned), 1 => any::<String>()]
    }

    #[test]
    fn a_symbol_belongs_only_to_words_with_letters_or_digits() {
        let mut fields = DeclaredFields::default();
        fields.declare_from_text("desk:keyword").unwrap();
        for (text, expected) in
            [("5 %", r"5 \%"), ("R & D", r"R \& D"), ("desk:&& %", r"desk:\&\&")]
        {
            let (clause, _) = Clause::parse_with(text, &fields);
            assert_eq!(clause.to_string(), expected, "{text}");
            assert_eq!(Clause::parse_with(expected, &fields).0, clause, "{text}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2_000))]

        #[test]
        fn a_printed_clause_parses_to_an_equal_clause(
            pieces in prop::collection::vec((any_query_piece(), any::<bool>()), 0..12)
        ) {
            let text: String = pieces
                .into_iter()
                .flat_map(|(piece, space)| [piece, if space { " ".to_owned() } else { String::new() }])
                .collect();
            let mut fields = DeclaredFields::default();
            for declaration in
                ["desk:keyword", "主题:keyword", "amount:number", "summary:text", "urgent:bool", "received:date"]
            {
                fields.declare_from_text(declaration).unwrap();
            }
            let (clause, _) = Clause::parse_with(&text, &fields);
            let printed = clause.to_string();
            let (reparsed, _) = Clause::parse_with(&printed, &fields);
            prop_assert_eq!(&reparsed, &clause, "{:?} is printed as {:?}", text, printed);
        }
    }
}
