//! Circles that are being opened. The list only grows shorter.

/// The files or folders of one circle, sorted, by their paths below `src`.
pub(crate) struct Known {
    pub(crate) package: &'static str,
    pub(crate) members: &'static [&'static str],
}

pub(crate) const KNOWN: &[Known] = &[
    Known { package: "idv", members: &["builder.rs", "counted.rs", "origin.rs", "registry.rs"] },
    Known {
        package: "idv",
        members: &["health/at_home.rs", "health/at_vendor.rs", "health/in_use.rs", "health.rs"],
    },
    Known { package: "idv", members: &["layers/observe/call.rs", "layers/observe/observer.rs"] },
    Known { package: "idv", members: &["watching/driver.rs", "watching/handle.rs", "watching.rs"] },
    Known { package: "idv", members: &["config", "layers", "routing"] },
    Known {
        package: "idv-core",
        members: &[
            "profile.rs",
            "provider.rs",
            "request/check.rs",
            "request/find.rs",
            "request/import.rs",
            "request/refresh.rs",
            "request/start.rs",
            "request.rs",
            "response.rs",
            "session.rs",
            "verification.rs",
            "webhook.rs",
        ],
    },
    Known {
        package: "idv-core",
        members: &["secret_slip/phrase.rs", "secret_slip/reference.rs", "secret_slip.rs"],
    },
    Known { package: "idv-http", members: &["json/object.rs", "json/value.rs"] },
    Known {
        package: "idv-conformance",
        members: &["storyline/player.rs", "storyline/stage.rs", "storyline/stories.rs", "storyline/trace.rs"],
    },
    Known {
        package: "idv-sandbox",
        members: &[
            "baanx/access.rs",
            "baanx/mod.rs",
            "baanx/registration.rs",
            "baanx/routes.rs",
            "baanx/webhook_endpoints.rs",
        ],
    },
    Known { package: "idv-sandbox", members: &["baanx/applicant.rs", "baanx/state.rs"] },
    Known {
        package: "idv-sandbox",
        members: &[
            "nxos/authorizations.rs",
            "nxos/mod.rs",
            "nxos/operation.rs",
            "nxos/routes.rs",
            "nxos/webhook_endpoints.rs",
            "pages/websdk.rs",
        ],
    },
    Known { package: "idv-sandbox", members: &["nxos/idempotency.rs", "nxos/state.rs"] },
    Known {
        package: "idv-sandbox",
        members: &[
            "session_api/access.rs",
            "session_api/mod.rs",
            "session_api/routes.rs",
            "session_api/workflows.rs",
        ],
    },
    Known {
        package: "idv-sandbox",
        members: &["session_api/create.rs", "session_api/record.rs", "session_api/state.rs"],
    },
    Known { package: "idv-sandbox", members: &["nxos", "pages"] },
    Known {
        package: "idv-cli",
        members: &[
            "commands/doctor.rs",
            "commands/providers.rs",
            "commands/route.rs",
            "commands/watch.rs",
            "commands/webhook.rs",
            "commands.rs",
        ],
    },
    Known { package: "idv-cli", members: &["compare/flows.rs", "compare/latency.rs"] },
    Known { package: "idv-cli", members: &["compare/migration/changes.rs", "compare/migration.rs"] },
    Known {
        package: "idv-cli",
        members: &[
            "demo/baanx_registration.rs",
            "demo/baanx_user.rs",
            "demo/nxos.rs",
            "demo/session_api.rs",
            "demo/stage.rs",
            "demo.rs",
        ],
    },
    Known { package: "idv-cli", members: &["failure.rs", "output.rs"] },
];
