//! Folders that are prepared → one table: every engine on the same text, each figure beside gz-search's.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use wait4::Wait4;

use crate::{ask::Ask, engine::LIMIT, sqlite, text};

/// So many queries are asked of each engine in processes of their own.
const COLD: usize = 100;

/// What is compared, ours first.
const ENGINES: [&str; 4] = ["gz-search", "tantivy", "fts5", LUCENE];
/// What has a program of its own.
const LUCENE: &str = "lucene";

/// The command, this program and that of Lucene, and how often everything is repeated.
pub struct Bench {
    pub gz_search: PathBuf,
    pub own: PathBuf,
    pub lucene: PathBuf,
    pub rounds: usize,
}

/// What one process took.
struct Cost {
    wall: f64,
    /// Seconds on processors.
    cpu: f64,
    /// The most memory it had, in MiB.
    peak: f64,
}

/// A row of the table: what each engine took, smaller is better.
struct Row {
    name: String,
    unit: &'static str,
    /// Of ours first; those of each engine in the order of rounds.
    figures: Vec<(String, Vec<f64>)>,
}

impl Bench {
    /// Prints the rows of one folder.
    pub fn print(&self, dir: &Path) {
        let name = dir.file_name().unwrap().to_string_lossy().into_owned();
        for measured in [Self::indexing, Self::cold, Self::warm] {
            measured(self, dir).iter().for_each(|row| row.print(&name));
        }
    }

    fn indexing(&self, dir: &Path) -> Vec<Row> {
        let mut rows: Vec<Row> = [
            ("indexing", "s"),
            ("indexing, processors", "s"),
            ("indexing, most memory", "MiB"),
            ("index", "MB"),
        ]
        .map(|(name, unit)| Row { name: name.to_owned(), unit, figures: Vec::new() })
        .into();
        for engine in ENGINES {
            let mut all: [Vec<f64>; 4] = Default::default();
            for _ in 0..self.rounds {
                let index = dir.join(engine);
                let _ = fs::remove_dir_all(&index);
                let mut command = if engine == "gz-search" {
                    let mut command = Command::new(&self.gz_search);
                    command.arg("index").arg("--index").arg(&index).arg(dir.join(text::SOURCE));
                    command
                } else {
                    self.peer("index", engine, dir)
                };
                let Cost { wall, cpu, peak } = cost(&mut command);
                let size = size(&index) as f64 / 1e6;
                for (all, figure) in all.iter_mut().zip([wall, cpu, peak, size]) {
                    all.push(figure);
                }
            }
            for (row, figures) in rows.iter_mut().zip(all) {
                row.figures.push((engine.to_owned(), figures));
            }
        }
        rows
    }

    /// From the start of a process to its end, ten hits with snippets; the median of all queries.
    fn cold(&self, dir: &Path) -> Vec<Row> {
        let asks = text::queries(dir);
        let asks: Vec<&Ask> = asks
            .iter()
            .filter(|ask| matches!(ask.kind(), "2 words" | "3 words"))
            .step_by(2 * text::EACH / COLD)
            .collect();
        // A virtual machine is never started for one query.
        let mut engines: Vec<&str> =
            ENGINES.into_iter().filter(|engine| *engine != LUCENE).collect();
        engines.extend(["rg"].into_iter().filter(|rg| Command::new(rg).arg("-V").output().is_ok()));
        let figures = engines.into_iter().map(|engine| {
            let rounds = (0..self.rounds).map(|_| {
                let times = asks.iter().map(|ask| cost(&mut self.asked(engine, dir, ask)).wall);
                median(times.map(|wall| wall * 1e3).collect())
            });
            (engine.to_owned(), rounds.collect())
        });
        vec![Row { name: "cold query".to_owned(), unit: "ms", figures: figures.collect() }]
    }

    fn asked(&self, engine: &str, dir: &Path, ask: &Ask) -> Command {
        let words = ask.words();
        match engine {
            "gz-search" => {
                let mut command = Command::new(&self.gz_search);
                command.args(["query", "--format", "json", "--limit", &LIMIT.to_string()]);
                command.arg("--index").arg(dir.join(engine)).args(words);
                command
            }
            "fts5" => {
                let mut command = Command::new("sqlite3");
                let statement = sqlite::statement(true);
                let matching = format!("'{}'", sqlite::matching(ask).replace('\'', "''"));
                command.arg(dir.join(engine).join(sqlite::FILE));
                command.arg(statement.replace("?1", &matching));
                command
            }
            "rg" => {
                let mut command = Command::new("rg");
                command.args(["-c", "-i", "-F"]);
                command.args(words.iter().flat_map(|word| ["-e", word.as_str()]));
                command.arg(dir.join(text::PASSAGES));
                command
            }
            _ => {
                let mut command = self.peer("cold", engine, dir);
                command.arg(ask.line());
                command
            }
        }
    }

    /// The program of an engine, doing something with a folder.
    fn peer(&self, what: &str, engine: &str, dir: &Path) -> Command {
        if engine == LUCENE {
            let mut command = Command::new("java");
            let libraries = self.lucene.with_file_name("lib").join("*");
            let jars = format!("{}:{}", self.lucene.display(), libraries.display());
            command.args(["-cp", &jars, "Bench", what]).arg(dir);
            return command;
        }
        let mut command = Command::new(&self.own);
        command.args([what, engine]).arg(dir);
        command
    }

    /// In a process that goes on, by kind of query: the median and the 99th percentile.
    fn warm(&self, dir: &Path) -> Vec<Row> {
        let kinds = ["1 word", "2 words", "3 words", "question", "phrase", "prefix", "all"];
        let mut rows = Vec::new();
        for (snippets, what) in [(true, "warm, snippets"), (false, "warm, ranks only")] {
            let mut found: Vec<(Row, Row)> = kinds
                .iter()
                .map(|kind| {
                    let row = |part| Row {
                        name: format!("{what}, {kind}, {part}"),
                        unit: "ms",
                        figures: Vec::new(),
                    };
                    (row("median"), row("p99"))
                })
                .collect();
            for engine in ENGINES {
                let mut command = self.peer("warm", engine, dir);
                command.args((!snippets).then_some("--rank"));
                let mut figures = vec![(Vec::new(), Vec::new()); kinds.len()];
                for _ in 0..self.rounds {
                    let done = command.output().unwrap();
                    let failed = String::from_utf8_lossy(&done.stderr);
                    assert!(done.status.success(), "{command:?}: {failed}");
                    let times = text::times(&done.stdout);
                    for (kind, (medians, p99)) in kinds.iter().zip(&mut figures) {
                        let times = times.iter().filter(|(of, _)| *kind == "all" || of == kind);
                        let mut times: Vec<f64> = times.map(|(_, time)| time / 1e6).collect();
                        times.sort_by(f64::total_cmp);
                        medians.push(times[times.len() / 2]);
                        p99.push(times[times.len() * 99 / 100]);
                    }
                }
                for ((first, second), (medians, p99)) in found.iter_mut().zip(figures) {
                    first.figures.push((engine.to_owned(), medians));
                    second.figures.push((engine.to_owned(), p99));
                }
            }
            rows.extend(found.into_iter().flat_map(|(median, p99)| [median, p99]));
        }
        rows
    }
}

impl Row {
    /// One line for each engine: the median, how far the others are from it in percent, and how many times
    /// ours.
    fn print(&self, text: &str) {
        let ours = median(self.figures[0].1.clone());
        for (engine, figures) in &self.figures {
            let median = median(figures.clone());
            let ends = figures.iter().fold((f64::MAX, 0.0_f64), |(least, most), &figure| {
                (least.min(figure), most.max(figure))
            });
            let spread = 100.0 * (ends.1 - ends.0) / median;
            let Self { name, unit, .. } = self;
            println!(
                "{text}\t{name}\t{engine}\t{median:.3}\t{unit}\t{spread:.0}\t{:.2}",
                ours / median
            );
        }
    }
}

fn cost(command: &mut Command) -> Cost {
    let started = Instant::now();
    let child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let used = child.wait4().unwrap();
    // 1 is what searches end with that find nothing.
    assert!(matches!(used.status.code(), Some(0 | 1)), "{command:?} ended with {}", used.status);
    let wall = started.elapsed().as_secs_f64();
    let processors: Duration = used.rusage.utime + used.rusage.stime;
    let peak = used.rusage.maxrss as f64 / f64::from(1 << 20);
    Cost { wall, cpu: processors.as_secs_f64(), peak }
}

fn size(path: &Path) -> u64 {
    if path.is_dir() {
        return fs::read_dir(path).unwrap().map(|entry| size(&entry.unwrap().path())).sum();
    }
    path.metadata().unwrap().len()
}

fn median(mut figures: Vec<f64>) -> f64 {
    figures.sort_by(f64::total_cmp);
    figures[figures.len() / 2]
}
