//! gz-search beside other engines on the same text: see README.md.

mod ask;
mod engine;
mod load;
mod ours;
mod plain;
mod sqlite;
mod table;
mod text;
mod warm;

use std::{env, path::Path};

fn main() {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments[..] {
        ["prepare", corpus, megabytes, data] => {
            let bytes = megabytes.parse::<u64>().unwrap() * 1_000_000;
            println!("{}", text::prepare(Path::new(corpus), bytes, Path::new(data)).display());
        }
        ["index", engine, dir] => {
            let dir = Path::new(dir);
            engine::index(engine, &dir.join(text::SOURCE), &dir.join(engine));
        }
        ["cold", engine, dir, ask] => {
            let open = engine::open(engine, &Path::new(dir).join(engine));
            println!("{}", open.search(&ask::Ask::parse(ask), true));
        }
        ["table", gz_search, lucene, rounds, ref dirs @ ..] => {
            let bench = table::Bench {
                gz_search: gz_search.into(),
                own: env::current_exe().unwrap(),
                lucene: lucene.into(),
                rounds: rounds.parse().unwrap(),
            };
            println!("text\tmeasure\tengine\tmedian\tunit\tspread %\tgz-search / it");
            dirs.iter().for_each(|dir| bench.print(Path::new(dir)));
        }
        ["load", index, queries, seconds] => {
            load::run(Path::new(index), Path::new(queries), seconds.parse().unwrap());
        }
        ["warm", engine, dir, ref rest @ ..] => {
            warm::run(engine, Path::new(dir), rest);
        }
        _ => panic!("see README.md"),
    }
}
