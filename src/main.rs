//! The command-line program `gz-search`.

/// Allocator of the program. mimalloc is faster than the system's allocator for many small texts such as
/// passages. The feature `cluster` uses the system's allocator: each search on a cluster builds a small index
/// of large blocks, which mimalloc would request from the system every time.
#[cfg(not(feature = "cluster"))]
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    gz_search::cli::main()
}
