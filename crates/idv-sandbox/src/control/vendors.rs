//! The vendors' addresses, keys and secrets.

use axum::Json;
use axum::extract::State;
use serde::{Serialize, Serializer};
use utoipa::ToSchema;
use utoipa::openapi::schema::{ObjectBuilder, Type};
use utoipa::openapi::{Object, OpenApi, Ref};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::json_routes::{Outcome, Refusals};
use crate::profile::{Credentials, Profile};
use crate::simulated_vendor::Registration;
use crate::simulation::Simulation;

pub(super) fn router() -> OpenApiRouter<Simulation> {
    OpenApiRouter::new().routes(routes!(health)).routes(routes!(describe))
}

/// The health of the sandbox.
#[derive(Debug, Serialize, ToSchema)]
struct Health {
    /// Always `ok`.
    status: &'static str,
}

/// Says that the sandbox is running
#[utoipa::path(get, path = "/health", tag = "sandbox", responses((status = 200, body = Health), Refusals))]
async fn health() -> Outcome<Health> {
    Ok(Json(Health { status: "ok" }))
}

/// All vendors.
#[derive(Debug, Serialize, ToSchema)]
#[schema(value_type = Object)]
struct Vendors(Fields<Fields<String>>);

/// The fields of an object, in their order.
#[derive(Debug)]
struct Fields<T>(Vec<(String, T)>);

impl<T: Serialize> Serialize for Fields<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(name, value)| (name, value)))
    }
}

/// Lists the vendors' base URLs, keys and secrets
#[utoipa::path(get, path = "/vendors", tag = "sandbox", responses((status = 200, body = Vendors), Refusals))]
async fn describe(State(simulation): State<Simulation>) -> Outcome<Vendors> {
    let vendors = simulation.vendors.iter().map(|vendor| {
        let profile = vendor.runtime().front.profile;
        let names = profile.credentials.names.iter().map(|name| (*name).to_owned());
        (field(profile), Fields(names.zip(vendor.credentials()).collect()))
    });
    Ok(Json(Vendors(Fields(vendors.collect()))))
}

/// The name of a vendor among the fields of the answer.
fn field(profile: &Profile) -> String {
    profile.vendor.as_str().replace('-', "_")
}

/// Adds the vendors to the document: their names, their credentials and their own routes.
pub(super) fn add_to(document: &mut OpenApi, registrations: &[Registration]) {
    let mut all = object("All vendors.");
    for Registration { profile, document: own, .. } in registrations {
        let Credentials { schema, description, names } = profile.credentials;
        let text = |object: ObjectBuilder, name: &&str| {
            object.property(*name, Object::with_type(Type::String)).required(*name)
        };
        add(document, schema, names.iter().fold(object(description), text));
        let field = field(profile);
        all = all.property(&field, Ref::from_schema_name(schema)).required(&field);
        document.merge(own());
    }
    add(document, "Vendors", all);
    let names = registrations.iter().map(|registration| registration.profile.vendor.as_str());
    let vendor = ObjectBuilder::new().schema_type(Type::String).enum_values(Some(names));
    add(document, "Vendor", vendor.description(Some("One of the simulated vendors.")));
}

fn object(description: &str) -> ObjectBuilder {
    ObjectBuilder::new().schema_type(Type::Object).description(Some(description))
}

/// Adds a schema, in place of any of this name.
fn add(document: &mut OpenApi, name: &str, schema: ObjectBuilder) {
    let components = document.components.get_or_insert_default();
    components.schemas.insert(name.to_owned(), schema.into());
}
