//! Splits a format code into sections and tokens.

/// Token of a format code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum FormatToken {
    /// Text that is copied unchanged.
    Literal(String),
    /// Letters of a date or a time, in lower case: `yyyy`, `m`, `am/pm`.
    DatePart(String),
    /// Elapsed hours, minutes or seconds, as the letter `h`, `m` or `s`.
    Elapsed(char),
    /// Placeholders of digits, with separators: `#,##0.00`.
    Digits(String),
    /// A percent sign.
    Percent,
    /// `General`: the number without a format.
    General,
    /// `@`: the text of the cell.
    Text,
    /// An exponent or a fraction. The number is formatted without a format.
    Unknown,
}

/// Splits a format code at the semicolons that are neither in quotation marks nor after a backslash.
pub(super) fn split_code_sections(code: &str) -> Vec<&str> {
    let mut sections = Vec::new();
    let (mut section_start, mut is_quoted, mut is_escaped) = (0, false, false);
    for (index, c) in code.char_indices() {
        match c {
            _ if is_escaped => is_escaped = false,
            '\\' if !is_quoted => is_escaped = true,
            '"' => is_quoted = !is_quoted,
            ';' if !is_quoted => {
                sections.push(code.get(section_start..index).unwrap_or_default());
                section_start = index + 1;
            }
            _ => {}
        }
    }
    sections.push(code.get(section_start..).unwrap_or_default());
    sections
}

/// Returns the tokens of one section of a format code.
pub(super) fn tokens_of_section(section: &str) -> Vec<FormatToken> {
    let mut tokens = Vec::new();
    let mut rest = section;
    while let Some(c) = rest.chars().next() {
        let after_char = rest.get(c.len_utf8()..).unwrap_or_default();
        let lower_case_start = rest.chars().take(7).collect::<String>().to_lowercase();
        let token_length = match c {
            '"' => {
                let end = after_char.find('"').unwrap_or(after_char.len());
                push_literal(&mut tokens, after_char.get(..end).unwrap_or_default());
                (end + 2).min(rest.len())
            }
            '\\' | '!' => {
                let escaped = after_char.chars().next().map(String::from).unwrap_or_default();
                push_literal(&mut tokens, &escaped);
                1 + escaped.len()
            }
            // `_` is a space as wide as the next character, and `*` repeats the next character to fill the cell.
            '_' | '*' => {
                if c == '_' {
                    push_literal(&mut tokens, " ");
                }
                1 + after_char.chars().next().map_or(0, char::len_utf8)
            }
            '[' => {
                let end = after_char.find(']').unwrap_or(after_char.len());
                push_bracket_content(&mut tokens, after_char.get(..end).unwrap_or_default());
                (end + 2).min(rest.len())
            }
            _ if lower_case_start.starts_with("general") => {
                tokens.push(FormatToken::General);
                7
            }
            _ if lower_case_start.starts_with("am/pm") => {
                tokens.push(FormatToken::DatePart("am/pm".to_owned()));
                5
            }
            _ if rest.starts_with("上午/下午") => {
                tokens.push(FormatToken::DatePart("上午/下午".to_owned()));
                "上午/下午".len()
            }
            'e' | 'E' if after_char.starts_with(['+', '-']) => {
                tokens.push(FormatToken::Unknown);
                2
            }
            'y' | 'Y' | 'm' | 'M' | 'd' | 'D' | 'h' | 'H' | 's' | 'S' | 'e' | 'a' => {
                let is_same = |next: &char| next.eq_ignore_ascii_case(&c);
                let length = rest.chars().take_while(is_same).count();
                let letters: String =
                    lower_case_start.chars().take(1).collect::<String>().repeat(length.min(4));
                tokens.push(FormatToken::DatePart(letters));
                length
            }
            '0' | '#' | '?' => {
                let end =
                    rest.find(|c| !matches!(c, '0' | '#' | '?' | ',' | '.')).unwrap_or(rest.len());
                let is_fraction =
                    rest.get(end..).is_some_and(|rest| rest.trim_start().starts_with(['/', '?']));
                let digits = rest.get(..end).unwrap_or_default().to_owned();
                tokens.push(if is_fraction {
                    FormatToken::Unknown
                } else {
                    FormatToken::Digits(digits)
                });
                end
            }
            '.' if after_char.starts_with('0') => {
                let end = 1 + after_char.chars().take_while(|c| *c == '0').count();
                tokens.push(FormatToken::Digits(rest.get(..end).unwrap_or_default().to_owned()));
                end
            }
            '%' => {
                tokens.push(FormatToken::Percent);
                1
            }
            '@' => {
                tokens.push(FormatToken::Text);
                1
            }
            c => {
                push_literal(&mut tokens, c.encode_utf8(&mut [0; 4]));
                c.len_utf8()
            }
        };
        rest = rest.get(token_length..).unwrap_or_default();
    }
    tokens
}

fn push_literal(tokens: &mut Vec<FormatToken>, text: &str) {
    match tokens.last_mut() {
        Some(FormatToken::Literal(literal)) => literal.push_str(text),
        _ => tokens.push(FormatToken::Literal(text.to_owned())),
    }
}

/// Adds the content of square brackets: elapsed time (`h`), or a currency symbol (`$€-407`). Ignores colours and
/// locales.
fn push_bracket_content(tokens: &mut Vec<FormatToken>, content: &str) {
    let lower_case_start = content.to_lowercase();
    if let Some(currency) = content.strip_prefix('$') {
        push_literal(tokens, currency.split('-').next().unwrap_or_default());
    } else if let Some(letter) = lower_case_start.chars().next().filter(|c| "hms".contains(*c))
        && lower_case_start.chars().all(|c| c == letter)
    {
        tokens.push(FormatToken::Elapsed(letter));
    }
}
