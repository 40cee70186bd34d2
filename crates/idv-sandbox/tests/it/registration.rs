//! A Baanx applicant from nothing to a card, over HTTP alone.

use idv_sandbox::Sandbox;
use serde_json::{Value, json};

use crate::support::{Answer, HOUR, MINUTE, ask, client, frozen};

async fn post(sandbox: &Sandbox, us: bool, path: &str, body: Value) -> Answer {
    let url = format!("{}/v1/auth/{path}", sandbox.baanx().base_url());
    let request = client().post(url).header("x-client-key", sandbox.baanx().client_key());
    ask(request.header("x-us-env", if us { "true" } else { "false" }).json(&body)).await
}

async fn verify_email(sandbox: &Sandbox, us: bool, email: &str, code: &str) -> Answer {
    let sent = post(sandbox, us, "register/email/send", json!({ "email": email })).await.json();
    let body = json!({
        "email": email, "password": "Secret-1", "verificationCode": code, "countryOfResidence": "GB",
        "contactVerificationId": sent["contactVerificationId"], "allowMarketing": false, "allowSms": false,
        "userExternalId": "case-7",
    });
    post(sandbox, us, "register/email/verify", body).await
}

/// As far as the names; the onboarding id.
async fn register(sandbox: &Sandbox, us: bool, email: &str) -> String {
    let verified = verify_email(sandbox, us, email, "123456").await;
    assert_eq!((verified.status, &verified.json()["hasAccount"]), (200, &json!(false)), "{}", verified.text);
    let id = verified.json()["onboardingId"].as_str().unwrap().to_owned();
    let phone = json!({ "onboardingId": id, "phoneCountryCode": "+44", "phoneNumber": "7000000002" });
    assert_eq!(post(sandbox, us, "register/phone/send", phone.clone()).await.status, 200);
    let mut phone = phone;
    phone["verificationCode"] = json!("123456");
    assert_eq!(
        post(sandbox, us, "register/phone/verify", phone).await.json()["user"]["phoneNumber"],
        "7000000002"
    );
    let started = post(sandbox, us, "register/verification", json!({ "onboardingId": id })).await;
    assert!(started.json()["sessionUrl"].is_string(), "{}", started.text);
    let names = json!({
        "onboardingId": id, "firstName": "Ada", "lastName": "Sample", "dateOfBirth": "1990-01-02",
        "countryOfNationality": "GB",
    });
    assert_eq!(
        post(sandbox, us, "register/personal-details", names).await.json()["user"]["firstName"],
        "Ada"
    );
    id
}

fn address(id: &str) -> Value {
    json!({ "onboardingId": id, "addressLine1": "1 Simulation Street", "city": "London", "zip": "SW1A 1AA" })
}

#[tokio::test]
async fn an_applicant_registers_verifies_and_logs_in() {
    let sandbox = frozen().await;
    let id = register(&sandbox, false, "ada@example.test").await;
    let done = post(&sandbox, false, "register/address", address(&id)).await.json();
    assert_eq!(done["onboardingId"], id.as_str());
    let user_url = format!("{}/v1/user", sandbox.baanx().base_url());
    let token = done["accessToken"].as_str().unwrap();
    let user =
        client().get(&user_url).bearer_auth(token).header("x-client-key", sandbox.baanx().client_key());
    let user = ask(user).await.json();
    assert_eq!((&user["email"], &user["firstName"]), (&json!("ada@example.test"), &json!("Ada")));
    let spent = post(&sandbox, false, "register/verification", json!({ "onboardingId": id })).await;
    assert_eq!((spent.status, spent.json()), (404, json!({ "message": "Onboarding session not found" })));
    let login = json!({ "email": "ada@example.test", "password": "Secret-1" });
    let login = post(&sandbox, false, "login", login).await.json();
    assert_eq!(
        (&login["phase"], &login["userId"], &login["isOtpRequired"]),
        (&json!(null), &user["id"], &json!(false))
    );
    assert_ne!(login["accessToken"], token);
    let again = verify_email(&sandbox, false, "ada@example.test", "123456").await.json();
    assert_eq!(again, json!({ "hasAccount": true, "onboardingId": null, "user": null }));
}

#[tokio::test]
async fn a_login_in_the_middle_is_200_with_the_phase_and_no_token() {
    let sandbox = frozen().await;
    register(&sandbox, false, "ada@example.test").await;
    let login = json!({ "email": "ada@example.test", "password": "Secret-1" });
    let login = post(&sandbox, false, "login", login).await;
    let body = login.json();
    assert_eq!(
        (login.status, &body["phase"], &body["accessToken"]),
        (200, &json!("PHYSICAL_ADDRESS"), &json!(null))
    );
    let wrong = json!({ "email": "ada@example.test", "password": "Guess" });
    assert_eq!(post(&sandbox, false, "login", wrong).await.status, 401);
}

#[tokio::test]
async fn a_separate_mailing_address_in_the_us_delays_the_token() {
    let sandbox = frozen().await;
    let id = register(&sandbox, true, "ada@example.test").await;
    assert!(id.starts_with("US_"));
    let mut home = address(&id);
    home["isSameMailingAddress"] = json!(false);
    let answer = post(&sandbox, true, "register/address", home).await.json();
    assert_eq!(answer["accessToken"], json!(null));
    let done = post(&sandbox, true, "register/mailing-address", address(&id)).await.json();
    assert!(done["accessToken"].as_str().unwrap().starts_with("US_"), "{done}");
}

#[tokio::test]
async fn elsewhere_a_separate_mailing_address_delays_nothing() {
    let sandbox = frozen().await;
    let id = register(&sandbox, false, "ada@example.test").await;
    let mut home = address(&id);
    home["isSameMailingAddress"] = json!(false);
    assert!(post(&sandbox, false, "register/address", home).await.json()["accessToken"].is_string());
}

#[tokio::test]
async fn codes_are_checked_and_run_out() {
    let sandbox = frozen().await;
    let wrong = verify_email(&sandbox, false, "ada@example.test", "654321").await;
    assert_eq!(
        (wrong.status, wrong.json()),
        (400, json!({ "message": "Invalid or expired verification code" }))
    );
    let sent =
        post(&sandbox, false, "register/email/send", json!({ "email": "ada@example.test" })).await.json();
    sandbox.advance(15 * MINUTE);
    let body = json!({
        "email": "ada@example.test", "password": "Secret-1", "verificationCode": "123456", "countryOfResidence": "GB",
        "contactVerificationId": sent["contactVerificationId"],
    });
    assert_eq!(post(&sandbox, false, "register/email/verify", body).await.status, 400);
}

#[tokio::test]
async fn a_registration_runs_out_after_an_hour() {
    let sandbox = frozen().await;
    let id = register(&sandbox, false, "ada@example.test").await;
    sandbox.advance(HOUR);
    let late = post(&sandbox, false, "register/address", address(&id)).await;
    assert_eq!((late.status, late.json()), (400, json!({ "message": "Invalid onboarding ID" })));
}

#[tokio::test]
async fn missing_fields_and_authorization_are_refused() {
    let sandbox = frozen().await;
    let missing = post(&sandbox, false, "register/email/send", json!({})).await;
    assert_eq!((missing.status, missing.json()), (400, json!({ "message": "email is required" })));
    let id = register(&sandbox, false, "ada@example.test").await;
    let url = format!("{}/v1/auth/register/address", sandbox.baanx().base_url());
    let request = client().post(url).header("x-client-key", sandbox.baanx().client_key()).bearer_auth("x");
    assert_eq!(ask(request.json(&address(&id))).await.status, 400);
}

#[tokio::test]
async fn the_part_before_the_at_sign_scripts_a_registration_without_external_id() {
    let sandbox = frozen().await;
    let sent =
        post(&sandbox, false, "register/email/send", json!({ "email": "ada-approve@example.test" })).await;
    let body = json!({
        "email": "ada-approve@example.test", "password": "Secret-1", "verificationCode": "123456",
        "countryOfResidence": "GB", "contactVerificationId": sent.json()["contactVerificationId"],
    });
    let id = post(&sandbox, false, "register/email/verify", body).await.json()["onboardingId"].clone();
    post(&sandbox, false, "register/verification", json!({ "onboardingId": id })).await;
    let url =
        format!("{}/v1/auth/register?onboardingId={}", sandbox.baanx().base_url(), id.as_str().unwrap());
    for expected in ["PENDING", "VERIFIED"] {
        let look = client().get(&url).header("x-client-key", sandbox.baanx().client_key());
        assert_eq!(ask(look).await.json()["verificationState"], expected);
    }
}
