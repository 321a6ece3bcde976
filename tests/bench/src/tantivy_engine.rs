//! Runs tantivy with its defaults: one stored text field with positions, the default analyzer, BM25, and the snippets
//! of tantivy.
//!
//! Chinese text is tokenized by jieba without overlapping words, because tantivy's snippets do not support overlaps.

use std::{path::Path, sync::Arc};

use jieba_rs::{Jieba, TokenizeMode};
use tantivy::{
    DocAddress, Index, Score, TantivyDocument, Term,
    collector::TopDocs,
    query::{BooleanQuery, Occur, PhraseQuery, Query, RegexQuery, TermQuery},
    schema::{
        Field, IndexRecordOption, STORED, Schema, TextFieldIndexing, TextOptions, document::Value,
    },
    snippet::SnippetGenerator,
    tokenizer::{BoxTokenStream, LowerCaser, TextAnalyzer, Token, TokenStream, Tokenizer},
};

use crate::{
    corpus,
    engine::{Engine, LIMIT, Script},
    queries::BenchQuery,
};

const CHINESE: &str = "jieba";

struct Tantivy {
    searcher: tantivy::Searcher,
    text: Field,
    jieba: Option<Arc<Jieba>>,
}

/// Indexes the passages of the documents.
pub fn index(source: &Path, dir: &Path) {
    let script = Script::of(source.parent().unwrap());
    let analyzer = if script == Script::English { "default" } else { CHINESE };
    let indexing = TextFieldIndexing::default()
        .set_tokenizer(analyzer)
        .set_index_option(IndexRecordOption::WithFreqsAndPositions);
    let mut schema = Schema::builder();
    let field =
        schema.add_text_field("text", TextOptions::from(STORED).set_indexing_options(indexing));
    let index = Index::create_in_dir(dir, schema.build()).unwrap();
    if script == Script::Chinese {
        index.tokenizers().register(CHINESE, jieba_analyzer(Arc::new(Jieba::new())));
    }
    let mut writer = index.writer_with_num_threads(2, 256 << 20).unwrap();
    corpus::for_each_passage(source, |passage| {
        let mut document = TantivyDocument::new();
        document.add_text(field, passage);
        writer.add_document(document).unwrap();
    });
    writer.commit().unwrap();
    writer.wait_merging_threads().unwrap();
}

pub fn open(dir: &Path) -> impl Engine + use<> {
    let index = Index::open_in_dir(dir).unwrap();
    let text = index.schema().get_field("text").unwrap();
    // Only the Chinese index uses a tokenizer that tantivy does not know.
    let is_chinese = index.tokenizer_for_field(text).is_err();
    let jieba = is_chinese.then(|| Arc::new(Jieba::new()));
    if let Some(jieba) = &jieba {
        index.tokenizers().register(CHINESE, jieba_analyzer(Arc::clone(jieba)));
    }
    Tantivy { searcher: index.reader().unwrap().searcher(), text, jieba }
}

impl Tantivy {
    fn query(&self, query: &BenchQuery) -> Box<dyn Query> {
        let term = |word: &str| Term::from_field_text(self.text, word);
        match query {
            BenchQuery::Words(words) => {
                let any = words.iter().flat_map(|word| self.terms(word)).map(|word| {
                    let query = TermQuery::new(term(&word), IndexRecordOption::WithFreqs);
                    (Occur::Should, Box::new(query) as Box<dyn Query>)
                });
                Box::new(BooleanQuery::new(any.collect()))
            }
            BenchQuery::Phrase(words) => {
                Box::new(PhraseQuery::new(words.iter().map(|word| term(word)).collect()))
            }
            BenchQuery::Prefix(word) => {
                Box::new(RegexQuery::from_pattern(&format!("{word}.*"), self.text).unwrap())
            }
        }
    }

    fn terms(&self, word: &str) -> Vec<String> {
        match &self.jieba {
            None => vec![word.to_owned()],
            Some(jieba) => jieba
                .tokenize(word, TokenizeMode::Default, false)
                .into_iter()
                .map(|token| token.word.to_owned())
                .collect(),
        }
    }
}

impl Engine for Tantivy {
    fn search(&self, query: &BenchQuery, snippets: bool) -> usize {
        let query = self.query(query);
        let top = TopDocs::with_limit(LIMIT).order_by_score();
        let hits: Vec<(Score, DocAddress)> = self.searcher.search(&query, &top).unwrap();
        if snippets {
            let generator = SnippetGenerator::create(&self.searcher, &*query, self.text).unwrap();
            for (_, address) in &hits {
                let document: TantivyDocument = self.searcher.doc(*address).unwrap();
                let text = document.get_first(self.text).and_then(|text| text.as_str()).unwrap();
                std::hint::black_box(generator.snippet(text).to_html());
            }
        }
        hits.len()
    }
}

fn jieba_analyzer(jieba: Arc<Jieba>) -> TextAnalyzer {
    TextAnalyzer::builder(JiebaTokenizer(jieba)).filter(LowerCaser).build()
}

#[derive(Clone)]
struct JiebaTokenizer(Arc<Jieba>);

struct JiebaTokens {
    tokens: Vec<Token>,
    next: usize,
}

impl Tokenizer for JiebaTokenizer {
    type TokenStream<'a> = BoxTokenStream<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> BoxTokenStream<'a> {
        let starts: Vec<usize> =
            text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
        let tokens = self.0.tokenize(text, TokenizeMode::Default, false).into_iter();
        let tokens = tokens.enumerate().map(|(position, token)| Token {
            offset_from: starts[token.start],
            offset_to: starts[token.end],
            position,
            text: token.word.to_owned(),
            position_length: 1,
        });
        BoxTokenStream::new(JiebaTokens { tokens: tokens.collect(), next: 0 })
    }
}

impl TokenStream for JiebaTokens {
    fn advance(&mut self) -> bool {
        self.next += 1;
        self.next <= self.tokens.len()
    }

    fn token(&self) -> &Token {
        &self.tokens[self.next - 1]
    }

    fn token_mut(&mut self) -> &mut Token {
        &mut self.tokens[self.next - 1]
    }
}
