//! The `gz-search` command.

/// Allocator of the program. It is faster than the system's for many small texts such as passages. With the
/// feature `cluster`, each search builds a small index of large blocks, which mimalloc would request from the
/// system every time.
#[cfg(not(feature = "cluster"))]
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    gz_search::cli::main()
}
