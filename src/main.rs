//! The `gz-search` command.

/// Passages are many small texts: it takes and returns their memory faster than that of the system.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    gz_search::cli::main()
}
