//! The configuration as an operator edits it: as text.

use std::collections::BTreeMap;
use std::fmt::Write;

use idv::Registry;
use idv::config::ConfigDocument;
use idv_sandbox::Sandbox;

use crate::dice::Dice;
use crate::flow::Flow;

/// The levels of Sumsub between which the default changes.
pub(crate) const LEVELS: [&str; 2] = ["sim-kyc", "sim-kyc-plus"];

/// The table of one provider.
#[derive(Debug, Clone)]
pub(crate) struct Table {
    pub(crate) flow: Flow,
    pub(crate) name: String,
    pub(crate) kind: String,
    /// The other lines: names and values.
    options: Vec<(String, String)>,
}

impl Table {
    pub(crate) fn new(flow: Flow, sandbox: &Sandbox) -> Self {
        let text = flow.simulated().literal_configuration(sandbox);
        let lines = text.lines().filter_map(|line| line.split_once(" = "));
        let options = lines.filter(|(option, _)| *option != "kind");
        let owned = |(option, value): (&str, &str)| (option.to_owned(), value.to_owned());
        Self {
            flow,
            name: flow.name().to_owned(),
            kind: flow.kind().to_owned(),
            options: options.map(owned).collect(),
        }
    }

    /// Sets an option to a value in TOML.
    pub(crate) fn set(&mut self, option: &str, value: impl Into<String>) {
        self.remove(option);
        self.options.push((option.to_owned(), value.into()));
    }

    pub(crate) fn set_text(&mut self, option: &str, text: &str) {
        self.set(option, format!("{text:?}"));
    }

    pub(crate) fn set_webhook_secrets(&mut self, secrets: &[&str]) {
        self.set(self.flow.webhook_secrets(), format!("{secrets:?}"));
        // At Shufti the secret of webhooks is that of requests.
        if let (Flow::Shufti, Some(first)) = (self.flow, secrets.first()) {
            self.set_text("api_key", first);
        }
    }

    fn remove(&mut self, option: &str) {
        self.options.retain(|(known, _)| known != option);
    }
}

/// A configuration file.
#[derive(Debug, Clone)]
pub(crate) struct Config {
    pub(crate) active: String,
    pub(crate) tables: Vec<Table>,
    /// The weights of a split for everybody; without any, everything goes to `active`.
    pub(crate) weights: BTreeMap<Flow, u32>,
}

impl Config {
    /// One line is another.
    pub(crate) fn active(&self, flow: Flow) -> Self {
        Self { active: flow.name().to_owned(), ..self.clone() }
    }

    /// Everybody is split by these weights.
    pub(crate) fn split(&self, weights: &BTreeMap<Flow, u32>) -> Self {
        Self { weights: weights.clone(), ..self.clone() }
    }

    /// An edit of one provider.
    pub(crate) fn edit(&self, flow: Flow, edit: impl FnOnce(&mut Table)) -> Self {
        let mut edited = self.clone();
        edit(edited.tables.iter_mut().find(|table| table.flow == flow).expect("the provider is there"));
        edited
    }

    /// Some of the providers that are not active take no new sessions.
    pub(crate) fn some_retired(&self, dice: &mut Dice) -> Self {
        let mut edited = self.clone();
        for table in &mut edited.tables {
            let is_named = self.weights.get(&table.flow).is_some_and(|weight| *weight > 0);
            if table.name != self.active && !is_named && dice.pick(&[true, false, false]) {
                table.set("retired", "true");
            }
        }
        edited
    }

    /// Without one provider, and without the line that names it as a successor.
    pub(crate) fn without(&self, flow: Flow) -> Self {
        let mut edited = self.clone();
        edited.tables.retain(|table| table.flow != flow);
        let successor = ("successor".to_owned(), format!("\"{}\"", flow.name()));
        edited.tables.iter_mut().for_each(|table| table.options.retain(|option| *option != successor));
        edited
    }

    /// Edits that are nobody's business but the operator's: the order of the tables, time-outs, a successor, and a default
    /// for those who begin later.
    pub(crate) fn rearranged(&self, dice: &mut Dice) -> Self {
        let mut edited = self.clone();
        dice.shuffle(&mut edited.tables);
        for table in &mut edited.tables {
            match table.flow {
                Flow::Signup if dice.pick(&[true, false]) => table.remove("successor"),
                Flow::Direct => table.set_text("level", dice.pick(&LEVELS)),
                _ => {}
            }
            if dice.pick(&[true, false]) {
                let seconds = dice.throw(20..60u8);
                table.set_text("http.attempt_timeout", &format!("{seconds}s"));
            }
        }
        edited
    }

    pub(crate) fn text(&self) -> String {
        let mut text = format!("active = \"{}\"\n", self.active);
        for Table { name, kind, options, .. } in &self.tables {
            write!(text, "\n[providers.{name}]\nkind = \"{kind}\"\n").unwrap();
            options.iter().for_each(|(option, value)| writeln!(text, "{option} = {value}").unwrap());
        }
        if !self.weights.is_empty() {
            let weight = |(flow, weight): (&Flow, &u32)| format!("{} = {weight}", flow.name());
            let weights: Vec<String> = self.weights.iter().map(weight).collect();
            write!(text, "\n[[routing.rules]]\nsplit = {{ {} }}\n", weights.join(", ")).unwrap();
        }
        text
    }

    pub(crate) fn document(&self) -> ConfigDocument {
        ConfigDocument::from_toml_str(&self.text()).unwrap()
    }

    pub(crate) fn registry(&self) -> Registry {
        Registry::from_toml_str(&self.text()).unwrap()
    }
}
