//! The blocks around the text of a release → what they say about it: the rubric above the title, lines of
//! labels, the number under the title, a citation of the document itself. They are no text of it.

use std::ops::RangeInclusive;

use super::{
    document_number,
    fields::{self, MetadataField},
    organization,
};
use crate::document::{Block, BlockKind, Date, Document, blocks::BlockBuilder};

/// Lines about the document stand among so many first and last blocks.
const EDGE_BLOCKS: usize = 10;
/// A rubric above the title has at most so many lines, and each so many characters.
const RUBRIC_BLOCKS: usize = 8;
const RUBRIC_CHARS: usize = 120;
/// A longer line is no label with its value, and a longer label is none.
const LINE_CHARS: usize = 120;
const LABEL_CHARS: usize = 24;
/// A longer line under a citation is a sentence.
const STATUS_CHARS: usize = 30;
/// A shorter name of a file is that of many.
const MIN_FILE_NAME: usize = 8;

const BRACKETS: [char; 4] = ['(', ')', '（', '）'];

type Pairs = Vec<(String, String)>;

impl Document {
    /// Takes the blocks that speak about the document out of its text, and keeps what they say.
    pub(in crate::document) fn set_matter_apart(&mut self) {
        self.credit();
        let count = self.blocks.len();
        let title = self.blocks.iter().position(|block| block.kind == BlockKind::Title);
        let tail = self.tail_labels();
        let mut apart = vec![false; count];
        let mut learned: Vec<Pairs> = Vec::new();
        for (index, block) in self.blocks.iter().enumerate() {
            let edge = index < EDGE_BLOCKS || index + EDGE_BLOCKS >= count;
            if !edge || block.kind != BlockKind::Paragraph {
                continue;
            }
            let line = self.line(block);
            if let Some(date) = updated(line) {
                self.metadata.insert("updated".to_owned(), date.to_string());
                apart[index] = true;
            } else if let Some(pairs) = pairs(line).filter(|_| index < tail) {
                apart[index] = index < EDGE_BLOCKS;
                learned.push(pairs);
            }
        }
        learned.extend(self.labels_from(tail));
        apart.iter_mut().skip(tail).for_each(|apart| *apart = true);
        if let Some(title) = title {
            self.rubric(title, &mut apart);
            self.under(title, &mut apart);
        }
        for pairs in learned {
            self.fill_from_labels(&pairs, "text");
        }
        self.leave_out(&apart);
    }

    /// Takes away a last line that says where the text comes from.
    fn credit(&mut self) {
        let text = self.text.trim_end();
        let start = text.rfind('\n').map_or(0, |at| at + 1);
        let line = text.get(start..).unwrap_or_default().trim();
        let own = self.blocks.last().is_none_or(|block| block.span.start >= start);
        if start > 0 && own && is_credit(line) {
            self.metadata.insert("credit".to_owned(), line.trim_matches(BRACKETS).to_owned());
            self.text.truncate(start);
            self.blocks.retain(|block| block.span.end <= start);
            self.pages.iter_mut().for_each(|page| *page = (*page).min(start));
        }
    }

    fn line(&self, block: &Block) -> &str {
        block.span.of(&self.text)
    }

    /// What stands above the title, if that is a few short lines: the name of the office, the kind of the
    /// document.
    fn rubric(&mut self, title: usize, apart: &mut [bool]) {
        let lines: Vec<&str> =
            self.blocks.iter().take(title).map(|block| self.line(block).trim()).collect();
        let short = |line: &&str| {
            line.chars().count() <= RUBRIC_CHARS && !line.ends_with(['.', '。', '！', '？', '；'])
        };
        if lines.is_empty() || lines.len() > RUBRIC_BLOCKS || !lines.iter().all(short) {
            return;
        }
        let body =
            lines.iter().find(|line| organization::is_name(line)).map(|line| (*line).to_owned());
        let rubric = lines.join(" · ");
        self.metadata.insert("above the title".to_owned(), rubric);
        self.infer_field(MetadataField::Issuer, &body.unwrap_or_default(), "above the title");
        apart.iter_mut().take(title).for_each(|apart| *apart = true);
    }

    /// The number of the document under its title, and how to cite it.
    fn under(&mut self, title: usize, apart: &mut [bool]) {
        let number = (title + 1..=title + 2).find(|&at| {
            let line = self.paragraph(at).unwrap_or_default();
            self.number.is_some() && document_number::whole(line) == self.number
        });
        if let Some(apart) = number.and_then(|at| apart.get_mut(at)) {
            *apart = true;
        }
        if let Some((blocks, citation)) = self.citation(title) {
            apart.get_mut(blocks).into_iter().flatten().for_each(|apart| *apart = true);
            self.metadata.insert("citation".to_owned(), citation);
        }
    }

    /// The blocks that say how to cite the document, by its title or the name of its file in an address,
    /// with the short lines under them, such as that it was reviewed.
    fn citation(&self, title: usize) -> Option<(RangeInclusive<usize>, String)> {
        let at = (title + 1..=title + EDGE_BLOCKS)
            .find(|&at| self.paragraph(at).is_some_and(|line| line.contains("://")))?;
        let runs_on = |line: &&str| !line.ends_with(['.', '。', '！', '？']);
        let before = Some(at - 1).filter(|before| *before > title);
        let before = before.and_then(|before| self.paragraph(before)).filter(runs_on);
        let address = self.paragraph(at)?;
        let citation = [before.unwrap_or_default(), address].concat();
        let name = self.id.rsplit('/').next().unwrap_or_default();
        let own = |address: &str| {
            let address: String = address.split_whitespace().collect();
            let file: String = address.rsplit('/').next().unwrap_or_default().to_owned();
            let file = file.trim_end_matches(|c: char| !c.is_ascii_alphanumeric());
            file.len() >= MIN_FILE_NAME && name.ends_with(file)
        };
        let wanted = folded(self.title.as_deref().unwrap_or_default());
        let cites = !wanted.is_empty() && folded(&citation).contains(&wanted);
        let status = |&below: &usize| {
            self.paragraph(below).is_some_and(|line| {
                line.chars().count() <= STATUS_CHARS && (runs_on(&line) || !line.contains(' '))
            })
        };
        let last = (at + 1..self.blocks.len()).take_while(status).last().unwrap_or(at);
        let first = if before.is_some() { at - 1 } else { at };
        (cites || own(address)).then_some((first..=last, citation))
    }

    /// The text of a block that is a paragraph.
    fn paragraph(&self, at: usize) -> Option<&str> {
        let block = self.blocks.get(at).filter(|block| block.kind == BlockKind::Paragraph)?;
        Some(self.line(block))
    }

    /// Where the labels begin with which a document ends, such as its number and who to ask; the count of
    /// blocks where it ends with text.
    fn tail_labels(&self) -> usize {
        let count = self.blocks.len();
        let is_short = |block: &&Block| {
            let line = self.line(block);
            let ends = line.ends_with(['.', '。', '！', '？', '；']);
            block.kind == BlockKind::Paragraph && line.chars().count() <= LINE_CHARS && !ends
        };
        let last = self.blocks.iter().rev().take(EDGE_BLOCKS).take_while(is_short).count();
        let run = count - last..count;
        let labels =
            || run.clone().filter_map(|at| Some((at, labelled(self.line(self.blocks.get(at)?))?)));
        let tells =
            |(_, (label, value)): &(usize, (&str, &str))| match fields::field_of_label(label) {
                Some((MetadataField::Number, _)) => true,
                Some((MetadataField::Date, _)) => value.parse::<Date>().is_ok(),
                _ => false,
            };
        if !labels().any(|label| tells(&label)) {
            return count;
        }
        labels().map(|(at, _)| at).next().unwrap_or(count)
    }

    /// The labels from the block `first` on, each with the lines that follow it as its value.
    fn labels_from(&self, first: usize) -> Option<Pairs> {
        let mut pairs: Pairs = Vec::new();
        for block in self.blocks.iter().skip(first) {
            let line = self.line(block);
            match (labelled(line), pairs.last_mut()) {
                (Some((label, value)), _) => pairs.push((label.to_owned(), value.to_owned())),
                (None, Some((_, value))) => value.extend(["; ", line]),
                (None, None) => {}
            }
        }
        (!pairs.is_empty()).then_some(pairs)
    }

    /// Leaves blocks out of the text; the beginnings of pages move with it.
    fn leave_out(&mut self, apart: &[bool]) {
        // A document of nothing else keeps it.
        if !apart.contains(&true) || !apart.contains(&false) {
            return;
        }
        let mut kept = BlockBuilder::default();
        let mut pages = self.pages.iter().copied().peekable();
        let mut moved = Vec::new();
        for (block, _) in self.blocks.iter().zip(apart).filter(|(_, apart)| !**apart) {
            let begins = kept.text.len();
            while let Some(page) = pages.next_if(|page| *page < block.span.end) {
                moved.push(begins + page.saturating_sub(block.span.start));
            }
            kept.push(self.line(block));
            kept.close(block.kind);
        }
        moved.extend(pages.map(|_| kept.text.len()));
        (self.text, self.blocks, self.pages) = (kept.text, kept.blocks, moved);
    }
}

fn folded(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// The label and the value of a line that is nothing else.
fn labelled(line: &str) -> Option<(&str, &str)> {
    let (label, value) = line.split_once(": ").or_else(|| line.split_once('：'))?;
    let fits = !label.is_empty() && label.chars().count() <= LABEL_CHARS && !label.contains("://");
    (fits && !value.trim().is_empty()).then(|| (label, value.trim()))
}

/// Whether a line in brackets says where the text comes from or who edited it: （来源：新华网）.
fn is_credit(line: &str) -> bool {
    const CREDITS: [&str; 7] = ["source", "来源", "來源", "责任编辑", "責任編輯", "编辑", "編輯"];
    let bracketed = line.starts_with(['(', '（']) && line.ends_with([')', '）']);
    let label = line.trim_matches(BRACKETS).split([':', '：']).next().unwrap_or_default();
    bracketed
        && line.chars().count() <= STATUS_CHARS
        && CREDITS.contains(&&*label.trim().to_lowercase())
}

/// The day in a line that says when the page was changed last, and nothing else.
fn updated(line: &str) -> Option<Date> {
    const BEGINNINGS: [&str; 10] = [
        "updated",
        "last updated",
        "page last updated",
        "this page was last updated on",
        "last modified",
        "last reviewed",
        "page last reviewed",
        "this page last reviewed",
        "最后更新",
        "更新",
    ];
    const MAX_LINE_CHARS: usize = 60;
    let lower = line.to_lowercase();
    let rests = BEGINNINGS.iter().filter_map(|begin| lower.strip_prefix(begin));
    let signs = |c: char| c.is_whitespace() || matches!(c, ':' | '：' | '日' | '期' | '时' | '间');
    let mut dates = rests.filter_map(|rest| rest.trim_start_matches(signs).parse().ok());
    dates.next().filter(|_| line.chars().count() <= MAX_LINE_CHARS)
}

/// The labels and values that a line is made of, if one is known.
fn pairs(line: &str) -> Option<Pairs> {
    if line.chars().count() > LINE_CHARS || line.ends_with(['.', '。']) {
        return None;
    }
    let cells: Vec<&str> = line.split(" | ").map(str::trim).collect();
    let known = |label: &&str| fields::field_of_label(label).is_some();
    if cells.len() > 1 && cells.len().is_multiple_of(2) && cells.iter().step_by(2).all(known) {
        // A row of a table about the document: 发文机关 | 国务院 | 成文日期 | 2018年11月6日.
        let labels = cells.iter().step_by(2).zip(cells.iter().skip(1).step_by(2));
        return Some(labels.map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect());
    }
    if let Some((label, value)) = line.split_once(": ")
        && fields::field_of_label(label).is_some()
    {
        return Some(vec![(label.to_owned(), value.to_owned())]);
    }
    let mut pairs: Pairs = Vec::new();
    for word in line.split(|c: char| c.is_whitespace() || matches!(c, '|' | '｜' | '【' | '】'))
    {
        match word.split_once('：') {
            Some((label, value)) if (2..=6).contains(&label.chars().count()) => {
                pairs.push((label.to_owned(), value.to_owned()));
            }
            _ => {
                let (_, value) = pairs.last_mut()?;
                if !value.is_empty() {
                    value.push(' ');
                }
                value.push_str(word);
            }
        }
    }
    pairs.iter().any(|(label, _)| fields::field_of_label(label).is_some()).then_some(pairs)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{Format, read};

    fn shown(page: &str) -> (Vec<String>, Document) {
        let document = read(Format::Html, "page", page.as_bytes()).unwrap();
        let blocks = document.blocks.iter().map(|block| document.line(block).to_owned());
        (blocks.collect(), document)
    }

    #[test]
    fn lines_about_a_document_are_metadata() {
        /// A page, its blocks, and what is in its metadata.
        type Case<'a> = (&'a str, &'a [&'a str], &'a [(&'a str, &'a str)]);
        let cases: [Case<'_>; 5] = [
            (
                "<h1>通知标题</h1><p>发布时间：2024-01-11 10:00　来源：新华社</p><p>正文：见下。</p>",
                &["通知标题", "正文：见下。"],
                &[("发布时间", "2024-01-11 10:00"), ("来源", "新华社")],
            ),
            (
                "<h1>Title</h1><p>Text.<p>Last Updated: May 23, 2022",
                &["Title", "Text."],
                &[("updated", "2022-05-23")],
            ),
            (
                "<p>Office of Ports<p>Notice<h1>New Rules</h1><p>Text.",
                &["New Rules", "Text."],
                &[("above the title", "Office of Ports · Notice")],
            ),
            (
                "<h1>New Rules</h1><p>Text.<p>Topic: Ports<p>Rail<p>Release Number: 15-680",
                &["New Rules", "Text."],
                &[("Topic", "Ports; Rail"), ("Release Number", "15-680")],
            ),
            (
                "<h1>New Rules</h1><h4>Li Wei</h4><p>Cite as: Li Wei<p>New rules. http://a.example/1.\
                 <p>Reviewed<h2>Abstract</h2><p>Rules are new.",
                &["New Rules", "Li Wei", "Abstract", "Rules are new."],
                &[("citation", "Cite as: Li WeiNew rules. http://a.example/1.")],
            ),
        ];
        for (page, blocks, metadata) in cases {
            let (shown, document) = shown(page);
            assert_eq!(shown, blocks, "{page}");
            for (key, value) in metadata {
                assert_eq!(document.metadata.get(*key).map(String::as_str), Some(*value), "{page}");
            }
        }
    }

    #[test]
    fn rows_about_the_document_are_metadata_in_any_format() {
        let text = "# 关于港口的通知\n\n| 发文机关 | 某市政府 |\n|---|---|\n| 成文日期： | 2018年11月6日 |\n\n正文。\n";
        let document = read(Format::Markdown, "page", text.as_bytes()).unwrap();
        assert_eq!(document.issuer.as_deref(), Some("某市政府"));
        assert_eq!(document.date, "2018-11-06".parse().ok());
        assert_eq!(document.text, "关于港口的通知\n\n正文。\n\n");
    }

    #[test]
    fn a_credit_at_the_end_is_metadata() {
        for (format, text) in [
            (Format::Text, "Ports\n\nPorts grow.\n(Source: Xinhua)\n"),
            (Format::Html, "<h1>Ports</h1><p>Ports grow.<p>（来源：新华网）"),
        ] {
            let document = read(format, "page", text.as_bytes()).unwrap();
            assert_eq!(document.text.trim(), "Ports\n\nPorts grow.");
            assert!(document.metadata.contains_key("credit"));
        }
    }

    #[test]
    fn what_stands_above_and_below_the_title_names_issuer_and_number() {
        let (blocks, document) = shown(
            "<p>国务院办公厅<p>2018年1月2日<h1>关于港口的通知</h1><p>国办发[2018]7号<p>各市：<p>正文。",
        );
        assert_eq!(blocks, ["关于港口的通知", "各市：", "正文。"]);
        assert_eq!(document.issuer.as_deref(), Some("国务院办公厅"));
        assert_eq!(document.number.as_deref(), Some("国办发〔2018〕7号"));
        assert_eq!(document.date, "2018-01-02".parse().ok());
    }

    #[test]
    fn a_text_of_nothing_but_labels_keeps_them() {
        assert_eq!(shown("<p>发布时间：").0, ["发布时间："]);
        assert_eq!(shown("<p>发布时间：2024-01-11").0, ["发布时间：2024-01-11"]);
    }

    #[test]
    fn pages_begin_where_their_first_block_does() {
        let mut document = Document::new("a", "Above\n\nTitle\n\nOne page,\nanother.\n\n");
        let block = |line: &str, kind| {
            let start = document.text.find(line).unwrap();
            Block { span: crate::span::Span::new(start, start + line.len()), kind }
        };
        document.blocks = vec![
            block("Above", BlockKind::Paragraph),
            block("Title", BlockKind::Title),
            block("One page,\nanother.", BlockKind::Paragraph),
        ];
        document.pages = vec![0, 24];
        document.set_matter_apart();
        assert_eq!(document.text, "Title\n\nOne page,\nanother.\n\n");
        assert_eq!(document.pages, [0, 17]);
    }
}
