//! Tests the readers of mails, mailboxes and saved pages.

use crate::document::{Format, read_all};

const MAIL: &str = "From: \"Bureau of Ports\" <news@ports.example>\r\n\
    To: desk@paper.example\r\n\
    Subject: =?utf-8?Q?Port_opened_=E2=80=93_North?=\r\n\
    Date: Tue, 16 Dec 2025 23:30:00 -0500\r\n\
    Message-ID: <m1@ports.example>\r\n\
    References: <m0@ports.example> <m0b@ports.example>\r\n\
    MIME-Version: 1.0\r\n\
    Content-Type: multipart/mixed; boundary=\"b\"\r\n\r\n\
    --b\r\nContent-Type: multipart/alternative; boundary=\"a\"\r\n\r\n\
    --a\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nThe port opened.\r\n\r\n> When?\r\n\r\nToday.\r\n\
    --a\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<p>The port opened.</p><blockquote>When?</blockquote>\r\n--a--\r\n\
    --b\r\nContent-Type: text/csv; name=\"ships.csv\"\r\nContent-Disposition: attachment; filename=\"ships.csv\"\r\n\
    Content-Transfer-Encoding: base64\r\n\r\nUG9ydCxTaGlwcyxDcmV3Ck5vcnRoLDEyLDMwClNvdXRoLDksMjUK\r\n\
    --b\r\nContent-Type: image/png; name=\"logo.png\"\r\nContent-Transfer-Encoding: base64\r\n\r\niVBORw0KGgo=\r\n\
    --b\r\nContent-Type: message/rfc822\r\n\r\nFrom: Li Wei <li@ports.example>\r\nSubject: Inner\r\n\r\nInner text.\r\n\
    --b--\r\n";

/// Returns a line for each document: id, title, issuer, date and text.
fn describe_documents(format: Format, bytes: &[u8]) -> Vec<String> {
    let documents = read_all(format, "m", bytes).into_iter().map(|document| match document {
        Ok(document) => format!(
            "{} | {} | {} | {} | {}",
            document.id,
            document.title.as_deref().unwrap_or_default(),
            document.issuer.as_deref().unwrap_or_default(),
            document.date.map(|date| date.to_string()).unwrap_or_default(),
            document.text.split_whitespace().collect::<Vec<_>>().join(" "),
        ),
        Err(error) => format!("! {error}"),
    });
    documents.collect()
}

#[test]
fn mail_and_attachments_are_documents() {
    assert_eq!(
        describe_documents(Format::Mail, MAIL.as_bytes()),
        [
            "m | Port opened – North | Bureau of Ports | 2025-12-16 | The port opened. > When? Today.",
            "m/ships.csv |  |  |  | Port: North · Ships: 12 · Crew: 30 Port: South · Ships: 9 · Crew: 25",
            "m/attached.eml | Inner |  |  | Inner text.",
        ]
    );
    let document = read_all(Format::Mail, "m", MAIL.as_bytes()).remove(0).unwrap();
    assert_eq!(document.metadata["thread"], "<m0@ports.example>");
    assert_eq!(document.metadata["message_id"], "<m1@ports.example>");
    assert_eq!(document.metadata["from"], "\"Bureau of Ports\" <news@ports.example>");
}

#[test]
fn chinese_mails_are_decoded() {
    let (text, _, _) = encoding_rs::GB18030.encode("港口于今日开放，镕基。");
    let mut gbk =
        b"Subject: =?gb2312?B?uNu/2g==?=\nContent-Type: text/plain; charset=gb2312\n\n".to_vec();
    gbk.extend_from_slice(&text);
    assert_eq!(describe_documents(Format::Mail, &gbk), ["m | 港口 |  |  | 港口于今日开放，镕基。"]);
    let undeclared = [&b"Subject: x\n\n"[..], &text].concat();
    assert_eq!(
        describe_documents(Format::Mail, &undeclared),
        ["m | x |  |  | 港口于今日开放，镕基。"]
    );
}

#[test]
fn malformed_mails_are_read() {
    let base64_with_footer = "Subject: x\nContent-Transfer-Encoding: base64\nContent-Type: text/plain; charset=utf-8\n\n\
        5riv5Y+j5LqO5LuK5pel5byA5pS+44CC5riv5Y+j5LqO5LuK5pel5byA5pS+44CC5\nriv5Y+j\n\
        ________________\nLeave the list: ports.example\n";
    let without_header = "Subject: x\nContent-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\n\
        One.\n--b\nI have no header.\n\nTwo.\n--b\n Indented.\n--b--\n";
    let attached = "Subject: x\nContent-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\nOne.\n--b\n\
        Content-Type: text/csv\nContent-Disposition: attachment\n\nPort,Ships,Crew\nNorth,12,30\nSouth,9,25\n--b--\n";
    for (mail, expected) in [
        (" Subject: x\n\nThe port opened.\n", &["m | x |  |  | The port opened."][..]),
        ("\r\n\r\nSubject: x\r\n\r\nThe port opened.\r\n", &["m | x |  |  | The port opened."]),
        ("Subject: x\nContent-Type: text/plain>\n\nThe port.\n", &["m | x |  |  | The port."]),
        ("Subject: x\nContent-Type: <html>\n\nThe port.\n", &["m | x |  |  | The port."]),
        ("Subject: x\nContent-Type: text/markdown\n\n*Port*\n", &["m | x |  |  | *Port*"]),
        (
            "Subject: x\nContent-Type: text/plain; charset=us-ascii\n\n港口 opened.\n",
            &["m | x |  |  | 港口 opened."],
        ),
        (
            base64_with_footer,
            &[
                "m | x |  |  | 港口于今日开放。港口于今日开放。港口 ________________ Leave the list: ports.example",
            ],
        ),
        (
            "Subject: x\nContent-Transfer-Encoding: BASE64 \n\nVGhlIHBvcnQgb3BlbmVkLg==\n",
            &["m | x |  |  | The port opened."],
        ),
        (
            "Received: from a by b; Wed, 17 Dec 2025 09:30:00 +0100\nReceived: from c by a; Tue, 16 Dec 2025 \
             23:30:00 +0100\nSubject: x\n\nThe port opened.\n",
            &["m | x |  | 2025-12-16 | The port opened."],
        ),
        (without_header, &["m | x |  |  | One. I have no header. Two. Indented."]),
        (
            attached,
            &[
                "m | x |  |  | One.",
                "m/attached.csv |  |  |  | Port: North · Ships: 12 · Crew: 30 Port: South · Ships: 9 · Crew: 25",
            ],
        ),
    ] {
        assert_eq!(describe_documents(Format::Mail, mail.as_bytes()), expected, "{mail}");
    }
}

#[test]
fn html_is_read_if_it_says_more() {
    let mail = "Subject: News\nContent-Type: multipart/alternative; boundary=a\n\n--a\nContent-Type: text/plain\n\n\
        Open in a browser.\n--a\nContent-Type: text/html\n\n<h1>Ports</h1><p>The port of the north opened today, \
        the bureau said.</p>\n--a--\n";
    assert_eq!(
        describe_documents(Format::Mail, mail.as_bytes()),
        ["m | News |  |  | Ports The port of the north opened today, the bureau said."]
    );
    let table = "<table><tr><th>County</th><th>Cases</th></tr><tr><td>Marlow</td><td>5</td></tr>\
        <tr><td>Reedham</td><td>6</td></tr></table>";
    for (plain_table, expected) in [
        ("", "Cases grow in two counties. County | Cases Marlow | 5 Reedham | 6"),
        (
            "County Cases\nMarlow 5\nReedham 6",
            "Cases grow in two counties. County Cases Marlow 5 Reedham 6",
        ),
    ] {
        let mail = format!(
            "Subject: News\nContent-Type: multipart/alternative; boundary=a\n\n--a\nContent-Type: text/plain\n\n\
             Cases grow in two counties.\n\n{plain_table}\n--a\nContent-Type: text/html\n\n\
             <p>Cases grow in two counties.</p>{table}\n--a--\n"
        );
        let expected = format!("m | News |  |  | {expected}");
        assert_eq!(describe_documents(Format::Mail, mail.as_bytes()), [expected]);
    }
    for (plain, html, expected) in [
        (
            "This message is in HTML format.",
            "<p>The fee for tugs is fifty crowns a night.",
            "The fee for tugs is fifty crowns a night.",
        ),
        (
            "The fee is below. See you soon.",
            "<p>The fee is below.<p>Tugs pay fifty crowns. See you soon.",
            "The fee is below. Tugs pay fifty crowns. See you soon.",
        ),
        (
            "Read on: https://ports.example/a/long/address\nSee you soon.",
            "<p>Read on. Tugs pay fifty crowns. See you soon.",
            "Read on. Tugs pay fifty crowns. See you soon.",
        ),
        (
            "The fee is fifty crowns, says the office.",
            "<p>The fee is fifty crowns. Unsubscribe.",
            "The fee is fifty crowns, says the office.",
        ),
        (
            "各区：费用不变，特此通\n知。",
            "<p>各区：费用不变，特此通知。",
            "各区：费用不变，特此通 知。",
        ),
    ] {
        let mail = format!(
            "Subject: News\nContent-Type: multipart/alternative; boundary=a\n\n--a\nContent-Type: text/plain\n\n\
             {plain}\n--a\nContent-Type: text/html\n\n{html}\n--a--\n"
        );
        let expected = format!("m | News |  |  | {expected}");
        assert_eq!(describe_documents(Format::Mail, mail.as_bytes()), [expected]);
    }
    let flowed =
        "Subject: News\nContent-Type: text/plain; format=flowed\n\nThe port \nopened.\n-- \nLi\n";
    assert_eq!(
        describe_documents(Format::Mail, flowed.as_bytes()),
        ["m | News |  |  | The port opened. -- Li"]
    );
    let flowed_without_spaces = "Subject: x\nContent-Type: text/plain; charset=utf-8; format=flowed; delsp=yes\n\n\
        港口于今日 \n开放。\n";
    assert_eq!(
        describe_documents(Format::Mail, flowed_without_spaces.as_bytes()),
        ["m | x |  |  | 港口于今日开放。"]
    );
    let subject_only = "Subject: Port closed\n\n";
    assert_eq!(
        describe_documents(Format::Mail, subject_only.as_bytes()),
        ["m | Port closed |  |  | Port closed"]
    );
}

#[test]
fn mails_of_a_mailbox_have_numbers() {
    let mailbox = "From a@b Tue Dec 16 10:00:00 2025\nSubject: One\n\nFirst.\n>From here.\n\nFrom the text\n\n\
        From c@d Tue Dec 16 10:00:00 2025\nSubject: Two\n\nSecond.\nFrom the north.\n";
    assert_eq!(
        describe_documents(Format::Mailbox, mailbox.as_bytes()),
        [
            "m:1 | One |  |  | First. From here. From the text",
            "m:2 | Two |  |  | Second. From the north.",
        ]
    );
}

#[test]
fn nesting_depth_of_attached_mails_is_limited() {
    let mut mail = b"Subject: Innermost\n\nText.\n".to_vec();
    for _ in 0..12 {
        mail = [&b"Subject: Outer\nContent-Type: message/rfc822\n\n"[..], &mail].concat();
    }
    let documents = describe_documents(Format::Mail, &mail);
    assert!(
        documents.last().unwrap().contains("more than 8 mails inside each other"),
        "{documents:?}"
    );
}

#[test]
fn number_of_parts_is_limited() {
    for (parts, is_read) in [(1_000, true), (100_001, false)] {
        let head = "Subject: x\nContent-Type: multipart/mixed; boundary=b\n\n";
        let mail = format!("{head}{}", "--b\n\na\n".repeat(parts));
        for format in [Format::Mail, Format::Mhtml] {
            let documents = describe_documents(format, mail.as_bytes());
            let is_refused = documents[0].contains("has more than 100000 parts");
            assert_eq!(is_refused, !is_read, "{format:?}: {parts} parts");
        }
    }
}

#[test]
fn saved_pages_have_their_address() {
    let page = "From: <Saved by Blink>\nSnapshot-Content-Location: https://ports.example/news/1\nSubject: Port News\n\
        Date: Tue, 16 Dec 2025 10:00:00 +0000\nContent-Type: multipart/related; type=\"text/html\"; boundary=\"b\"\n\n\
        --b\nContent-Type: text/html\nContent-Transfer-Encoding: quoted-printable\n\n\
        <html><head><title>Port News</title></head><body><p>The port opened=2E</p></body></html>\n\
        --b\nContent-Type: image/png\nContent-Transfer-Encoding: base64\n\niVBORw0KGgo=\n--b--\n";
    let document = read_all(Format::Mhtml, "p", page.as_bytes()).remove(0).unwrap();
    assert_eq!(document.url.as_deref(), Some("https://ports.example/news/1"));
    assert_eq!(document.title.as_deref(), Some("Port News"));
    assert_eq!(document.text.trim(), "The port opened.");
    let no_page = describe_documents(Format::Mhtml, b"Subject: x\n\ntext");
    assert!(no_page[0].contains("it has no part in HTML"), "{no_page:?}");
}

proptest::proptest! {
    #[test]
    fn broken_mails_never_panic(text in "(Subject: x\n|Content-Type: multipart/mixed; boundary=b\n|Content-Type: message/rfc822\n|\n|--b\n|--b--\n|From a\n|>From |=\\?gb2312\\?B\\?|Content-Transfer-Encoding: base64\n|[a-z=/?]){0,30}") {
        for format in [Format::Mail, Format::Mailbox, Format::Mhtml] {
            drop(read_all(format, "m", text.as_bytes()));
        }
    }
}
