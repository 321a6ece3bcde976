//! Decodes the header fields of mails, also those that break the rules in ways that other mail programs accept.

use std::sync::LazyLock;

use encoding_rs::Encoding;
use mailparse::{MailHeader, MailHeaderMap, ParsedMail};
use regex::Regex;

use crate::document::{
    format::{encoding, mime_part::decode_base64_without_padding},
    metadata::date::Date,
};

/// First of the years that a mail states with two digits (RFC 5322): 50 is 1950, and 49 is 2049.
const FIRST_SHORT_YEAR: u16 = 50;
/// Pattern of an encoded word (RFC 2047): its character set, its transfer encoding and its encoded bytes.
static ENCODED_WORD: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"=\?([^?\s*]+)(?:\*[^?\s]*)?\?([bBqQ])\?([^?]*)\?=").ok());
/// Pattern of a date with a year of two digits, `17 Dec 97`, or with the year after the time, `Dec 17 09:30:00 2025`.
static UNUSUAL_MAIL_DATE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"(?x)^(?:[A-Za-z]{3,9},?\s+)?(?:
        (?P<day>[0-9]{1,2})[\ -](?P<month>[A-Z][a-z]{2,8})[\ -](?P<year>[0-9]{2})\b
        |(?P<month_first>[A-Z][a-z]{2,8})\s+(?P<day_after>[0-9]{1,2})\s+[0-9:]{5,8}(?:\s[A-Z]{3,4})?\s(?P<full_year>[0-9]{4})\b)",
    )
    .ok()
});

/// Run of encoded words in one character set. A character may be divided between two of the words.
struct EncodedRun {
    encoding: &'static Encoding,
    bytes: Vec<u8>,
}

/// Returns the decoded value of the header field `name` of a mail. `None` if the mail has no such field, or the value is
/// blank.
pub(super) fn header_value(mail: &ParsedMail<'_>, name: &str) -> Option<String> {
    let header = mail.headers.get_first_header(name)?;
    let value = decoded_value(header, declared_encoding(mail));
    (!value.trim().is_empty()).then_some(value)
}

/// Returns the encoding that a mail declares for its text. It also applies to header fields that are not encoded.
fn declared_encoding(mail: &ParsedMail<'_>) -> Option<&'static Encoding> {
    let mut parts = mail.parts().filter(|part| part.ctype.mimetype.starts_with("text/"));
    let label = parts.find_map(|part| part.ctype.params.get("charset"))?;
    Encoding::for_label(label.trim().as_bytes())
}

/// Decodes the value of a header field. `body_encoding` is the encoding of bytes that are not in encoded words.
fn decoded_value(header: &MailHeader<'_>, body_encoding: Option<&'static Encoding>) -> String {
    let raw_value = header.get_value_raw();
    let raw_text = if raw_value.is_ascii() {
        String::from_utf8_lossy(raw_value).into_owned()
    } else {
        encoding::decode_with_declared_encoding(raw_value, body_encoding)
    };
    let lines = raw_text.lines().map(str::trim).filter(|line| !line.is_empty());
    let unfolded_text = lines.collect::<Vec<_>>().join(" ");
    if !unfolded_text.contains("=?") {
        return unfolded_text;
    }
    // The parser knows further character sets, such as UTF-7.
    decode_encoded_words(&unfolded_text).unwrap_or_else(|| header.get_value())
}

/// Decodes the encoded words in a text. Joins the bytes of adjacent words in one character set before decoding them.
/// `None` if a character set is unknown.
fn decode_encoded_words(text: &str) -> Option<String> {
    let mut decoded_text = String::with_capacity(text.len());
    let mut run: Option<EncodedRun> = None;
    let mut last_end = 0;
    for groups in ENCODED_WORD.as_ref()?.captures_iter(text) {
        let word = groups.get(0)?;
        let between = text.get(last_end..word.start())?;
        let encoding = Encoding::for_label(groups.get(1)?.as_str().as_bytes())?;
        let encoded = groups.get(3)?.as_str();
        let bytes = match groups.get(2)?.as_str() {
            "B" | "b" => decode_base64_without_padding(encoded.as_bytes()),
            _ => decode_q_encoding(encoded),
        };
        // White space between encoded words is not part of the text.
        let is_adjacent = between.trim().is_empty();
        let open_run = run.as_mut().filter(|run| is_adjacent && run.encoding == encoding);
        if let Some(run) = open_run {
            run.bytes.extend(bytes);
        } else {
            let is_after_word = run.is_some();
            push_decoded(&mut decoded_text, run.take());
            if !(is_adjacent && is_after_word) {
                decoded_text.push_str(between);
            }
            run = Some(EncodedRun { encoding, bytes });
        }
        last_end = word.end();
    }
    push_decoded(&mut decoded_text, run);
    decoded_text.push_str(text.get(last_end..)?);
    Some(decoded_text)
}

/// Decodes a run of encoded words, and adds its text to `text`.
fn push_decoded(text: &mut String, run: Option<EncodedRun>) {
    if let Some(EncodedRun { encoding, bytes }) = run {
        text.push_str(&encoding::decode_with_declared_encoding(&bytes, Some(encoding)));
    }
}

/// Decodes the Q encoding of encoded words: `=E9` is a byte, and `_` is a space.
fn decode_q_encoding(encoded: &str) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(encoded.len());
    let mut rest = encoded.as_bytes();
    while let [first, following @ ..] = rest {
        let escaped = following.get(..2).and_then(|digits| std::str::from_utf8(digits).ok());
        let escaped = escaped.filter(|_| *first == b'=');
        let escaped = escaped.and_then(|digits| u8::from_str_radix(digits, 16).ok());
        bytes.push(escaped.unwrap_or(if *first == b'_' { b' ' } else { *first }));
        rest = if escaped.is_some() { following.get(2..).unwrap_or_default() } else { following };
    }
    bytes
}

/// Returns the day in the date field of a mail, as a text that is parsed as a [`Date`]. Knows the notations of old mails.
pub(super) fn day_of_mail_date(value: &str) -> String {
    if value.parse::<Date>().is_ok() {
        return value.to_owned();
    }
    let day = || {
        let groups = UNUSUAL_MAIL_DATE.as_ref()?.captures(value.trim())?;
        let group = |name: &str| groups.name(name).map(|group| group.as_str());
        let day = group("day").or_else(|| group("day_after"))?;
        let month = group("month").or_else(|| group("month_first"))?;
        let year: u16 = match group("year") {
            Some(short_year) => {
                let short_year: u16 = short_year.parse().ok()?;
                short_year + if short_year < FIRST_SHORT_YEAR { 2_000 } else { 1_900 }
            }
            None => group("full_year")?.parse().ok()?,
        };
        Some(format!("{day} {month} {year}"))
    };
    day().unwrap_or_else(|| value.to_owned())
}

/// Returns the day on which a mail without a date was sent: the date that the first mail server states, in the last of
/// the `Received` fields.
pub(super) fn day_of_first_receipt(mail: &ParsedMail<'_>) -> Option<String> {
    let receipts = mail.headers.get_all_values("Received");
    let (_, date) = receipts.last()?.rsplit_once(';')?;
    Some(day_of_mail_date(date))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decoded(header: &[u8], body_charset: &str) -> String {
        let fields = [
            &b"Content-Type: text/plain; charset="[..],
            body_charset.as_bytes(),
            b"\r\nSubject: ",
            header,
            b"\r\n\r\nText.\r\n",
        ];
        let message = fields.concat();
        header_value(&mailparse::parse_mail(&message).unwrap(), "Subject").unwrap_or_default()
    }

    #[test]
    fn header_fields_are_decoded() {
        for (header, expected) in [
            // Characters that are divided between two words.
            ("=?UTF-8?B?5YWz5LqO?= =?UTF-8?B?5byA?=", "关于开"),
            ("=?UTF-8?B?5YWz5A==?=\r\n =?utf-8?B?uo4=?=", "关于"),
            ("=?UTF-8?Q?=E5=85=B3=E4?= =?UTF-8?Q?=BA=8E?=", "关于"),
            ("=?gb2312?B?uNvE?= =?gb2312?B?2g==?=", "港内"),
            ("=?gb2312?Q?=B8?= =?GB2312?Q?=DB?=", "港"),
            // Words without the spaces or the padding that the rules demand.
            ("Re:=?UTF-8?B?5YWz5LqO?=", "Re:关于"),
            ("=?UTF-8?B?5YWz5LqO5byA5Q?=x", "关于开\u{FFFD}x"),
            ("=?UTF-8?Q?Fee plan?=", "Fee plan"),
            ("=?UTF-8*en?Q?Fee_plan?=", "Fee plan"),
            ("=?UTF-8?Q?a?= b =?UTF-8?Q?c?=", "a b c"),
            ("=?UTF-8?Q?a?= =?iso-8859-1?Q?=E9?=", "aé"),
            ("plain,\r\n folded", "plain, folded"),
            ("Is 1=? or 2", "Is 1=? or 2"),
        ] {
            assert_eq!(decoded(header.as_bytes(), "utf-8"), expected, "{header}");
        }
        let gbk = encoding_rs::GBK.encode("关于费用").0;
        assert_eq!(decoded(&gbk, "gb2312"), "关于费用");
        assert_eq!(decoded("关于费用".as_bytes(), "gb2312"), "关于费用");
    }

    #[test]
    fn dates_of_mails_are_read() {
        for (date, expected) in [
            ("Wed, 17 Dec 2025 09:30:00 +0100", Some("2025-12-17")),
            ("17 Dec 97", Some("1997-12-17")),
            ("Wed, 17 Dec 97 09:30:00 GMT", Some("1997-12-17")),
            ("Wednesday, 17-Dec-97 09:30:00 GMT", Some("1997-12-17")),
            ("17 Dec 25", Some("2025-12-17")),
            ("Wed Dec 17 09:30:00 2025", Some("2025-12-17")),
            ("Wed Dec  7 09:30:00 CET 2025", Some("2025-12-07")),
            ("17/12/97", None),
            ("Dec 17", None),
        ] {
            let day = day_of_mail_date(date).parse::<Date>().ok().map(|date| date.to_string());
            assert_eq!(day.as_deref(), expected, "{date}");
        }
    }
}
