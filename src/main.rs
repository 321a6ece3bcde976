//! The `gz-search` command.

/// Passages are many small texts: it takes and returns their memory faster than that of the system. Each search of a
/// cluster makes a small index of large blocks instead, which it would request from the system each time.
#[cfg(not(feature = "cluster"))]
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    gz_search::cli::main()
}
