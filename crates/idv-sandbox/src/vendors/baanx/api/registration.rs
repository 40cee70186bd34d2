//! Registration from the first step, and login (Baanx guides, registration and authentication). Every code that
//! "arrives" by e-mail or text message is [`CODE`].

use axum::Router;
use axum::extract::State as Extract;
use axum::routing::post;
use serde_json::{Map, Value, json};

use crate::answer::Answer;
use crate::call::Call;
use crate::vendors::baanx::Baanx;
use crate::vendors::baanx::api::access::{Refusal, client_key, region, registering};
use crate::vendors::baanx::applicant::Phase;
use crate::vendors::baanx::state::{Contact, State};

/// The six digits of every code.
const CODE: &str = "123456";
/// A contact record lives 10 to 15 minutes (Baanx API reference, Send email verification).
const CONTACT_LIFETIME: i64 = 15 * 60 * 1000;

pub(super) fn router() -> Router<Baanx> {
    Router::new()
        .route("/v1/auth/login", post(login))
        .route("/v1/auth/register/email/send", post(send_email))
        .route("/v1/auth/register/email/verify", post(verify_email))
        .route("/v1/auth/register/phone/send", post(send_phone))
        .route("/v1/auth/register/phone/verify", post(verify_phone))
        .route("/v1/auth/register/personal-details", post(personal_details))
        .route("/v1/auth/register/address", post(address))
        .route("/v1/auth/register/mailing-address", post(mailing_address))
}

type Outcome = Result<Value, Refusal>;
type Fields = Map<String, Value>;

fn answer(outcome: Outcome) -> Answer {
    outcome.map_or_else(Answer::from, |body| Answer::json(200, &body))
}

fn fields(call: &Call) -> Result<Fields, Refusal> {
    call.json().map_err(|why| Refusal(400, why.message()))
}

fn required<'a>(fields: &'a Fields, name: &str) -> Result<&'a str, Refusal> {
    let text = fields.get(name).and_then(Value::as_str).filter(|text| !text.trim().is_empty());
    text.ok_or(Refusal(400, missing(name)))
}

fn missing(name: &str) -> &'static str {
    match name {
        "email" => "email is required",
        "password" => "password is required",
        "verificationCode" => "verificationCode is required",
        "contactVerificationId" => "contactVerificationId is required",
        "countryOfResidence" => "countryOfResidence is required",
        "phoneNumber" => "phoneNumber is required",
        "phoneCountryCode" => "phoneCountryCode is required",
        "firstName" => "firstName is required",
        "lastName" => "lastName is required",
        "dateOfBirth" => "dateOfBirth is required",
        "addressLine1" => "addressLine1 is required",
        "city" => "city is required",
        "zip" => "zip is required",
        _ => "a field is missing",
    }
}

async fn send_email(Extract(baanx): Extract<Baanx>, call: Call) -> Answer {
    let now = baanx.now();
    let mut state = baanx.lock();
    answer(client_key(&state, &call).map(|_| ()).and_then(|()| {
        let fields = fields(&call)?;
        let email = required(&fields, "email")?;
        if !email.contains('@') {
            return Err(Refusal(400, "email must be an e-mail address"));
        }
        let id = state.random.uuid();
        let expires_at = now.saturating_add(CONTACT_LIFETIME);
        state.contacts.insert(id.clone(), Contact { email: email.to_owned(), expires_at });
        Ok(json!({ "contactVerificationId": id }))
    }))
}

async fn verify_email(Extract(baanx): Extract<Baanx>, call: Call) -> Answer {
    let now = baanx.now();
    let capacity = baanx.front.capacity;
    answer(begin(&mut baanx.lock(), &call, capacity, now))
}

fn begin(state: &mut State, call: &Call, capacity: usize, now: i64) -> Outcome {
    let key = client_key(state, call)?.to_owned();
    let region = region(call)?;
    let fields = fields(call)?;
    let email = required(&fields, "email")?;
    let password = required(&fields, "password")?;
    required(&fields, "countryOfResidence")?;
    let contact = state.contacts.get(required(&fields, "contactVerificationId")?);
    let known = contact.is_some_and(|contact| contact.email == email && now < contact.expires_at);
    if !known || required(&fields, "verificationCode")? != CODE {
        return Err(Refusal(400, "Invalid or expired verification code"));
    }
    if state.account(email, region).is_some() {
        return Ok(json!({ "hasAccount": true, "onboardingId": null, "user": null }));
    }
    state.make_room(capacity);
    let id = format!("{}{}", region.prefix(), state.random.uuid());
    state.add_onboarding(&key, region, &id, now);
    let user_id = state.user_id(&id).to_owned();
    state.created.push_back(user_id.clone());
    let external_id = fields.get("userExternalId").and_then(Value::as_str);
    if let Some(applicant) = state.applicants.get_mut(&user_id) {
        email.clone_into(&mut applicant.email);
        password.clone_into(&mut applicant.password);
        applicant.phase = Some(Phase::PhoneNumber);
        applicant.external_id = external_id.map(str::to_owned);
    }
    // The external id counts for more than the e-mail address.
    state.direct(&user_id, email.split('@').next().unwrap_or_default());
    state.direct(&user_id, external_id.unwrap_or_default());
    let user = state.applicants.get(&user_id).map(|user| user.registration(&user_id));
    Ok(json!({ "hasAccount": false, "onboardingId": id, "user": user }))
}

async fn send_phone(Extract(baanx): Extract<Baanx>, call: Call) -> Answer {
    let mut state = baanx.lock();
    answer(client_key(&state, &call).map(|_| ()).and_then(|()| {
        let fields = fields(&call)?;
        required(&fields, "phoneNumber")?;
        required(&fields, "phoneCountryCode")?;
        // Without an onboarding id the contact record says who it is.
        if fields.contains_key("onboardingId") {
            registering(&baanx, &mut state, &call, onboarding_id)?;
        }
        Ok(json!({ "success": true }))
    }))
}

fn onboarding_id(call: &Call) -> Result<Option<String>, Refusal> {
    Ok(fields(call)?.get("onboardingId").and_then(Value::as_str).map(str::to_owned))
}

/// A step of a registration: its fields, and its change of the applicant.
fn advance(
    baanx: &Baanx,
    call: &Call,
    needs: &[&str],
    step: impl FnOnce(&mut State, &str, &str, &Fields, i64) -> Outcome,
) -> Answer {
    let now = baanx.now();
    let mut state = baanx.lock();
    answer(registering(baanx, &mut state, call, onboarding_id).and_then(|user_id| {
        let fields = fields(call)?;
        needs.iter().try_for_each(|name| required(&fields, name).map(|_| ()))?;
        let onboarding = required(&fields, "onboardingId")?.to_owned();
        step(&mut state, &user_id, &onboarding, &fields, now)
    }))
}

fn describe(state: &State, user_id: &str, onboarding: &str, token: Option<Option<String>>) -> Value {
    let user = state.applicants.get(user_id).map(|user| user.registration(user_id));
    let mut body = json!({ "onboardingId": onboarding, "user": user });
    if let Some(token) = token {
        body["accessToken"] = json!(token);
    }
    body
}

async fn verify_phone(Extract(baanx): Extract<Baanx>, call: Call) -> Answer {
    advance(&baanx, &call, &["phoneNumber", "verificationCode"], |state, user, onboarding, fields, _| {
        if required(fields, "verificationCode")? != CODE {
            return Err(Refusal(400, "Invalid or expired verification code"));
        }
        if let Some(applicant) = state.applicants.get_mut(user) {
            required(fields, "phoneNumber")?.clone_into(&mut applicant.phone);
            applicant.phase = Some(Phase::PersonalInformation);
        }
        Ok(describe(state, user, onboarding, None))
    })
}

async fn personal_details(Extract(baanx): Extract<Baanx>, call: Call) -> Answer {
    advance(&baanx, &call, &["firstName", "lastName", "dateOfBirth"], |state, user, onboarding, fields, _| {
        if let Some(applicant) = state.applicants.get_mut(user) {
            let names = (required(fields, "firstName")?.to_owned(), required(fields, "lastName")?.to_owned());
            applicant.given_names = Some(names);
            applicant.phase = Some(Phase::PhysicalAddress);
        }
        Ok(describe(state, user, onboarding, None))
    })
}

async fn address(Extract(baanx): Extract<Baanx>, call: Call) -> Answer {
    advance(&baanx, &call, &["addressLine1", "city", "zip"], |state, user, onboarding, fields, now| {
        let separate = fields.get("isSameMailingAddress") == Some(&Value::Bool(false));
        let us = onboarding.starts_with("US_");
        if us && separate {
            if let Some(applicant) = state.applicants.get_mut(user) {
                applicant.phase = Some(Phase::MailingAddress);
            }
            return Ok(describe(state, user, onboarding, Some(None)));
        }
        finish(state, user, onboarding, now)
    })
}

async fn mailing_address(Extract(baanx): Extract<Baanx>, call: Call) -> Answer {
    advance(&baanx, &call, &["addressLine1", "city", "zip"], |state, user, onboarding, _, now| {
        finish(state, user, onboarding, now)
    })
}

/// The answer to a complete registration: the onboarding id is used up, and there is a token.
fn finish(state: &mut State, user_id: &str, onboarding: &str, now: i64) -> Outcome {
    let names = state.applicants.get(user_id).and_then(|applicant| applicant.given_names.clone());
    let (first, last) = names.ok_or(Refusal(400, "Personal details are missing"))?;
    let user = state.complete_registration(onboarding, &first, &last, now).ok_or(Refusal::NO_ONBOARDING)?;
    Ok(describe(state, user_id, onboarding, Some(Some(user.token))))
}

/// "HTTP 200 even when login is incomplete": then `phase` names the phase of the registration, and there is no token.
async fn login(Extract(baanx): Extract<Baanx>, call: Call) -> Answer {
    let now = baanx.now();
    let mut state = baanx.lock();
    answer(client_key(&state, &call).map(|_| ()).and_then(|()| {
        let region = region(&call)?;
        let fields = fields(&call)?;
        let (email, password) = (required(&fields, "email")?, required(&fields, "password")?);
        let user_id = state.account(email, region).ok_or(Refusal(401, "Invalid credentials"))?;
        let user = state.applicants.get(&user_id).filter(|user| user.password == password);
        let user = user.ok_or(Refusal(401, "Invalid credentials"))?;
        let (phase, phone, verification) = (user.phase, user.phone.clone(), user.state.clone());
        let token = phase.is_none().then(|| state.issue_token(&user_id, region, now));
        Ok(json!({
            "accessToken": token,
            "userId": user_id,
            "isOtpRequired": false,
            "phoneNumber": phone,
            "phase": phase,
            "verificationState": verification,
            "isLinked": false,
        }))
    }))
}
