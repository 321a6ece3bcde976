//! Reads mails (.eml), mailboxes (.mbox) and saved web pages (.mhtml).
//!
//! A mail is a document: its subject is the title, and its text is the body, with the replies that it quotes.
//! Each attachment is a separate file. `message.rs` reads one mail, and `page.rs` a saved web page.

mod body;
mod header;
mod message;
mod page;
#[cfg(test)]
mod tests;

pub(super) use self::page::read as read_page;
use super::contained::Contents;

/// Beginning of the line that precedes each mail in a mailbox.
const MAIL_SEPARATOR_LINE_START: &[u8] = b"From ";
/// Reads a mail: the mail itself, then its attachments.
pub(super) fn read(id: &str, bytes: &[u8]) -> Contents<'static> {
    Box::new(message::read(id, bytes, 0).into_iter())
}

/// Reads the mails of a mailbox. The id of each mail is `ID:NUMBER`, where ID is the id of the mailbox and NUMBER
/// counts the mails from 1.
pub(super) fn read_mailbox<'a>(id: &str, bytes: &'a [u8]) -> Contents<'a> {
    let id = id.to_owned();
    let messages = split_mailbox(bytes).zip(1..);
    Box::new(messages.flat_map(move |(message_bytes, number)| {
        message::read(&format!("{id}:{number}"), &unquote_from_lines(message_bytes), 0)
    }))
}

/// Iterates over the mails of a mailbox. A line that begins with `From ` precedes each mail. Such a line is at the
/// beginning of the file or below an empty line, and a header field follows it.
fn split_mailbox(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut remaining_bytes = bytes;
    std::iter::from_fn(move || {
        let bytes = std::mem::take(&mut remaining_bytes);
        let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
        if bytes.trim_ascii().is_empty() {
            return None;
        }
        let message_start =
            if bytes.starts_with(MAIL_SEPARATOR_LINE_START) { line_end(bytes, 0) } else { 0 };
        let mut line_start = message_start;
        let mut is_after_empty_line = false;
        while line_start < bytes.len() {
            let line = bytes.get(line_start..).unwrap_or_default();
            if is_after_empty_line
                && line.starts_with(MAIL_SEPARATOR_LINE_START)
                && is_followed_by_header_field(line)
            {
                break;
            }
            let next_start = line_end(bytes, line_start);
            let line = bytes.get(line_start..next_start).unwrap_or_default();
            is_after_empty_line = line.trim_ascii().is_empty();
            line_start = next_start;
        }
        remaining_bytes = bytes.get(line_start..).unwrap_or_default();
        bytes.get(message_start..line_start)
    })
}

/// Returns whether the second line of `lines` is a header field (`Name: value`).
fn is_followed_by_header_field(lines: &[u8]) -> bool {
    let next_line = lines.get(line_end(lines, 0)..).unwrap_or_default();
    let name = next_line.iter().take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b'-');
    let name_length = name.count();
    name_length > 0 && next_line.get(name_length) == Some(&b':')
}

/// Returns the offset after the line break of the line at `line_start`.
fn line_end(bytes: &[u8], line_start: usize) -> usize {
    let line = bytes.get(line_start..).unwrap_or_default();
    line.iter().position(|byte| *byte == b'\n').map_or(bytes.len(), |end| line_start + end + 1)
}

/// Removes the character `>` before `From ` at the beginning of a line. A mailbox adds the character, because the line
/// would otherwise separate two mails.
fn unquote_from_lines(message: &[u8]) -> Vec<u8> {
    let mut unquoted_message = Vec::with_capacity(message.len());
    for line in message.split_inclusive(|byte| *byte == b'\n') {
        let after_marks = line.iter().position(|byte| *byte != b'>').unwrap_or(line.len());
        let is_quoted = after_marks > 0
            && line
                .get(after_marks..)
                .is_some_and(|line| line.starts_with(MAIL_SEPARATOR_LINE_START));
        unquoted_message.extend_from_slice(line.get(usize::from(is_quoted)..).unwrap_or_default());
    }
    unquoted_message
}
