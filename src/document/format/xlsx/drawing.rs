//! Reads the text boxes in a drawing of a sheet.

use crate::document::format::{
    sheet::{TextBox, on_one_line},
    xml::{XmlEvent, for_each_event},
};

/// Reads the text boxes of a drawing, in the order of the file.
pub(super) fn read(xml: &[u8]) -> Result<Vec<TextBox>, String> {
    let mut text_boxes = Vec::new();
    // Row and column, from 0, of the cell at which the open object begins.
    let (mut row, mut column) = (None, None);
    let mut is_in_start_cell = false;
    let mut text: Option<String> = None;
    let mut element_name = String::new();
    for_each_event(xml, |event| match event {
        XmlEvent::Open(name, _) => {
            match name {
                "twoCellAnchor" | "oneCellAnchor" | "absoluteAnchor" => {
                    (row, column) = (None, None);
                }
                "from" => is_in_start_cell = true,
                "txBody" => text = Some(String::new()),
                _ => {}
            }
            name.clone_into(&mut element_name);
        }
        XmlEvent::Text(content) => match (element_name.as_str(), &mut text) {
            ("t", Some(text)) => text.push_str(content),
            ("row", _) if is_in_start_cell => row = content.trim().parse::<u32>().ok(),
            ("col", _) if is_in_start_cell => column = content.trim().parse::<u32>().ok(),
            _ => {}
        },
        XmlEvent::Close(name) => {
            match (name, &mut text) {
                ("from", _) => is_in_start_cell = false,
                ("p" | "br", Some(text)) => text.push(' '),
                ("txBody", _) => {
                    let text = on_one_line(&text.take().unwrap_or_default());
                    if !text.is_empty() {
                        let anchor = row.zip(column);
                        let anchor = anchor.map(|(row, column)| (row.saturating_add(1), column));
                        text_boxes.push(TextBox { anchor, text });
                    }
                }
                _ => {}
            }
            element_name.clear();
        }
    })?;
    Ok(text_boxes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_boxes_have_the_cell_at_which_they_begin() {
        let xml = "<x:wsDr><x:twoCellAnchor><x:from><x:col>2</x:col><x:row>6</x:row></x:from>\
            <x:to><x:col>4</x:col><x:row>7</x:row></x:to><x:sp><x:txBody><a:p><a:r><a:t>In </a:t></a:r>\
            <a:r><a:t>crowns.</a:t></a:r></a:p><a:p><a:r><a:t>No fees.</a:t></a:r></a:p></x:txBody></x:sp>\
            </x:twoCellAnchor><x:absoluteAnchor><x:sp><x:txBody><a:p/></x:txBody></x:sp><x:sp><x:txBody>\
            <a:p><a:r><a:t>Draft</a:t></a:r></a:p></x:txBody></x:sp></x:absoluteAnchor></x:wsDr>";
        let text_box = |anchor, text: &str| TextBox { anchor, text: text.to_owned() };
        assert_eq!(
            read(xml.as_bytes()).unwrap(),
            [text_box(Some((7, 2)), "In crowns. No fees."), text_box(None, "Draft")]
        );
    }
}
