//! Runs another program within limits of time and memory.

use std::{
    fs::{self, File},
    io,
    path::Path,
    process::{Child, Command, ExitStatus, Stdio},
    thread,
    time::{Duration, Instant},
};

/// Interval at which to check whether the program has ended.
const PROCESS_END_CHECK_INTERVAL: Duration = Duration::from_millis(10);
/// Maximum size, in bytes, of the memory of the program. The limit holds on Linux.
#[cfg(target_os = "linux")]
const MAX_MEMORY_BYTES: u64 = 2 << 30;
/// Maximum length, in characters, of a message of the program that is reported.
const MAX_REPORTED_MESSAGE_CHARS: usize = 200;

/// Reason why a program did not succeed.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum ProcessError {
    /// The program is not installed.
    NotInstalled,
    /// The program took too long and was killed.
    TimedOut,
    /// Any other reason. The text says what happened and omits the program: `failed: out of memory`.
    Failed(String),
}

/// Runs `command` and waits for its end. Standard output and standard error go to the file at `messages_path`. Kills
/// the program after `max_time`.
pub(super) fn run_within_limits(
    command: &mut Command,
    messages_path: &Path,
    max_time: Duration,
) -> Result<(), ProcessError> {
    let failed = |error: io::Error| ProcessError::Failed(error.to_string());
    let output = File::create(messages_path).map_err(failed)?;
    command.stdin(Stdio::null()).stdout(output.try_clone().map_err(failed)?).stderr(output);
    // The signal of Ctrl-C goes to the process group of the terminal. The program is not in it, so that it finishes the
    // current page.
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(command, 0);
    let mut child = command.spawn().map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => ProcessError::NotInstalled,
        _ => failed(error),
    })?;
    limit_memory(&child);
    match wait(&mut child, max_time) {
        Ok(Some(status)) if status.success() => Ok(()),
        Ok(Some(status)) => Err(ProcessError::Failed(describe_failure(status, messages_path))),
        Ok(None) => Err(ProcessError::TimedOut),
        Err(error) => Err(failed(error)),
    }
}

/// Waits for the end of the program. Kills it and returns `None` if it takes longer than `max_time`.
fn wait(child: &mut Child, max_time: Duration) -> io::Result<Option<ExitStatus>> {
    let start_time = Instant::now();
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(Some(status));
        }
        if start_time.elapsed() >= max_time {
            kill(child);
            return Ok(None);
        }
        thread::sleep(PROCESS_END_CHECK_INTERVAL);
    }
}

/// Kills the program, and the programs that it started.
fn kill(child: &mut Child) {
    #[cfg(unix)]
    if let Some(group) = process_id(child) {
        // The call fails if the process has just ended.
        _ = rustix::process::kill_process_group(group, rustix::process::Signal::KILL);
    }
    drop(child.kill());
    drop(child.wait());
}

#[cfg(unix)]
fn process_id(child: &Child) -> Option<rustix::process::Pid> {
    rustix::process::Pid::from_raw(i32::try_from(child.id()).ok()?)
}

/// Limits the memory of the program, because a small file can describe a very large picture.
#[cfg(target_os = "linux")]
fn limit_memory(child: &Child) {
    use rustix::process::{Resource, Rlimit, prlimit};
    let limit = Rlimit { current: Some(MAX_MEMORY_BYTES), maximum: Some(MAX_MEMORY_BYTES) };
    // A program that has just ended has no limits.
    _ = prlimit(process_id(child), Resource::As, limit);
}

#[cfg(not(target_os = "linux"))]
const fn limit_memory(_: &Child) {}

/// Returns the last line that the program printed, or else how it ended.
fn describe_failure(status: ExitStatus, messages: &Path) -> String {
    let messages = fs::read(messages).unwrap_or_default();
    let messages = String::from_utf8_lossy(&messages);
    let last_line = messages.lines().map(str::trim).rfind(|line| !line.is_empty());
    let message: String =
        last_line.unwrap_or_default().chars().take(MAX_REPORTED_MESSAGE_CHARS).collect();
    if message.is_empty() { format!("failed: {status}") } else { format!("failed: {message}") }
}
