//! Benchmark of gz-search and other engines on the same text: see README.md.

mod corpus;
mod deadlines;
mod engine;
mod gz_search_engine;
mod load;
mod queries;
mod sqlite;
mod table;
mod tantivy_engine;
mod warm;

use std::{env, path::Path};

fn main() {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments[..] {
        ["prepare", corpus, megabytes, data] => {
            let bytes = megabytes.parse::<u64>().unwrap() * 1_000_000;
            println!("{}", corpus::prepare(Path::new(corpus), bytes, Path::new(data)).display());
        }
        ["index", engine, dir] => {
            let dir = Path::new(dir);
            engine::index(engine, &dir.join(corpus::SOURCE), &dir.join(engine));
        }
        ["cold", engine, dir, query] => {
            let index = engine::open(engine, &Path::new(dir).join(engine));
            println!("{}", index.search(&queries::BenchQuery::parse(query), true));
        }
        ["table", gz_search, lucene, rounds, ref dirs @ ..] => {
            let bench = table::Bench {
                gz_search: gz_search.into(),
                this_program: env::current_exe().unwrap(),
                lucene: lucene.into(),
                rounds: rounds.parse().unwrap(),
            };
            println!("text\tmeasure\tengine\tmedian\tunit\tspread %\tgz-search / engine");
            dirs.iter().for_each(|dir| bench.print(Path::new(dir)));
        }
        ["deadlines", index] => deadlines::run(Path::new(index)),
        ["load", index, queries, seconds] => {
            load::run(Path::new(index), Path::new(queries), seconds.parse().unwrap());
        }
        ["warm", engine, dir, ref rest @ ..] => {
            warm::run(engine, Path::new(dir), rest);
        }
        _ => panic!("see README.md"),
    }
}
