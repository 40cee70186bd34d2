//! The adapter passes the kit: as every vendor whose description is built in, and as one that configuration alone describes.
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "a test fails by panicking")]

mod deepidv;
mod described;
mod didit;
mod generated;
mod idenfy;
mod persona;
mod plaid;
mod shufti;

idv_conformance::suite!(
    deepidv: deepidv::Deepidv,
    described: described::AcmeVerify,
    persona: persona::Persona,
    didit: didit::Didit,
    idenfy: idenfy::Idenfy,
    shufti: shufti::Shufti,
    plaid: plaid::Plaid,
    document_of_a_made_up_vendor: generated::made_up(),
    document_of_deepidv: generated::deepidv(),
    document_of_didit: generated::didit(),
    document_of_idenfy: generated::idenfy(),
    document_of_persona: generated::persona(),
    document_of_plaid: generated::plaid(),
    document_of_shufti: generated::shufti(),
);
