//! The `gz-search` command.

fn main() -> std::process::ExitCode {
    gz_search::cli::main()
}
