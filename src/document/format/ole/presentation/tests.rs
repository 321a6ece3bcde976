//! Tests the reader of PowerPoint 97 presentations with a handmade presentation.

use super::{
    super::tests::{container, printed_blocks_of},
    *,
};

/// Returns a record of a presentation. A container has the version 15.
fn record(kind: u16, instance: u16, version: u16, content: &[u8]) -> Vec<u8> {
    let mut bytes = (version | instance << 4).to_le_bytes().to_vec();
    bytes.extend(kind.to_le_bytes());
    bytes.extend((content.len() as u32).to_le_bytes());
    bytes.extend(content);
    bytes
}

fn text_records(text_type: u32, text: &str) -> Vec<u8> {
    let units: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let text = if text.is_ascii() {
        record(0x0FA8, 0, 0, text.as_bytes())
    } else {
        record(0x0FA0, 0, 0, &units)
    };
    [record(0x0F9F, 0, 0, &text_type.to_le_bytes()), text].concat()
}

/// Returns a presentation of two slides. The first slide has texts of the outline and of a shape, and notes. The second
/// slide is hidden.
fn presentation_file() -> Vec<u8> {
    let shape = |records: &[u8]| record(0xF004, 0, 15, &record(0xF00D, 0, 15, records));
    let reference = |index: u32| shape(&record(0x0F9E, 0, 0, &index.to_le_bytes()));
    let first_slide =
        [reference(0), reference(1), shape(&text_records(4, "港口开放。\u{B}共二期"))];
    let mut settings = [0; 16];
    settings[10] = 4;
    let second_slide = [record(0x03F9, 0, 0, &settings), shape(&text_records(0, "Hidden plan"))];
    let notes = [
        record(0x03F1, 0, 1, &[0, 1, 0, 0, 0, 0, 0, 0]),
        shape(&text_records(2, "Say thanks.")),
        shape(&text_records(4, "Not spoken.")),
    ];
    let entry = |persist_id: u32, slide_id: u32| {
        let mut content = [0; 20];
        content[..4].copy_from_slice(&persist_id.to_le_bytes());
        content[12..16].copy_from_slice(&slide_id.to_le_bytes());
        record(0x03F3, 0, 0, &content)
    };
    let slides = [
        entry(2, 256),
        text_records(0, "Port\rplan"),
        text_records(1, "Ships\rTrains"),
        text_records(1, "Not in a shape."),
        entry(3, 257),
    ];
    let document = [record(0x0FF0, 0, 15, &slides.concat()), record(0x0FF0, 2, 15, &entry(4, 0))];
    let objects = [
        record(0x03E8, 0, 15, &document.concat()),
        record(0x03EE, 0, 15, &first_slide.concat()),
        record(0x03EE, 0, 15, &second_slide.concat()),
        record(0x03F0, 0, 15, &notes.concat()),
    ];
    let (mut stream, mut directory) = (Vec::new(), (4_u32 << 20 | 1).to_le_bytes().to_vec());
    for object in objects {
        directory.extend((stream.len() as u32).to_le_bytes());
        stream.extend(object);
    }
    let directory_place = stream.len() as u32;
    stream.extend(record(0x1772, 0, 0, &directory));
    let edit_place = stream.len() as u32;
    let numbers = [0, 0, 0, directory_place, 1, 4, 0];
    let edit: Vec<u8> = numbers.into_iter().flat_map(u32::to_le_bytes).collect();
    stream.extend(record(0x0FF5, 0, 0, &edit));
    let user = [0, 28, 20, 0xE391_C05F, edit_place, 0];
    let user: Vec<u8> = user.into_iter().flat_map(u32::to_le_bytes).collect();
    container(&[("PowerPoint Document", &stream), ("Current User", &user)])
}

#[test]
fn slides_have_their_texts_and_their_notes() {
    let document = read("x", &presentation_file(), ReadLimits::default()).unwrap();
    assert_eq!(
        printed_blocks_of(&document),
        ["Not in a shape.", "1 Port plan", "Ships", "Trains", "港口开放。\n共二期", "Say thanks."]
    );
    let places: Vec<String> = document.places.iter().map(|start| start.place.to_string()).collect();
    assert_eq!(places, ["slide 1", "slide 2"]);
    let left_out: Vec<&str> = document.left_out.iter().map(|left_out| &*left_out.text).collect();
    assert_eq!(left_out, ["Hidden plan"]);
}

#[test]
fn unreadable_presentations_give_a_reason() {
    for (streams, expected) in [
        (&[("WordDocument", &b"x"[..])][..], "holds no presentation of PowerPoint 97"),
        (&[("PowerPoint Document", b"x")], "is damaged"),
    ] {
        let reason = read("x", &container(streams), ReadLimits::default());
        assert!(reason.unwrap_err().starts_with(expected));
    }
}

proptest::proptest! {
    #[test]
    fn broken_presentations_never_panic(flips in proptest::collection::vec((proptest::prelude::any::<usize>(), 0_u8..=255), 1..8)) {
        let mut file = presentation_file();
        for (at, byte) in flips {
            let length = file.len();
            file[at % length] = byte;
        }
        drop(read("x", &file, ReadLimits::default()));
    }
}
