//! The effect of a changed configuration on sessions in flight.

use idv_core::ConfigProblem;

use super::ParsedConfig;

/// Problems for sessions in flight when `old` becomes `new`: a provider that is dropped, or whose kind changes in place.
/// Their references would name no provider, or another one.
#[must_use]
pub fn orphaned_sessions(old: &ParsedConfig, new: &ParsedConfig) -> Vec<ConfigProblem> {
    let mut warnings = Vec::new();
    for before in &old.providers {
        let path = format!("providers.{}", before.id);
        match new.providers.iter().find(|after| after.id == before.id) {
            None => warnings.push(ConfigProblem::new(
                path,
                "is dropped: references of its sessions would name no provider. Keep it with `retired = true` until they are \
                 settled",
            )),
            Some(after) if after.kind != before.kind => {
                let mut warning = after.kind_location.clone();
                "the kind changed in place: sessions of the old kind would be asked about at the new one. Give the new \
                 provider an id of its own"
                    .clone_into(&mut warning.message);
                warnings.push(warning);
            }
            Some(_) => {}
        }
    }
    warnings
}
