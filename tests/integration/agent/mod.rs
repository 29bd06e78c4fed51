//! Coding agents: their hooks, their transcripts and their tools.

mod hook;
mod mcp;
mod planted;
mod set_up;
mod transcripts;
