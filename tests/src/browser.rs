//! A real browser.

use std::io::{BufRead, BufReader, Write};
use std::process::{ChildStdin, ChildStdout};

use serde_json::{Value, json};

use crate::process::{Program, installed, node, sources};

/// A headless Chromium with one page. It is ended when this is dropped.
#[derive(Debug)]
pub struct Browser {
    stdin: ChildStdin,
    stdout: BufReader<ChildStdout>,
    _program: Program,
}

impl Browser {
    /// With a window of this width.
    #[must_use]
    pub fn start(width: u32) -> Self {
        let mut command = node();
        command
            .arg(sources().join("browser.mjs"))
            .env("IDV_CHROMIUM", installed("IDV_CHROMIUM"))
            .env("IDV_SCREENSHOTS", installed("IDV_SCREENSHOTS"))
            .env("IDV_BROWSER_WIDTH", width.to_string());
        let mut program = Program::start(&mut command);
        let stdin = program.0.stdin.take().expect("a pipe");
        let stdout = BufReader::new(program.0.stdout.take().expect("a pipe"));
        Self { stdin, stdout, _program: program }
    }

    fn ask(&mut self, command: &Value) -> Value {
        writeln!(self.stdin, "{command}").expect("the browser listens");
        let mut line = String::new();
        self.stdout.read_line(&mut line).expect("the browser answers");
        let answer: Value =
            serde_json::from_str(&line).unwrap_or_else(|error| panic!("{command}: {error}: {line}"));
        assert!(answer.get("error").is_none(), "{command}: {answer}");
        answer["ok"].clone()
    }

    fn text_of(&mut self, command: &Value) -> String {
        self.ask(command).as_str().expect("a text").to_owned()
    }

    /// Opens a page.
    pub fn open(&mut self, url: &str) {
        self.ask(&json!({ "do": "open", "url": url }));
    }

    /// Clicks, as soon as there is something to click.
    pub fn click(&mut self, selector: &str) {
        self.ask(&json!({ "do": "click", "selector": selector }));
    }

    /// Types into a field.
    pub fn fill(&mut self, selector: &str, text: &str) {
        self.ask(&json!({ "do": "fill", "selector": selector, "text": text }));
    }

    /// Chooses from a list.
    pub fn select(&mut self, selector: &str, value: &str) {
        self.ask(&json!({ "do": "select", "selector": selector, "value": value }));
    }

    /// The visible text of something.
    pub fn text(&mut self, selector: &str) -> String {
        self.text_of(&json!({ "do": "text", "selector": selector }))
    }

    /// What a field holds.
    pub fn value(&mut self, selector: &str) -> String {
        self.text_of(&json!({ "do": "value", "selector": selector }))
    }

    /// Waits until something with this text is there.
    pub fn wait(&mut self, selector: &str, text: &str) {
        self.ask(&json!({ "do": "wait", "selector": selector, "text": text }));
    }

    /// Waits until the address begins like this, and returns it.
    pub fn arrive(&mut self, prefix: &str) -> String {
        self.ask(&json!({ "do": "leave", "prefix": prefix }));
        self.text_of(&json!({ "do": "url" }))
    }

    /// Keeps a picture of the page.
    pub fn screenshot(&mut self, name: &str) {
        self.ask(&json!({ "do": "screenshot", "name": name }));
    }

    /// What the pages complained of since the last time: errors of scripts, and what the console shows as an error.
    pub fn complaints(&mut self) -> Vec<String> {
        serde_json::from_value(self.ask(&json!({ "do": "complaints" }))).expect("texts")
    }
}
