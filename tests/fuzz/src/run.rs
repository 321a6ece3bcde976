//! Runs a target on seeds and on mutations of the seeds, and prints each failure with its shrunk input.
//!
//! An input whose outcome is new is kept and mutated further (feedback by outcome instead of code coverage), so that no
//! nightly compiler is needed.

use std::{
    collections::{BTreeMap, BTreeSet, HashSet},
    fs, io,
    panic::{self, AssertUnwindSafe},
    path::Path,
    process,
    sync::{Arc, Mutex},
    thread,
    time::{Duration, Instant},
};

use super::{Outcome, TARGETS, Target, generator::Random, queries};

/// Maximum time of an input. An input that takes longer counts as an endless loop and ends the run.
const HANG_LIMIT: Duration = Duration::from_secs(60);
/// Maximum number of failures that are printed. Further failures are only counted.
const MAX_PRINTED: usize = 40;
/// Maximum total time for shrinking inputs. Failures after this time are only counted.
const MAX_SHRINKING: Duration = Duration::from_secs(120);
/// Maximum number of characters of an input or a message that are printed. The middle of a longer text is left out.
const MAX_CHARS: usize = 600;
/// Maximum number of inputs that are kept for mutation.
const MAX_INPUTS: usize = 20_000;
/// Maximum length in bytes of an input that is kept for mutation.
const MAX_INPUT_BYTES: usize = 4 << 10;
/// Number of documents in an index of the highlighter.
const DOCUMENTS: usize = 4;
/// Number of queries for each index of the highlighter.
const QUERIES: usize = 200;

/// Length of a run: a number of inputs or a time.
#[derive(Debug, Clone, Copy)]
pub enum Length {
    /// Number of inputs.
    Count(u64),
    /// Time.
    Time(Duration),
}

impl Length {
    /// Parses a number of inputs (`1000`) or of seconds (`60s`).
    pub fn read(text: &str) -> Option<Self> {
        match text.strip_suffix('s') {
            Some(seconds) => seconds.parse().ok().map(|s| Self::Time(Duration::from_secs(s))),
            None => text.parse().ok().map(Self::Count),
        }
    }

    /// Counts the inputs from 0 until the run is over.
    fn rounds(self) -> impl Iterator<Item = u64> {
        let started = Instant::now();
        (0..).take_while(move |&done| match self {
            Self::Count(count) => done < count,
            Self::Time(time) => started.elapsed() < time,
        })
    }
}

/// Runs a target on its seeds, then for `length` on random inputs that `seed` determines, and prints the failures.
///
/// `name` is `TARGET` or `TARGET/PREFIX`, which limits the seeds to those whose names begin so. `seed_folder` holds a
/// folder of seeds for each target. An input that takes longer than `limit` is a failure. Returns whether no input
/// failed, `None` if there is no such target or seed.
pub fn run(
    seed_folder: &Path,
    name: &str,
    length: Length,
    seed: u64,
    limit: Duration,
) -> Option<bool> {
    let (name, prefix) = name.split_once('/').unwrap_or((name, ""));
    let (name, target) = TARGETS.into_iter().find(|(target, _)| *target == name)?;
    let seeds = seeds(&seed_folder.join(name), prefix).ok().filter(|seeds| !seeds.is_empty())?;
    let (mut run, mut random) = (Run::new(target, limit), Random::new(seed));
    for seed in seeds.values() {
        run.input(seed, || target(seed));
    }
    match name {
        "parser" => {
            for _ in length.rounds() {
                let query = random.query();
                run.input(&query, || target(&query));
            }
        }
        "highlighter" => run_highlighter(&mut run, &mut random, length),
        _ => run_mutations(&mut run, &mut random, length, seeds.into_values().collect()),
    }
    Some(run.report())
}

/// Runs the target on mutations of `inputs`, to which every mutation with a new outcome is added.
fn run_mutations(run: &mut Run, random: &mut Random, length: Length, mut inputs: Vec<Vec<u8>>) {
    let mut outcomes = HashSet::new();
    for _ in length.rounds() {
        let input = random.mutated(&inputs);
        let target = run.target;
        if let Some(outcome) = run.input(&input, || target(&input))
            && inputs.len() < MAX_INPUTS
            && input.len() < MAX_INPUT_BYTES
            && outcomes.insert(outcome)
        {
            inputs.push(input);
        }
    }
}

/// Returns the seeds whose names begin with `prefix`, by name.
fn seeds(folder: &Path, prefix: &str) -> io::Result<BTreeMap<String, Vec<u8>>> {
    let mut seeds = BTreeMap::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.starts_with(prefix) {
            seeds.insert(name, fs::read(entry.path())?);
        }
    }
    Ok(seeds)
}

/// Runs many queries over each index of a few documents, because building an index takes longer than a query.
fn run_highlighter(run: &mut Run, random: &mut Random, length: Length) {
    let mut texts = Vec::new();
    let mut index = queries::searcher(&texts);
    for finished_rounds in length.rounds() {
        if finished_rounds % QUERIES as u64 == 0 {
            texts = (0..DOCUMENTS).map(|_| random.text()).collect();
            index = queries::searcher(&texts);
        }
        let query = String::from_utf8_lossy(&random.query()).replace('\n', " ");
        let quarter = u8::try_from(random.below(128)).unwrap_or_default();
        let text = match random.below(DOCUMENTS * 2) {
            number if number < DOCUMENTS => texts[number].clone(),
            _ => random.text(),
        };
        // The input format of the target, with the highlighted text first.
        let mut input = vec![quarter];
        input.extend([query.as_bytes(), b"\n", text.as_bytes()].concat());
        for other in &texts {
            input.extend([b"\n\n", other.as_bytes()].concat());
        }
        run.input(&input, || {
            queries::check_highlights(&index, &query, usize::from(quarter) * 4, &text);
            Outcome::new()
        });
    }
}

struct Run {
    target: Target,
    limit: Duration,
    started: Instant,
    count: u64,
    failures: u64,
    slow: u64,
    printed: BTreeSet<(String, Vec<u8>)>,
    shrinking: Duration,
    slowest: (Duration, Vec<u8>),
    current: Arc<Mutex<(Instant, Vec<u8>)>>,
}

impl Run {
    fn new(target: Target, limit: Duration) -> Self {
        panic::set_hook(Box::new(|_| {}));
        let current = Arc::new(Mutex::new((Instant::now(), Vec::new())));
        let watched = Arc::downgrade(&current);
        thread::spawn(move || {
            loop {
                thread::sleep(Duration::from_secs(1));
                // The run is over.
                let Some(current) = watched.upgrade() else { return };
                let Ok(current) = current.lock() else { return };
                if current.0.elapsed() > HANG_LIMIT {
                    println!("endless loop: {}", quoted(&current.1));
                    process::exit(1);
                }
            }
        });
        Self {
            target,
            limit,
            started: Instant::now(),
            count: 0,
            failures: 0,
            slow: 0,
            printed: BTreeSet::new(),
            shrinking: Duration::ZERO,
            slowest: (Duration::ZERO, Vec::new()),
            current,
        }
    }

    /// Runs `check`, which is the target on `input`, and returns its outcome, `None` if it fails.
    fn input(&mut self, input: &[u8], check: impl Fn() -> Outcome) -> Option<Outcome> {
        self.set_current(input);
        let started = Instant::now();
        let mut result = catch(&check);
        let mut elapsed = started.elapsed();
        self.count += 1;
        if elapsed > self.slowest.0.min(self.limit) && result.is_ok() {
            // Measure again: another process may have slowed this one down.
            self.set_current(input);
            let started = Instant::now();
            result = catch(&check);
            elapsed = elapsed.min(started.elapsed());
        }
        if elapsed > self.slowest.0 {
            self.slowest = (elapsed, input.to_vec());
        }
        if elapsed > self.limit {
            self.slow += 1;
            if self.slow <= MAX_PRINTED as u64 {
                println!("{}\n    slow: {elapsed:.1?}", quoted(input));
            }
        }
        let message = match result {
            Ok(outcome) => return Some(outcome),
            Err(message) => message,
        };
        self.failures += 1;
        if self.printed.len() < MAX_PRINTED && self.shrinking < MAX_SHRINKING {
            let started = Instant::now();
            self.print_failure(input, message);
            self.shrinking += started.elapsed();
        }
        None
    }

    /// Tells the watching thread which input runs.
    fn set_current(&self, input: &[u8]) {
        if let Ok(mut current) = self.current.lock() {
            current.0 = Instant::now();
            current.1.clear();
            current.1.extend_from_slice(input);
        }
    }

    /// Shrinks a failing input and prints it, unless it was printed before.
    fn print_failure(&mut self, input: &[u8], message: String) {
        let target = self.target;
        let kind = kind(&message).to_owned();
        let fails = |input: &[u8]| {
            self.set_current(input);
            catch(|| target(input)).err().filter(|message| self::kind(message) == kind)
        };
        let small = shrunk(input, |input| fails(input).is_some());
        let message = fails(&small).unwrap_or(message);
        if self.printed.insert((kind, small.clone())) {
            println!("{}\n    {}", quoted(&small), cut(&message));
        }
    }

    /// Prints the totals and returns whether no input failed or was slow.
    fn report(self) -> bool {
        drop(panic::take_hook());
        let Self { count, failures, slow, slowest: (slowest, input), started, .. } = self;
        let seconds = started.elapsed().saturating_sub(self.shrinking).as_secs_f64();
        #[expect(clippy::cast_precision_loss, reason = "it is printed without decimals")]
        let rate = count as f64 / seconds;
        println!(
            "{count} inputs in {seconds:.1} s ({rate:.0} per second), {failures} failures, {slow} slow"
        );
        println!("slowest: {slowest:.1?} for {}", quoted(&input));
        failures == 0 && slow == 0
    }
}

/// Returns the outcome of `check`, or the message of its panic.
fn catch(check: impl Fn() -> Outcome) -> Result<Outcome, String> {
    panic::catch_unwind(AssertUnwindSafe(check)).map_err(|panic| {
        let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
        text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_default()
    })
}

/// Returns the part of a message before the first colon; failures of one kind share it.
fn kind(message: &str) -> &str {
    message.split(':').next().unwrap_or_default()
}

/// Returns a shorter input that still fails: with characters removed, and others replaced by plain ones.
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
        // Repeat the rounds that remove single characters until none can be removed.
        length = if length == 1 && letters.len() < before { 1 } else { length / 2 };
    }
    for at in 0..letters.len() {
        for plain in ['a', '1', ' '] {
            let original = std::mem::replace(&mut letters[at], plain);
            if original == plain || fails(&text(&letters)) {
                break;
            }
            letters[at] = original;
        }
    }
    text(&letters)
}

/// Returns an input as a string literal. The middle of a long input is left out.
fn quoted(input: &[u8]) -> String {
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
