//! The configuration as an operator edits it: as text.

use std::collections::BTreeMap;
use std::fmt::Write;

use idv::config::ConfigDocument;
use idv::{ProviderId, Registry};

use crate::dice::Dice;

/// The providers. Two are of one kind, and two are flows of one vendor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Flow {
    Primary,
    Europe,
    Cards,
    Signup,
    Sessions,
}

impl Flow {
    pub(crate) const ALL: [Self; 5] =
        [Self::Primary, Self::Europe, Self::Cards, Self::Signup, Self::Sessions];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Primary => "primary",
            Self::Europe => "europe",
            Self::Cards => "cards",
            Self::Signup => "signup",
            Self::Sessions => "sessions",
        }
    }

    pub(crate) fn id(self) -> ProviderId {
        self.name().parse().unwrap()
    }

    pub(crate) fn kind(self) -> &'static str {
        match self {
            Self::Primary | Self::Europe => "nxos",
            Self::Cards => "baanx-user",
            Self::Signup => "baanx-registration",
            Self::Sessions => "session-api",
        }
    }

    pub(crate) fn named(id: &ProviderId) -> Self {
        let found = Self::ALL.into_iter().find(|flow| flow.name() == id.as_str());
        found.unwrap_or_else(|| panic!("no flow is called {id}"))
    }
}

/// The table of one provider.
#[derive(Debug, Clone)]
pub(crate) struct Table {
    pub(crate) flow: Flow,
    pub(crate) name: String,
    pub(crate) kind: String,
    pub(crate) base_url: String,
    pub(crate) key: String,
    pub(crate) webhook_secrets: Vec<String>,
    /// Further lines, those of the `http` table last.
    pub(crate) more: Vec<String>,
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
                table.more.insert(0, "retired = true".to_owned());
            }
        }
        edited
    }

    /// Without one provider, and without the line that names it as a successor.
    pub(crate) fn without(&self, flow: Flow) -> Self {
        let mut edited = self.clone();
        edited.tables.retain(|table| table.flow != flow);
        let successor = format!("successor = \"{}\"", flow.name());
        edited.tables.iter_mut().for_each(|table| table.more.retain(|line| *line != successor));
        edited
    }

    /// Edits that are nobody's business but the operator's: the order of the tables, time-outs, and a successor.
    pub(crate) fn rearranged(&self, dice: &mut Dice) -> Self {
        let mut edited = self.clone();
        dice.shuffle(&mut edited.tables);
        for table in &mut edited.tables {
            if table.flow == Flow::Signup && dice.pick(&[true, false]) {
                table.more.clear();
            }
            if dice.pick(&[true, false]) {
                let seconds = dice.throw(20..60u8);
                table.more.push(format!("http.attempt_timeout = \"{seconds}s\""));
            }
        }
        edited
    }

    pub(crate) fn text(&self) -> String {
        let mut text = format!("active = \"{}\"\n", self.active);
        for Table { name, kind, base_url, key, webhook_secrets, more, .. } in &self.tables {
            let key_name = if kind.starts_with("baanx") { "client_key" } else { "api_key" };
            let preset = if kind == "session-api" { "preset = \"deepidv\"\n" } else { "" };
            let more = more.join("\n");
            write!(
                text,
                "\n[providers.{name}]\nkind = \"{kind}\"\n{preset}base_url = \"{base_url}\"\n{key_name} = \"{key}\"\n\
                 webhook_secrets = {webhook_secrets:?}\n{more}\n"
            )
            .unwrap();
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
