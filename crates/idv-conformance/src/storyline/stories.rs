//! The scripts.

use idv_core::{NextAction, Retry, VerificationProvider, VerificationReason};

use super::player::{Looked, Player, Step, Stop};
use super::{Act, Mishap, Stage, StageError, Storyline, Trace};

/// An undocumented word.
const NEW_WORD: &str = "ESCALATED";

impl Storyline {
    /// Plays the script for a fresh applicant. Failures of the provider are beats of the trace.
    ///
    /// # Errors
    /// [`StageError`] where the stage itself broke.
    pub async fn play(
        self,
        stage: &dyn Stage,
        provider: &dyn VerificationProvider,
    ) -> Result<Trace, StageError> {
        let mut player = Player::enter(stage, provider).await?;
        match self.script(&mut player).await {
            Ok(()) | Err(Stop::Ended) => Ok(Trace::new(self, stage.flow(), player.into_beats())),
            Err(Stop::Broken(error)) => Err(error),
        }
    }

    async fn script(self, player: &mut Player<'_>) -> Step {
        match self {
            Self::HappyPath => happy_path(player).await,
            Self::RejectedThenRetried => rejected_then_retried(player).await,
            Self::Resubmission => resubmission(player).await,
            Self::ManualHold => manual_hold(player).await,
            Self::Abandoned => abandoned(player).await,
            Self::Expired => expired(player).await,
            Self::LostAnswer => lost_answer(player).await,
            Self::WebhookBeforeRedirect => webhook_before_redirect(player).await,
            Self::LostWebhook => lost_webhook(player).await,
            Self::DuplicateAndReorderedWebhooks => duplicate_and_reordered_webhooks(player).await,
            Self::LateContradiction => late_contradiction(player).await,
            Self::LapsedApproval => lapsed_approval(player).await,
            Self::UnknownWord => unknown_word(player).await,
        }
    }
}

async fn happy_path(player: &mut Player<'_>) -> Step {
    player.start("starts").await?;
    player.webhooks("gets the webhook of the start").await?;
    player.check("after the start").await?;
    player.act(Act::Open).await?;
    player.check("after the opening").await?;
    player.act(Act::Submit).await?;
    player.webhooks("gets the webhook of the submission").await?;
    player.come_back("reads the return URL")?;
    player.check("after the submission").await?;
    player.act(Act::Approve).await?;
    player.webhooks("gets the webhook of the decision").await?;
    player.check("after the decision").await.map(drop)
}

/// Submits a session, up to the webhooks of the submission.
async fn submitted(player: &mut Player<'_>) -> Step {
    player.start("starts").await?;
    player.act(Act::Open).await?;
    player.act(Act::Submit).await?;
    player.webhooks("gets the webhooks so far").await
}

async fn rejected_then_retried(player: &mut Player<'_>) -> Step {
    submitted(player).await?;
    player.act(Act::Reject { reason: VerificationReason::FaceMismatch }).await?;
    player.webhooks("gets the webhook of the decision").await?;
    let action = player.check("after the decision").await?;
    if !retried(player, &action).await? {
        return Ok(());
    }
    player.act(Act::Submit).await?;
    player.check("after the second submission").await?;
    player.act(Act::Approve).await?;
    player.check("after the second decision").await.map(drop)
}

/// Tries again as the action says; false if this flow has no second try.
async fn retried(player: &mut Player<'_>, action: &NextAction) -> Step<bool> {
    match action {
        NextAction::RetryWithNewSession { via: Some(_), .. } => {
            player.remark("goes on elsewhere", "the next try belongs to another provider");
            Ok(false)
        }
        NextAction::RetryWithNewSession { cooldown, via: None } => {
            if let Some(wait) = cooldown {
                player.cool_down(*wait).await?;
            }
            player.start("starts a new session").await?;
            Ok(true)
        }
        // The same session goes on: at this vendor a rejection is one more try.
        NextAction::ResumeSession => player.refresh("asks for a fresh link").await,
        NextAction::ContactSupport => {
            player.remark("stops", "a person has to talk to the vendor");
            Ok(false)
        }
        _ => Ok(false),
    }
}

async fn resubmission(player: &mut Player<'_>) -> Step {
    submitted(player).await?;
    if !player.act(Act::RequireResubmission).await? {
        player.act(Act::Reject { reason: VerificationReason::DocumentUnreadable }).await?;
        player.webhooks("gets the webhook of the decision").await?;
        let action = player.check("after the decision").await?;
        return retried(player, &action).await.map(drop);
    }
    player.webhooks("gets the webhook of the request").await?;
    let action = player.check("after the request").await?;
    if !player.resume(&action).await? {
        return Ok(());
    }
    player.act(Act::Submit).await?;
    player.check("after the second submission").await?;
    player.act(Act::Approve).await?;
    player.check("after the decision").await.map(drop)
}

async fn manual_hold(player: &mut Player<'_>) -> Step {
    submitted(player).await?;
    player.act(Act::Hold).await?;
    player.webhooks("gets the webhook of the hold").await?;
    player.check("during the review").await?;
    player.act(Act::Approve).await?;
    player.webhooks("gets the webhook of the decision").await?;
    player.check("after the decision").await.map(drop)
}

async fn abandoned(player: &mut Player<'_>) -> Step {
    player.start("starts").await?;
    player.act(Act::Open).await?;
    player.act(Act::Leave).await?;
    player.come_back("reads the return URL")?;
    player.check("after the leaving").await?;
    player.reopen().await?;
    player.act(Act::Submit).await?;
    player.check("after the submission").await.map(drop)
}

async fn expired(player: &mut Player<'_>) -> Step {
    player.start("starts").await?;
    player.webhooks("gets the webhook of the start").await?;
    player.act(Act::Expire).await?;
    player.webhooks("gets the webhook of the expiry").await?;
    let action = player.check("after the expiry").await?;
    if action == NextAction::StartSession {
        player.start("starts a new session").await?;
    } else if !player.refresh("asks for a fresh link").await? {
        return Ok(());
    }
    player.act(Act::Submit).await?;
    player.check("after the submission").await.map(drop)
}

async fn lost_answer(player: &mut Player<'_>) -> Step {
    if !player.arrange(Mishap::LostAnswer).await? {
        return Ok(());
    }
    if let Err((request, error)) = player.try_start("starts").await {
        match error.retry() {
            Retry::Allowed { .. } => player.repeat(&request).await?,
            Retry::AfterCheck => match player.look().await? {
                Looked::Found => player.reopen().await?,
                Looked::Absent => player.start("starts again, as there is no session").await?,
                Looked::Unknowable => {
                    player.remark("stops", "a session may exist, and only a webhook can tell");
                    return player.count().await;
                }
            },
            _ => player.remark("stops", "the start must not be repeated"),
        }
    }
    player.check("in the end").await?;
    player.count().await
}

async fn webhook_before_redirect(player: &mut Player<'_>) -> Step {
    submitted(player).await?;
    player.act(Act::Approve).await?;
    player.webhooks("gets the webhook of the decision").await?;
    player.check("because of the webhook").await?;
    player.come_back("reads the return URL, late")?;
    player.check("because of the return").await.map(drop)
}

async fn lost_webhook(player: &mut Player<'_>) -> Step {
    submitted(player).await?;
    player.arrange(Mishap::WebhookLost).await?;
    player.act(Act::Approve).await?;
    player.webhooks("gets the webhook of the decision").await?;
    player.check("as its poll is due").await.map(drop)
}

async fn duplicate_and_reordered_webhooks(player: &mut Player<'_>) -> Step {
    player.arrange(Mishap::WebhookOvertaken).await?;
    player.arrange(Mishap::WebhookTwice).await?;
    player.start("starts").await?;
    player.act(Act::Open).await?;
    player.act(Act::Submit).await?;
    player.act(Act::Approve).await?;
    player.webhooks("gets a webhook").await?;
    player.check("after the webhooks").await.map(drop)
}

async fn late_contradiction(player: &mut Player<'_>) -> Step {
    submitted(player).await?;
    player.act(Act::Approve).await?;
    player.webhooks("gets the webhook of the approval").await?;
    player.check("after the approval").await?;
    player.act(Act::Reject { reason: VerificationReason::FraudSuspected }).await?;
    player.webhooks("gets the webhook of the rejection").await?;
    player.check("after the rejection").await.map(drop)
}

async fn lapsed_approval(player: &mut Player<'_>) -> Step {
    submitted(player).await?;
    player.act(Act::Approve).await?;
    player.webhooks("gets the webhook of the approval").await?;
    player.check("after the approval").await?;
    player.act(Act::Lapse).await?;
    player.webhooks("gets the webhook of the lapse").await?;
    let action = player.check("later").await?;
    if action == NextAction::ResumeSession {
        player.refresh("asks for a fresh link").await?;
    }
    Ok(())
}

async fn unknown_word(player: &mut Player<'_>) -> Step {
    submitted(player).await?;
    player.act(Act::Say { word: NEW_WORD.into() }).await?;
    player.webhooks("gets the webhook of the new word").await?;
    player.check("after the new word").await?;
    player.act(Act::Approve).await?;
    player.webhooks("gets the webhook of the decision").await?;
    player.check("after the decision").await.map(drop)
}
