//! Finds Hugging Face credentials, and the habits that leak them.

fn main() -> std::process::ExitCode {
    hfscan::internal::main()
}
