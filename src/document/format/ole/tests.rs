//! Tests the readers of Office 97 files with handmade files.

use std::io::Write;

use super::*;
use crate::document::{
    left_out::LeftOutReason,
    limits::ReadLimits,
    model::{BlockKind, Document},
};

pub(super) fn container(streams: &[(&str, &[u8])]) -> Vec<u8> {
    let mut file = CompoundFile::create(Cursor::new(Vec::new())).unwrap();
    for (name, content) in streams {
        file.create_stream(name).unwrap().write_all(content).unwrap();
    }
    file.flush().unwrap();
    file.into_inner().into_inner()
}

pub(super) fn printed_blocks_of(document: &Document) -> Vec<String> {
    let blocks = document.blocks.iter().map(|block| {
        let text = block.span.of(&document.text);
        match block.kind {
            BlockKind::Title => format!("T {text}"),
            BlockKind::Heading(level) => format!("{level} {text}"),
            BlockKind::Paragraph => text.to_owned(),
        }
    });
    blocks.collect()
}

/// Offset of the text in the stream of a Word document.
const TEXT_OFFSET: usize = 2_048;

/// Returns a Word file with two text pieces: `western` with one byte per character, and `chinese` with two bytes per
/// character. `properties` has an entry for each paragraph of the first piece: the end of the paragraph in characters,
/// and the bytes of its style and properties.
fn word_file(western: &str, chinese: &str, properties: &[(usize, &[u8])]) -> Vec<u8> {
    let char_count = western.chars().count() + chinese.encode_utf16().count();
    word_file_with_texts(western, chinese, properties, &[char_count])
}

/// Returns a Word file like [`word_file`], but with several texts. `text_lengths` are their lengths in characters: the
/// main text, the footnotes, the running heads, macros, the comments, the endnotes and the text boxes.
fn word_file_with_texts(
    western: &str,
    chinese: &str,
    properties: &[(usize, &[u8])],
    text_lengths: &[usize],
) -> Vec<u8> {
    word_file_with_characters(western, chinese, properties, text_lengths, &[])
}

/// Returns a Word file like [`word_file_with_texts`], but with properties of characters. `characters` has an entry for
/// each run of characters of the first piece: the end of the run in characters, and the bytes of its properties.
fn word_file_with_characters(
    western: &str,
    chinese: &str,
    properties: &[(usize, &[u8])],
    text_lengths: &[usize],
    characters: &[(usize, &[u8])],
) -> Vec<u8> {
    let western_bytes: Vec<u8> = encoding_rs::WINDOWS_1252.encode(western).0.into_owned();
    let mut stream = vec![0; TEXT_OFFSET];
    let chinese_units: Vec<u16> = chinese.encode_utf16().collect();
    let put = |stream: &mut Vec<u8>, offset: usize, value: u32| {
        stream[offset..offset + 4].copy_from_slice(&value.to_le_bytes());
    };
    stream[..4].copy_from_slice(&[0xEC, 0xA5, 0xC1, 0x00]);
    let char_count = western_bytes.len() + chinese_units.len();
    for (index, length) in text_lengths.iter().enumerate() {
        put(&mut stream, 76 + index * 4, *length as u32);
    }
    stream.extend(&western_bytes);
    stream.extend(chinese_units.iter().flat_map(|unit| unit.to_le_bytes()));
    // The page with paragraph properties.
    stream.resize(4_096, 0);
    let mut page = vec![0; 512];
    page[511] = properties.len() as u8;
    let mut place = 510;
    put(&mut page, 0, TEXT_OFFSET as u32);
    for (index, (end, bytes)) in properties.iter().enumerate() {
        put(&mut page, (index + 1) * 4, (TEXT_OFFSET + end) as u32);
        place -= (bytes.len() + 2) & !1;
        let place_of_offset = (properties.len() + 1) * 4 + index * 13;
        page[place_of_offset] = (place / 2) as u8;
        page[place] = bytes.len().div_ceil(2) as u8;
        page[place + 1..place + 1 + bytes.len()].copy_from_slice(bytes);
    }
    stream.extend(page);
    // The page with character properties.
    let mut page = vec![0; 512];
    page[511] = characters.len() as u8;
    let mut place = 510;
    put(&mut page, 0, TEXT_OFFSET as u32);
    for (index, (end, bytes)) in characters.iter().enumerate() {
        put(&mut page, (index + 1) * 4, (TEXT_OFFSET + end) as u32);
        if bytes.is_empty() {
            continue;
        }
        place -= (bytes.len() + 2) & !1;
        page[(characters.len() + 1) * 4 + index] = (place / 2) as u8;
        page[place] = bytes.len() as u8;
        page[place + 1..place + 1 + bytes.len()].copy_from_slice(bytes);
    }
    stream.extend(page);
    let mut table = vec![1, 2, 0, 9, 9, 2];
    table.extend(28_u32.to_le_bytes());
    for position in [0, western_bytes.len(), char_count] {
        table.extend((position as u32).to_le_bytes());
    }
    let western_place = (TEXT_OFFSET * 2) as u32 | 0x4000_0000;
    for place in [western_place, (TEXT_OFFSET + western_bytes.len()) as u32] {
        table.extend([0, 0]);
        table.extend(place.to_le_bytes());
        table.extend([0, 0]);
    }
    put(&mut stream, 418, 0);
    put(&mut stream, 422, table.len() as u32);
    put(&mut stream, 258, table.len() as u32);
    put(&mut stream, 262, 12);
    for value in [TEXT_OFFSET, 4_096, 8] {
        table.extend((value as u32).to_le_bytes());
    }
    put(&mut stream, 250, table.len() as u32);
    put(&mut stream, 254, 12);
    for value in [TEXT_OFFSET, 4_096, 9] {
        table.extend((value as u32).to_le_bytes());
    }
    container(&[("WordDocument", &stream), ("0Table", &table)])
}

#[test]
fn pieces_of_a_word_file_become_blocks() {
    let western =
        "Port plan\rIt cost £5 – \u{13}HYPERLINK x\u{14}a link\u{15}.\rPort\u{7}Ships\u{7}\u{7}";
    let ends: Vec<usize> = western
        .chars()
        .enumerate()
        .filter(|(_, c)| "\r\u{7}".contains(*c))
        .map(|(end, _)| end + 1)
        .collect();
    let in_table: &[u8] = &[0, 0, 0x16, 0x24, 1];
    let row_end: &[u8] = &[0, 0, 0x16, 0x24, 1, 0x17, 0x24, 1];
    let properties = [
        (ends[0], &[1, 0][..]),
        (ends[1], &[0, 0]),
        (ends[2], in_table),
        (ends[3], in_table),
        (ends[4], row_end),
    ];
    let file = word_file(western, "港口于今日开放。\r", &properties);
    let document = read_word("x", &file, ReadLimits::default()).unwrap();
    assert_eq!(
        printed_blocks_of(&document),
        ["T Port plan", "It cost £5 – a link.", "Port | Ships", "港口于今日开放。"]
    );
}

#[test]
fn deleted_hidden_and_raised_text_of_a_word_file_is_distinguished() {
    let deleted: &[u8] = &[0x00, 0x08, 1];
    let hidden: &[u8] = &[0x3C, 0x08, 1];
    let raised: &[u8] = &[0x48, 0x2A, 1];
    let pieces: [(&str, &[u8]); 12] = [
        ("Fee is ", &[]),
        ("twelve", deleted),
        ("twenty-four crowns.", &[]),
        ("3", raised),
        (" Seen.\r", &[]),
        ("Hidden note.", hidden),
        ("More\r", &[]),
        ("Old end.\r", deleted),
        ("10", &[]),
        ("6", raised),
        (" t, \u{13}EQ \\f(1,2)\u{15} of it, ", &[]),
        ("\u{13}PAGE\u{14}7\u{15}\r", &[]),
    ];
    let mut western = String::new();
    let mut characters: Vec<(usize, &[u8])> = Vec::new();
    for (text, properties) in pieces {
        western.push_str(text);
        characters.push((western.len(), properties));
    }
    let file = word_file_with_characters(&western, "", &[], &[western.len()], &characters);
    let document = read_word("x", &file, ReadLimits::default()).unwrap();
    assert_eq!(
        printed_blocks_of(&document),
        ["Fee is twenty-four crowns. Seen.", "More", "10⁶ t, 1/2 of it, 7"]
    );
    let left_out: Vec<_> =
        document.left_out.iter().map(|text| (text.reason, text.text.as_str())).collect();
    assert_eq!(
        left_out,
        [
            (LeftOutReason::Deleted, "twelve"),
            (LeftOutReason::NoteMark, "3"),
            (LeftOutReason::Hidden, "Hidden note."),
            (LeftOutReason::Deleted, "Old end."),
        ]
    );
}

#[test]
fn a_drop_capital_belongs_to_the_next_paragraph() {
    let properties: [(usize, &[u8]); 2] = [(2, &[0, 0, 0x2C, 0x44, 0x19, 0]), (19, &[0, 0])];
    let file = word_file("T\rhe ferry sailed.\r", "", &properties);
    let document = read_word("x", &file, ReadLimits::default()).unwrap();
    assert_eq!(printed_blocks_of(&document), ["The ferry sailed."]);
}

#[test]
fn notes_and_text_boxes_of_a_word_file_are_read() {
    let texts = [
        "Port plan.\r",
        "Footnote.\r",
        "Running head.\r",
        "",
        "Comment.\r",
        "End",
        "note.\rBox.\r",
    ];
    let lengths = [11, 10, 14, 0, 9, 9, 5];
    let file = word_file_with_texts(&texts[..5].concat(), &texts[5..].concat(), &[], &lengths);
    let document = read_word("x", &file, ReadLimits::default()).unwrap();
    assert_eq!(printed_blocks_of(&document), ["Port plan.", "Footnote.", "Endnote.", "Box."]);
}

#[test]
fn damaged_word_files_are_refused_with_a_reason() {
    let file = word_file("Text.\r", "", &[]);
    let encrypted = container(&[("EncryptedPackage", b"x")]);
    let old = container(&[("WordDocument", &[0xEC, 0xA5, 0x65, 0x00])]);
    let without_table =
        container(&[("WordDocument", &[0xEC, 0xA5, 0xC1, 0x00, 0, 0, 0, 0, 0, 0, 0, 0])]);
    for (bytes, expected) in [
        (&file[..600], "is no file of Word, damaged or cut off"),
        (&encrypted, "is protected by a password"),
        (&old, "format of Word 95"),
        (&without_table, "table of pieces is missing"),
        (&container(&[("Other", b"x")]), "holds no text of a Word file"),
    ] {
        let error = read_word("x", bytes, ReadLimits::default()).unwrap_err();
        assert!(error.contains(expected), "{error}");
    }
}

fn record(kind: u16, data: &[u8]) -> Vec<u8> {
    [&kind.to_le_bytes()[..], &(data.len() as u16).to_le_bytes(), data].concat()
}

fn cell_record(kind: u16, row: u16, column: u16, format: u16, value: &[u8]) -> Vec<u8> {
    let place = [row, column, format].map(u16::to_le_bytes).concat();
    record(kind, &[&place, value].concat())
}

fn utf_16_string(text: &str) -> Vec<u8> {
    let units: Vec<u16> = text.encode_utf16().collect();
    let bytes: Vec<u8> = units.iter().flat_map(|unit| unit.to_le_bytes()).collect();
    [&(units.len() as u16).to_le_bytes()[..], &[1], &bytes].concat()
}

fn workbook_stream() -> Vec<u8> {
    let begin = |kind: u16| record(0x0809, &[0x00, 0x06, kind.to_le_bytes()[0], 0, 0, 0, 0, 0]);
    let number = 1234.5_f64.to_le_bytes();
    let sheet = [
        begin(0x10),
        cell_record(0x00FD, 0, 0, 1, &0_u32.to_le_bytes()),
        cell_record(0x0204, 0, 1, 1, &utf_16_string("Sum")),
        cell_record(0x0204, 0, 2, 1, &utf_16_string("开始")),
        cell_record(0x0204, 1, 0, 0, &utf_16_string("Trade")),
        cell_record(0x0203, 1, 1, 2, &number),
        cell_record(0x027E, 1, 2, 3, &((46_008_u32 << 2) | 2).to_le_bytes()),
        cell_record(0x0006, 2, 0, 0, &[0, 0, 0, 0, 0, 0, 0xFF, 0xFF, 0, 0]),
        record(0x0207, &utf_16_string("Ports")),
        record(0x00BD, &[2, 0, 1, 0, 2, 0, 0x2A, 0, 0, 0, 3, 0, 0xCE, 0x3E, 0x02, 0, 2, 0]),
        record(0x00E5, &[1, 0, 1, 0, 1, 0, 0, 0, 0, 0]),
        record(0x000A, &[]),
    ]
    .concat();
    let strings = [&[1, 0, 0, 0, 1, 0, 0, 0][..], &utf_16_string("Ministry")].concat();
    let format =
        |id: u16, font: u16| record(0x00E0, &[font.to_le_bytes(), id.to_le_bytes()].concat());
    let font = |weight: u16| record(0x0031, &[[0; 6].as_slice(), &weight.to_le_bytes()].concat());
    let head = |offset: u32| {
        let name = |hidden: u8, name: &[u8]| {
            record(
                0x0085,
                &[&offset.to_le_bytes()[..], &[hidden, 0, name.len() as u8, 0], name].concat(),
            )
        };
        [
            begin(5),
            name(0, b"Budget"),
            name(1, b"Secret"),
            record(0x00FC, &strings),
            font(400),
            font(700),
            format(0, 0),
            format(0, 1),
            format(4, 0),
            format(14, 0),
            record(0x000A, &[]),
        ]
        .concat()
    };
    let offset = head(0).len() as u32;
    [head(offset), sheet].concat()
}

#[test]
fn records_of_a_workbook_become_rows() {
    let file = container(&[("Workbook", &workbook_stream())]);
    let document = read_workbook("x", &file, ReadLimits::default()).unwrap();
    assert_eq!(
        printed_blocks_of(&document),
        [
            "1 Budget",
            "Ministry: Trade · Sum: 1,234.50 · 开始: 2025-12-17",
            "Ministry: Ports · Sum: 10.00 · 开始: 2000-09-18",
        ]
    );
    assert_eq!(document.metadata["hidden_sheets"], "Secret");
    assert_eq!(document.places[1].place.to_string(), "Budget!A2:C2");
}

#[test]
fn damaged_workbooks_are_refused_with_a_reason() {
    let stream = workbook_stream();
    let protected = [&stream[..12], &record(0x002F, &[0; 6])].concat();
    for (bytes, expected) in [
        (container(&[("Book", b"x")]), "format of Excel 95"),
        (container(&[("Workbook", b"x")]), "format of Excel 95 or older, or damaged"),
        (container(&[("Workbook", &protected)]), "is protected by a password"),
        (container(&[("Workbook", &stream[..stream.len() - 300])]), "sheet “Budget”: "),
        (container(&[("x", b"x")]), "holds no workbook"),
    ] {
        let error = read_workbook("x", &bytes, ReadLimits::default()).unwrap_err();
        assert!(error.contains(expected), "{error}");
    }
}

#[test]
fn mails_of_outlook_have_their_attachments() {
    let utf16 = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
    let mut file = CompoundFile::create(Cursor::new(Vec::new())).unwrap();
    // 17 December 2025 is day 155,213 from 1601.
    let moment = (155_213_u64 * 864_000_000_000 + 5).to_le_bytes();
    let properties = [&[0; 32][..], &[0x40, 0, 0x39, 0, 6, 0, 0, 0], &moment].concat();
    file.create_storage("__attach_version1.0_#00000000").unwrap();
    for (name, content) in [
        ("__properties_version1.0", properties),
        ("__substg1.0_0037001F", utf16("港口开放")),
        ("__substg1.0_0C1A001F", utf16("Bureau of Ports")),
        ("__substg1.0_1000001E", b"The port opened.\r\n".to_vec()),
        ("__attach_version1.0_#00000000/__substg1.0_3707001F", utf16("notes.txt")),
        ("__attach_version1.0_#00000000/__substg1.0_37010102", b"Two ships.".to_vec()),
    ] {
        file.create_stream(name).unwrap().write_all(&content).unwrap();
    }
    file.flush().unwrap();
    let bytes = file.into_inner().into_inner();
    let documents = crate::document::read_all(crate::document::Format::Msg, "m.msg", &bytes);
    let documents: Vec<Document> =
        documents.into_iter().map(|document| document.unwrap()).collect();
    let [mail, attachment] = documents.as_slice() else { panic!("{documents:?}") };
    assert_eq!(mail.title.as_deref(), Some("港口开放"));
    assert_eq!(mail.issuer.as_deref(), Some("Bureau of Ports"));
    assert_eq!(mail.date.unwrap().to_string(), "2025-12-17");
    assert_eq!(mail.text.trim(), "The port opened.");
    assert_eq!(
        (attachment.id.as_str(), attachment.text.as_str()),
        ("m.msg/notes.txt", "Two ships.")
    );
}

/// Returns a file with the given streams, and with the folders in their paths.
fn container_with_folders(streams: &[(String, Vec<u8>)]) -> Vec<u8> {
    let mut file = CompoundFile::create(Cursor::new(Vec::new())).unwrap();
    for (name, content) in streams {
        if let Some((folder, _)) = name.rsplit_once('/') {
            file.create_storage_all(folder).unwrap();
        }
        file.create_stream(name).unwrap().write_all(content).unwrap();
    }
    file.flush().unwrap();
    file.into_inner().into_inner()
}

/// Returns a property of fixed size whose value is a number.
fn number_property(number: u32, value: u32) -> Vec<u8> {
    [&number.to_le_bytes()[..], &[0; 4], &value.to_le_bytes(), &[0; 4]].concat()
}

#[test]
fn texts_of_a_mail_are_decoded_by_its_code_page() {
    let russian = encoding_rs::WINDOWS_1251.encode("Порт").0.into_owned();
    let cyrillic = encoding_rs::KOI8_R.encode("<p>Порт открыт</p>").0.into_owned();
    for (property, expected) in [
        (number_property(0x3FFD_0003, 1251), "Порт"),
        (number_property(0x3FF1_0003, 1049), "Порт"),
        (number_property(0x3FF1_0003, 1033), "Ïîðò"),
    ] {
        let properties = [&[0; 32][..], &property, &number_property(0x3FDE_0003, 20866)].concat();
        let bytes = container_with_folders(&[
            ("__properties_version1.0".to_owned(), properties),
            ("__substg1.0_0037001E".to_owned(), russian.clone()),
            ("__substg1.0_10130102".to_owned(), cyrillic.clone()),
        ]);
        let document =
            crate::document::read_all(crate::document::Format::Msg, "m", &bytes).remove(0).unwrap();
        assert_eq!(document.title.as_deref(), Some(expected));
        assert_eq!(document.text.trim(), "Порт открыт");
    }
}

#[test]
fn mails_attached_to_mails_of_outlook_are_documents() {
    let mut streams = vec![
        ("__properties_version1.0".to_owned(), vec![0; 32]),
        ("__substg1.0_0037001E".to_owned(), b"Outer".to_vec()),
    ];
    let mut folder = String::new();
    for _ in 0..10 {
        let attachment = format!("{folder}__attach_version1.0_#00000000/");
        streams.push((format!("{attachment}__substg1.0_3001001E"), b"Re: ports".to_vec()));
        folder = format!("{attachment}__substg1.0_3701000D/");
        streams.push((format!("{folder}__properties_version1.0"), vec![0; 24]));
        streams.push((format!("{folder}__substg1.0_0037001E"), b"Inner".to_vec()));
        streams.push((format!("{folder}__substg1.0_1000001E"), b"The port opened.".to_vec()));
    }
    let bytes = container_with_folders(&streams);
    let documents = crate::document::read_all(crate::document::Format::Msg, "m", &bytes);
    assert_eq!(documents.len(), 10);
    let attached = documents[1].as_ref().unwrap();
    assert_eq!((attached.id.as_str(), attached.title.as_deref()), ("m/Re: ports", Some("Inner")));
    assert_eq!(attached.text.trim(), "The port opened.");
    let error = documents[9].as_ref().unwrap_err().to_string();
    assert!(error.contains("more than 8 mails inside each other"), "{error}");
}

proptest::proptest! {
    #[test]
    fn damaged_streams_never_panic(flips in proptest::collection::vec((0_usize..8_192, 0_u8..=255), 1..12)) {
        let mut book = workbook_stream();
        let word = word_file("Port\rA\u{7}\u{7}", "港口\r", &[(5, &[1, 0])]);
        let mut streams = OleContainer::open(&word, "Word").unwrap();
        let mut document = streams.stream("WordDocument").unwrap().unwrap();
        let mut table = streams.stream("0Table").unwrap().unwrap();
        for (at, byte) in flips {
            for stream in [&mut book, &mut document, &mut table] {
                let length = stream.len();
                stream[at % length] = byte;
            }
        }
        drop(read_workbook("x", &container(&[("Workbook", &book)]), ReadLimits::default()));
        let word = container(&[("WordDocument", &document), ("0Table", &table), ("1Table", &table)]);
        drop(read_word("x", &word, ReadLimits::default()));
        let mut whole = word_file("Port\r", "", &[]);
        let length = whole.len();
        whole[512 + 7 % length] = 1;
        drop(read_word("x", &whole, ReadLimits::default()));
    }
}
