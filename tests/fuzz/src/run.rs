//! A target, seeds and random changes of them → what fails, with the shortest input that was found for it.

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

use super::{Deed, TARGETS, Target, generator::Random, queries};

/// One that takes longer is taken to never end.
const NEVER: Duration = Duration::from_secs(60);
/// After so many failures with an input of their own, or so much time, others are only counted.
const MAX_SHOWN: usize = 40;
const MAX_SHRINKING: Duration = Duration::from_secs(120);
/// Longer inputs and messages are shown without their middle.
const MAX_CHARS: usize = 600;
/// So many inputs are changed further, so long ones at most.
const MAX_INPUTS: usize = 20_000;
const MAX_INPUT_BYTES: usize = 4 << 10;
/// So many documents in an index, for so many queries.
const DOCUMENTS: usize = 4;
const QUERIES: usize = 200;

/// How many inputs, or for how long.
#[derive(Debug, Clone, Copy)]
pub enum Length {
    /// So many inputs.
    Count(u64),
    /// For so long.
    Time(Duration),
}

impl Length {
    /// Reads a number of inputs, or with an `s` of seconds.
    pub fn read(text: &str) -> Option<Self> {
        match text.strip_suffix('s') {
            Some(seconds) => seconds.parse().ok().map(|s| Self::Time(Duration::from_secs(s))),
            None => text.parse().ok().map(Self::Count),
        }
    }

    /// The numbers of the inputs, until it is enough.
    fn rounds(self) -> impl Iterator<Item = u64> {
        let started = Instant::now();
        (0..).take_while(move |&done| match self {
            Self::Count(count) => done < count,
            Self::Time(time) => started.elapsed() < time,
        })
    }
}

/// Runs the target `name` on those of its seeds whose names begin as what may follow after a `/`, in its folder in
/// `all`, then for `length` on random inputs, those that `seed` determines. One that takes longer than
/// `limit` fails. Prints what fails; whether nothing did. None where there is no such target.
pub fn run(all: &Path, name: &str, length: Length, seed: u64, limit: Duration) -> Option<bool> {
    let (name, begins) = name.split_once('/').unwrap_or((name, ""));
    let (name, target) = TARGETS.into_iter().find(|(target, _)| *target == name)?;
    let seeds = seeds(&all.join(name), begins).ok().filter(|seeds| !seeds.is_empty())?;
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
        "highlighter" => highlighted(&mut run, &mut random, length),
        _ => changed(&mut run, &mut random, length, seeds.into_values().collect()),
    }
    Some(run.report())
}

/// The seeds, and those of their changes that made the target do something new, changed again and again.
fn changed(run: &mut Run, random: &mut Random, length: Length, mut inputs: Vec<Vec<u8>>) {
    let mut known = HashSet::new();
    for _ in length.rounds() {
        let input = random.changed(&inputs);
        let target = run.target;
        if let Some(deed) = run.input(&input, || target(&input))
            && inputs.len() < MAX_INPUTS
            && input.len() < MAX_INPUT_BYTES
            && known.insert(deed)
        {
            inputs.push(input);
        }
    }
}

/// The seeds of a target, by name.
fn seeds(folder: &Path, begins: &str) -> io::Result<BTreeMap<String, Vec<u8>>> {
    let mut seeds = BTreeMap::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.starts_with(begins) {
            seeds.insert(name, fs::read(entry.path())?);
        }
    }
    Ok(seeds)
}

/// Many queries over each index of a few documents, because an index takes longer than a query.
fn highlighted(run: &mut Run, random: &mut Random, length: Length) {
    let mut texts = Vec::new();
    let mut index = queries::searcher(&texts);
    for done in length.rounds() {
        if done % QUERIES as u64 == 0 {
            texts = (0..DOCUMENTS).map(|_| random.text()).collect();
            index = queries::searcher(&texts);
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
        run.input(&input, || {
            queries::highlights(&index, &query, usize::from(quarter) * 4, &text);
            Deed::new()
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
    shown: BTreeSet<(String, Vec<u8>)>,
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
                if current.0.elapsed() > NEVER {
                    println!("never ends: {}", shown(&current.1));
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
            shown: BTreeSet::new(),
            shrinking: Duration::ZERO,
            slowest: (Duration::ZERO, Vec::new()),
            current,
        }
    }

    /// Runs `check`, which stands for the target on `input`; what it did where it did not fail.
    fn input(&mut self, input: &[u8], check: impl Fn() -> Deed) -> Option<Deed> {
        self.now(input);
        let started = Instant::now();
        let mut deed = done(&check);
        let mut elapsed = started.elapsed();
        self.count += 1;
        if elapsed > self.slowest.0.min(self.limit) && deed.is_ok() {
            // Once more: the machine may have had something else to do.
            self.now(input);
            let started = Instant::now();
            deed = done(&check);
            elapsed = elapsed.min(started.elapsed());
        }
        if elapsed > self.slowest.0 {
            self.slowest = (elapsed, input.to_vec());
        }
        if elapsed > self.limit {
            self.slow += 1;
            if self.slow <= MAX_SHOWN as u64 {
                println!("{}\n    slow: {elapsed:.1?}", shown(input));
            }
        }
        let message = match deed {
            Ok(deed) => return Some(deed),
            Err(message) => message,
        };
        self.failures += 1;
        if self.shown.len() < MAX_SHOWN && self.shrinking < MAX_SHRINKING {
            let started = Instant::now();
            self.failed(input, message);
            self.shrinking += started.elapsed();
        }
        None
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
            done(|| target(input)).err().filter(|message| self::kind(message) == kind)
        };
        let small = shrunk(input, |input| fails(input).is_some());
        let message = fails(&small).unwrap_or(message);
        if self.shown.insert((kind, small.clone())) {
            println!("{}\n    {}", shown(&small), cut(&message));
        }
    }

    /// Prints how it went; whether nothing failed.
    fn report(self) -> bool {
        drop(panic::take_hook());
        let Self { count, failures, slow, slowest: (slowest, input), started, .. } = self;
        let seconds = started.elapsed().saturating_sub(self.shrinking).as_secs_f64();
        #[expect(clippy::cast_precision_loss, reason = "it is shown without decimals")]
        let rate = count as f64 / seconds;
        println!(
            "{count} inputs in {seconds:.1} s ({rate:.0} per second), {failures} failures, {slow} slow"
        );
        println!("slowest: {slowest:.1?} for {}", shown(&input));
        failures == 0 && slow == 0
    }
}

/// What `check` did, or what it panics with.
fn done(check: impl Fn() -> Deed) -> Result<Deed, String> {
    panic::catch_unwind(AssertUnwindSafe(check)).map_err(|panic| {
        let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
        text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_default()
    })
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
