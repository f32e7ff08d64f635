//! Turns a conference's recordings into a page: two sentences a talk, grouped by category, with
//! everything cached on disk.
//!
//! The program is one straight line, and a value only ever moves to the right:
//!
//! ```text
//! catalog.toml → Entry → fetch → Talk → summarize → Summary → categorize → Category → Page → render
//! ```
//!
//! The modules stand in suggested reading order; `ARCHITECTURE.md` has the plan of the house.

pub mod talk;

pub mod catalog;

pub mod pipeline;

pub mod compare;

pub mod work;

pub mod fetch;

pub mod tools;

pub mod summarize;

pub mod check;

pub mod suggest;

pub mod status;

pub mod cache;

pub mod llm;

pub mod requests;

pub mod prompts;

pub mod render;

pub mod thumbnails;

pub mod site;

pub mod templates;

pub mod report;

pub mod origin_page;

pub mod schedule;

pub mod titles;

pub mod doctor;

pub mod review;

pub mod encoding;

pub mod printable;

pub mod fs;

pub mod http;

pub mod numbers;

pub mod cli;
