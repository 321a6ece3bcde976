//! Prints the table of the comparison: runs every engine on the prepared folders, and prints each figure beside the
//! figure of gz-search.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use wait4::Wait4;

use crate::{corpus, engine::LIMIT, queries::BenchQuery, sqlite};

/// Number of cold queries, each in a process of its own.
const COLD_QUERIES: usize = 100;

/// The compared engines, gz-search first.
const ENGINES: [&str; 5] = ["gz-search", "tantivy", "fts5", "lucene", "lucene-reordered"];

/// Paths of the programs, and the number of repetitions.
pub struct Bench {
    pub gz_search: PathBuf,
    pub this_program: PathBuf,
    pub lucene: PathBuf,
    pub rounds: usize,
}

/// Time and memory of one process.
struct Cost {
    /// Seconds from start to end.
    wall: f64,
    /// Seconds of processor time.
    cpu: f64,
    /// Peak resident memory in MiB.
    peak: f64,
}

/// A measure of the table; smaller figures are better.
struct Row {
    name: String,
    unit: &'static str,
    /// Figures of each engine, one for each round; gz-search is first.
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
                    command.arg("index").arg("--index").arg(&index).arg(dir.join(corpus::SOURCE));
                    command
                } else {
                    self.engine_command("index", engine, dir)
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

    /// Measures processes from start to end. Each process answers one query with ten hits and snippets, and each figure
    /// is the median of all queries.
    fn cold(&self, dir: &Path) -> Vec<Row> {
        let all_queries = corpus::queries(dir);
        let queries: Vec<&BenchQuery> = all_queries
            .iter()
            .filter(|query| matches!(query.kind(), "2 words" | "3 words"))
            .step_by(2 * corpus::QUERIES_PER_KIND / COLD_QUERIES)
            .collect();
        // Starting a Java virtual machine for one query would measure only the start.
        let mut engines: Vec<&str> =
            ENGINES.into_iter().filter(|engine| !runs_in_java(engine)).collect();
        engines.extend(["rg"].into_iter().filter(|rg| Command::new(rg).arg("-V").output().is_ok()));
        let figures = engines.into_iter().map(|engine| {
            let rounds = (0..self.rounds).map(|_| {
                let times = queries
                    .iter()
                    .map(|query| cost(&mut self.search_command(engine, dir, query)).wall);
                median(times.map(|wall| wall * 1e3).collect())
            });
            (engine.to_owned(), rounds.collect())
        });
        vec![Row { name: "cold query".to_owned(), unit: "ms", figures: figures.collect() }]
    }

    /// Returns the command that runs one query with an engine.
    fn search_command(&self, engine: &str, dir: &Path, query: &BenchQuery) -> Command {
        let words = query.words();
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
                let expression =
                    format!("'{}'", sqlite::match_expression(query).replace('\'', "''"));
                command.arg(dir.join(engine).join(sqlite::FILE));
                command.arg(statement.replace("?1", &expression));
                command
            }
            "rg" => {
                let mut command = Command::new("rg");
                command.args(["-c", "-i", "-F"]);
                command.args(words.iter().flat_map(|word| ["-e", word.as_str()]));
                command.arg(dir.join(corpus::PASSAGES));
                command
            }
            _ => {
                let mut command = self.engine_command("cold", engine, dir);
                command.arg(query.line());
                command
            }
        }
    }

    /// Returns the command that runs an action (`index`, `cold`, `warm`) of an engine on a folder.
    fn engine_command(&self, action: &str, engine: &str, dir: &Path) -> Command {
        if runs_in_java(engine) {
            let mut command = Command::new(java());
            let libraries = self.lucene.with_file_name("lib").join("*");
            let jars = format!("{}:{}", self.lucene.display(), libraries.display());
            command.args(["-cp", &jars, "Bench", action]).arg(dir).arg(engine);
            return command;
        }
        let mut command = Command::new(&self.this_program);
        command.args([action, engine]).arg(dir);
        command
    }

    /// Measures queries in one running process: median and 99th percentile of each kind of query.
    fn warm(&self, dir: &Path) -> Vec<Row> {
        let kinds = ["1 word", "2 words", "3 words", "question", "phrase", "prefix", "all"];
        let mut rows = Vec::new();
        for (snippets, measure) in [(true, "warm, snippets"), (false, "warm, ranks only")] {
            let mut kind_rows: Vec<(Row, Row)> = kinds
                .iter()
                .map(|kind| {
                    let row = |part| Row {
                        name: format!("{measure}, {kind}, {part}"),
                        unit: "ms",
                        figures: Vec::new(),
                    };
                    (row("median"), row("p99"))
                })
                .collect();
            for engine in ENGINES {
                let mut command = self.engine_command("warm", engine, dir);
                command.args((!snippets).then_some("--rank"));
                let mut figures = vec![(Vec::new(), Vec::new()); kinds.len()];
                for _ in 0..self.rounds {
                    let run = command.output().unwrap();
                    let errors = String::from_utf8_lossy(&run.stderr);
                    assert!(run.status.success(), "{command:?}: {errors}");
                    let times = corpus::times(&run.stdout);
                    for (kind, (medians, p99)) in kinds.iter().zip(&mut figures) {
                        let of_kind =
                            times.iter().filter(|(name, _)| *kind == "all" || name == kind);
                        let mut millis: Vec<f64> = of_kind.map(|(_, nanos)| nanos / 1e6).collect();
                        millis.sort_by(f64::total_cmp);
                        medians.push(millis[millis.len() / 2]);
                        p99.push(millis[millis.len() * 99 / 100]);
                    }
                }
                for ((first, second), (medians, p99)) in kind_rows.iter_mut().zip(figures) {
                    first.figures.push((engine.to_owned(), medians));
                    second.figures.push((engine.to_owned(), p99));
                }
            }
            rows.extend(kind_rows.into_iter().flat_map(|(median, p99)| [median, p99]));
        }
        rows
    }
}

impl Row {
    /// Prints a line for each engine: the median, the spread of the rounds in percent of the median, and the median of
    /// gz-search divided by the median of the engine.
    fn print(&self, text: &str) {
        let gz_search = median(self.figures[0].1.clone());
        for (engine, figures) in &self.figures {
            let median = median(figures.clone());
            let ends = figures.iter().fold((f64::MAX, 0.0_f64), |(least, most), &figure| {
                (least.min(figure), most.max(figure))
            });
            let spread = 100.0 * (ends.1 - ends.0) / median;
            let Self { name, unit, .. } = self;
            println!(
                "{text}\t{name}\t{engine}\t{median:.3}\t{unit}\t{spread:.0}\t{:.2}",
                gz_search / median
            );
        }
    }
}

/// Returns whether an engine is Lucene, which has a program of its own.
fn runs_in_java(engine: &str) -> bool {
    engine.starts_with("lucene")
}

/// Returns the path of the Java virtual machine: that of `JAVA_HOME`, or the `java` of the search path.
fn java() -> PathBuf {
    env::var_os("JAVA_HOME").map_or_else(|| "java".into(), |home| Path::new(&home).join("bin/java"))
}

fn cost(command: &mut Command) -> Cost {
    let started = Instant::now();
    let child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let usage = child.wait4().unwrap();
    // Exit code 1 means no hits.
    assert!(matches!(usage.status.code(), Some(0 | 1)), "{command:?} ended with {}", usage.status);
    let wall = started.elapsed().as_secs_f64();
    let processor_time: Duration = usage.rusage.utime + usage.rusage.stime;
    let peak = usage.rusage.maxrss as f64 / f64::from(1 << 20);
    Cost { wall, cpu: processor_time.as_secs_f64(), peak }
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
