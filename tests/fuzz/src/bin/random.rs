//! The targets with random inputs, on any compiler: `random parser 10000000 [SEED]`. The seeds come
//! first. Prints each failure with the shortest input that was found for it, what took longer than a
//! second, and the slowest input; the exit code is 1 after a failure or a slow input.

use std::{
    collections::BTreeSet,
    fs, io,
    panic::{self, AssertUnwindSafe},
    path::Path,
    process::{self, ExitCode},
    sync::{Arc, Mutex},
    thread,
    time::{Duration, Instant},
};

use gz_search_fuzz::{generator::Random, highlighter, highlights, parser, searcher};

/// An input that takes longer is a failure.
const LIMIT: Duration = Duration::from_secs(1);
/// One that takes longer is taken to never end.
const NEVER: Duration = Duration::from_secs(60);
/// After so many failures with an input of their own, or so much time, others are only counted.
const MAX_SHOWN: usize = 40;
const MAX_SHRINKING: Duration = Duration::from_secs(120);
/// Longer inputs and messages are shown without their middle.
const MAX_CHARS: usize = 600;
/// So many documents in an index, for so many queries.
const DOCUMENTS: usize = 4;
const QUERIES: usize = 200;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let number = |index: usize| arguments.get(index).and_then(|argument| argument.parse().ok());
    let (Some(count), seed) = (number(1), number(2).unwrap_or(1)) else { return usage() };
    panic::set_hook(Box::new(|_| {}));
    let mut random = Random::new(seed);
    let target = match arguments[0].as_str() {
        "parser" => parser,
        "highlighter" => highlighter,
        _ => return usage(),
    };
    let mut run = Run::new(target);
    match seeds(&arguments[0]) {
        Ok(seeds) => seeds.iter().for_each(|seed| run.input(seed, || target(seed))),
        Err(error) => eprintln!("without seeds: {error}"),
    }
    if arguments[0] == "parser" {
        for _ in 0..count {
            let query = random.query();
            run.input(&query, || parser(&query));
        }
    } else {
        highlighted(&mut run, &mut random, count);
    }
    run.report()
}

fn usage() -> ExitCode {
    eprintln!("usage: random parser|highlighter COUNT [SEED]");
    ExitCode::from(2)
}

fn seeds(target: &str) -> io::Result<Vec<Vec<u8>>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("seeds").join(target);
    let paths: BTreeSet<_> =
        fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect::<io::Result<_>>()?;
    paths.iter().map(fs::read).collect()
}

/// Many queries over each index of a few documents, because an index takes longer than a query.
fn highlighted(run: &mut Run, random: &mut Random, count: u64) {
    let mut texts = Vec::new();
    let mut index = searcher(&texts);
    for done in 0..count {
        if done % QUERIES as u64 == 0 {
            texts = (0..DOCUMENTS).map(|_| random.text()).collect();
            index = searcher(&texts);
        }
        let query = String::from_utf8_lossy(&random.query()).replace('\n', " ");
        let quarter = u8::try_from(random.below(128)).unwrap_or_default();
        let text = match random.below(DOCUMENTS * 2) {
            number if number < DOCUMENTS => texts[number].clone(),
            _ => random.text(),
        };
        // As the target reads it, with the text first in which most can go wrong.
        let mut input = vec![quarter];
        input.extend([query.as_bytes(), b"\n", text.as_bytes()].concat());
        for other in &texts {
            input.extend([b"\n\n", other.as_bytes()].concat());
        }
        run.input(&input, || highlights(&index, &query, usize::from(quarter) * 4, &text));
    }
}

struct Run {
    target: fn(&[u8]),
    started: Instant,
    count: u64,
    failures: u64,
    slow: u64,
    shown: BTreeSet<(String, Vec<u8>)>,
    shrinking: Duration,
    slowest: (Duration, Vec<u8>),
    current: Arc<Mutex<(Instant, Vec<u8>)>>,
}

impl Run {
    fn new(target: fn(&[u8])) -> Self {
        let current = Arc::new(Mutex::new((Instant::now(), Vec::new())));
        let watched = Arc::clone(&current);
        thread::spawn(move || {
            loop {
                thread::sleep(Duration::from_secs(1));
                let Ok(current) = watched.lock() else { return };
                if current.0.elapsed() > NEVER {
                    println!("never ends: {}", shown(&current.1));
                    process::exit(1);
                }
            }
        });
        Self {
            target,
            started: Instant::now(),
            count: 0,
            failures: 0,
            slow: 0,
            shown: BTreeSet::new(),
            shrinking: Duration::ZERO,
            slowest: (Duration::ZERO, Vec::new()),
            current,
        }
    }

    /// Runs `check`, which stands for the target on `input`.
    fn input(&mut self, input: &[u8], check: impl Fn()) {
        self.now(input);
        let started = Instant::now();
        let mut failure = self::failure(&check);
        let mut elapsed = started.elapsed();
        self.count += 1;
        if elapsed > self.slowest.0.min(LIMIT) && failure.is_none() {
            // Once more: the machine may have had something else to do.
            self.now(input);
            let started = Instant::now();
            failure = self::failure(&check);
            elapsed = elapsed.min(started.elapsed());
        }
        if elapsed > self.slowest.0 {
            self.slowest = (elapsed, input.to_vec());
        }
        if elapsed > LIMIT {
            self.slow += 1;
            if self.slow <= MAX_SHOWN as u64 {
                println!("{}\n    slow: {elapsed:.1?}", shown(input));
            }
        }
        if let Some(message) = failure {
            self.failures += 1;
            if self.shown.len() < MAX_SHOWN && self.shrinking < MAX_SHRINKING {
                let started = Instant::now();
                self.failed(input, message);
                self.shrinking += started.elapsed();
            }
        }
    }

    fn now(&self, input: &[u8]) {
        if let Ok(mut current) = self.current.lock() {
            current.0 = Instant::now();
            current.1.clear();
            current.1.extend_from_slice(input);
        }
    }

    fn failed(&mut self, input: &[u8], message: String) {
        let target = self.target;
        let kind = kind(&message).to_owned();
        let fails = |input: &[u8]| {
            self.now(input);
            failure(|| target(input)).filter(|message| self::kind(message) == kind)
        };
        let small = shrunk(input, |input| fails(input).is_some());
        let message = fails(&small).unwrap_or(message);
        if self.shown.insert((kind, small.clone())) {
            println!("{}\n    {}", shown(&small), cut(&message));
        }
    }

    fn report(self) -> ExitCode {
        let Self { count, failures, slow, slowest: (slowest, input), started, .. } = self;
        let seconds = started.elapsed().saturating_sub(self.shrinking).as_secs_f64();
        #[expect(clippy::cast_precision_loss, reason = "it is shown without decimals")]
        let rate = count as f64 / seconds;
        println!(
            "{count} inputs in {seconds:.1} s ({rate:.0} per second), {failures} failures, {slow} slow"
        );
        println!("slowest: {slowest:.1?} for {}", shown(&input));
        ExitCode::from(u8::from(failures > 0 || slow > 0))
    }
}

/// What `check` panics with.
fn failure(check: impl Fn()) -> Option<String> {
    let panic = panic::catch_unwind(AssertUnwindSafe(check)).err()?;
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    Some(text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_default())
}

/// Failures of one kind begin alike.
fn kind(message: &str) -> &str {
    message.split(':').next().unwrap_or_default()
}

/// The input with everything left out that can be, and plain letters where they do as well.
fn shrunk(input: &[u8], fails: impl Fn(&[u8]) -> bool) -> Vec<u8> {
    let text = |letters: &[char]| letters.iter().collect::<String>().into_bytes();
    let mut letters: Vec<char> = String::from_utf8_lossy(input).chars().collect();
    if !fails(&text(&letters)) {
        return input.to_vec();
    }
    let mut length = letters.len().div_ceil(2);
    while length > 0 {
        let before = letters.len();
        let mut at = 0;
        while at < letters.len() {
            let mut fewer = letters.clone();
            fewer.drain(at..(at + length).min(letters.len()));
            if fails(&text(&fewer)) {
                letters = fewer;
            } else {
                at += length;
            }
        }
        // The last round again, until there is nothing more to leave out.
        length = if length == 1 && letters.len() < before { 1 } else { length / 2 };
    }
    for at in 0..letters.len() {
        for plain in ['a', '1', ' '] {
            let was = std::mem::replace(&mut letters[at], plain);
            if was == plain || fails(&text(&letters)) {
                break;
            }
            letters[at] = was;
        }
    }
    text(&letters)
}

/// An input as a string literal, the middle of a long one left out.
fn shown(input: &[u8]) -> String {
    cut(&format!("{:?}", String::from_utf8_lossy(input)))
}

fn cut(text: &str) -> String {
    let length = text.chars().count();
    if length <= MAX_CHARS {
        return text.to_owned();
    }
    let head: String = text.chars().take(MAX_CHARS * 3 / 4).collect();
    let tail: String = text.chars().skip(length - MAX_CHARS / 4).collect();
    format!("{head} … {tail} ({length} characters)")
}
