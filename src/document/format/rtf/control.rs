//! Splits Rich Text Format into groups, control words and text.

/// Maximum number of letters of a control word.
const MAX_CONTROL_WORD_LETTERS: usize = 32;

/// Token of a file in Rich Text Format.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum RtfToken<'a> {
    /// Beginning of a group.
    OpenGroup,
    /// End of a group.
    CloseGroup,
    /// `\*`: a program may skip the group if it does not know the control word of the group.
    OptionalGroup,
    ControlWord(ControlWord<'a>),
    /// Escaped byte: `\'e9`.
    Byte(u8),
    /// Bytes of text, without line breaks.
    Text(&'a [u8]),
}

/// A control word, such as `\fs24`: its letters and its number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct ControlWord<'a> {
    /// Letters of the control word, such as `fs`.
    pub(super) word: &'a str,
    /// Number after the letters. `None` if there is none.
    pub(super) value: Option<i32>,
}

/// Iterates over the tokens of a file. Skips the binary data of pictures.
pub(super) fn tokens(bytes: &[u8]) -> impl Iterator<Item = RtfToken<'_>> {
    let mut rest = bytes;
    std::iter::from_fn(move || {
        loop {
            let (first, after_first) = rest.split_first()?;
            let (token, following) = match first {
                b'{' => (Some(RtfToken::OpenGroup), after_first),
                b'}' => (Some(RtfToken::CloseGroup), after_first),
                b'\r' | b'\n' | 0 => (None, after_first),
                b'\\' => read_token_after_backslash(after_first),
                _ => {
                    let is_end =
                        |byte: &u8| matches!(byte, b'{' | b'}' | b'\\' | b'\r' | b'\n' | 0);
                    let end = rest.iter().position(is_end).unwrap_or(rest.len());
                    let (text, following) = rest.split_at(end);
                    (Some(RtfToken::Text(text)), following)
                }
            };
            rest = following;
            if token.is_some() {
                return token;
            }
        }
    })
}

/// Returns the token after a backslash, and the bytes after it.
fn read_token_after_backslash(bytes: &[u8]) -> (Option<RtfToken<'_>>, &[u8]) {
    let Some((first, after_first)) = bytes.split_first() else { return (None, bytes) };
    let symbol =
        |word| (Some(RtfToken::ControlWord(ControlWord { word, value: None })), after_first);
    match first {
        b'\'' => {
            let digits = after_first.get(..2).and_then(|digits| std::str::from_utf8(digits).ok());
            let byte = digits.and_then(|digits| u8::from_str_radix(digits, 16).ok());
            let following = after_first.get(2..).unwrap_or_default();
            byte.map_or((None, after_first), |byte| (Some(RtfToken::Byte(byte)), following))
        }
        b'*' => (Some(RtfToken::OptionalGroup), after_first),
        b'\\' | b'{' | b'}' => (Some(RtfToken::Byte(*first)), after_first),
        b'~' => symbol("~"),
        b'_' => symbol("_"),
        b'\r' | b'\n' => symbol("par"),
        b'\t' => symbol("tab"),
        _ if first.is_ascii_alphabetic() => read_control_word(bytes),
        _ => (None, after_first),
    }
}

/// Reads a control word with its number and the space that ends it. Skips the binary data after `\bin`.
fn read_control_word(bytes: &[u8]) -> (Option<RtfToken<'_>>, &[u8]) {
    let letters =
        bytes.iter().take(MAX_CONTROL_WORD_LETTERS).take_while(|byte| byte.is_ascii_alphabetic());
    let (word, rest) = bytes.split_at(letters.count());
    let sign_length = usize::from(rest.first() == Some(&b'-'));
    let digits = rest.iter().skip(sign_length).take(10).take_while(|byte| byte.is_ascii_digit());
    let digit_count = digits.count();
    let value_length = if digit_count == 0 { 0 } else { sign_length + digit_count };
    let (value, rest) = rest.split_at(value_length);
    let value = std::str::from_utf8(value).ok().and_then(|value| value.parse::<i32>().ok());
    let rest = rest.strip_prefix(b" ").unwrap_or(rest);
    let word = std::str::from_utf8(word).unwrap_or_default();
    let binary_length = match (word, value) {
        ("bin", Some(length)) => usize::try_from(length).unwrap_or_default(),
        _ => 0,
    };
    (
        Some(RtfToken::ControlWord(ControlWord { word, value })),
        rest.get(binary_length..).unwrap_or_default(),
    )
}
