//! Events (OpenAPI specification of Onfido, `webhook_event`). Onfido gives them no id of their own.

use serde_json::{Value, json};

use crate::clock::iso_seconds;
use crate::front::Front;
use crate::vendors::onfido::run::Run;
use crate::webhooks::Event;

/// The one event about a run as a whole.
pub(crate) fn completed(run: &Run, front: &Front, has_resource: bool, now: i64) -> Event {
    let object = json!({
        "id": run.id,
        "status": run.status,
        "completed_at_iso8601": iso_seconds(run.ended_at.unwrap_or(now)),
        "href": href(run, front),
    });
    let mut payload =
        json!({ "resource_type": "workflow_run", "action": "workflow_run.completed", "object": object });
    if has_resource {
        let mut resource = run.printed(front);
        if let Some(members) = resource.as_object_mut() {
            members.remove("sdk_token");
        }
        payload["resource"] = resource;
    }
    event(run, &payload)
}

/// An event about the task of the applicant, whose status is not that of the run.
pub(crate) fn submitted(run: &Run, front: &Front, now: i64) -> Event {
    let task = "document_photo_1";
    let object = json!({
        "id": task,
        "task_spec_id": task,
        "task_def_id": "upload_document_photo",
        "workflow_run_id": run.id,
        "status": "completed",
        "completed_at_iso8601": iso_seconds(now),
        "href": format!("{}/tasks/{task}", href(run, front)),
    });
    let resource = json!({
        "id": task, "task_def_id": "upload_document_photo", "workflow_run_id": run.id, "input": {}, "output": {},
        "created_at": iso_seconds(run.created_at), "updated_at": iso_seconds(now),
    });
    let payload = json!({
        "resource_type": "workflow_task", "action": "workflow_task.completed", "object": object, "resource": resource,
    });
    event(run, &payload)
}

fn href(run: &Run, front: &Front) -> String {
    format!("{}/v3.6/workflow_runs/{}", front.base_url, run.id)
}

fn event(run: &Run, payload: &Value) -> Event {
    Event {
        id: String::new(),
        event_type: payload["action"].as_str().unwrap_or_default().to_owned(),
        subject: run.id.clone(),
        body: json!({ "payload": payload }).to_string().into_bytes(),
        lost: run.no_webhook,
    }
}
