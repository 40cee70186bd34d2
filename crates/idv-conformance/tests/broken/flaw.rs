//! What can be wrong with an adapter, and which family has to notice.

/// Declares the flaws with the family that has to fail, and makes a test of each.
macro_rules! flaws {
    ($($family:ident { $($(#[$meta:meta])* $flaw:ident $test:ident)+ })+) => {
        /// One thing that is wrong with the adapter.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(crate) enum Flaw {
            $($($(#[$meta])* $flaw,)+)+
        }

        $(mod $family {
            $(#[test]
            fn $test() {
                crate::fails_in(super::Flaw::$flaw, stringify!($family));
            })+
        })+
    };
}

flaws! {
    contract {
        /// The capabilities deny what works.
        DeniesRefresh denies_refresh
        /// The capabilities promise a token that no session has.
        PromisesTokens promises_tokens
        /// Two callers share the place where the session is kept that was asked about.
        MixesAnswersUp mixes_answers_up
        /// A caller that goes away leaves the door locked.
        StaysBusy stays_busy
        /// An import opens a link on the way.
        RenewsAtEveryImport renews_at_every_import
    }
    start {
        /// A missing input is made up.
        InventsTheEmail invents_the_email
        /// A start without a return URL fails, though nobody was told that it is needed.
        NeedsMoreThanItSays needs_more_than_it_says
        /// The first problem hides the others.
        TellsOneProblem tells_one_problem
        /// Applicants are written to unasked.
        InvitesEverybody invites_everybody
        /// What the vendor has no place for is dropped in silence.
        HidesUnusedInputs hides_unused_inputs
        /// A reference of another provider is as good as one's own.
        TakesForeignReferences takes_foreign_references
        /// A fresh link is that of any reference.
        RenewsForeignReferences renews_foreign_references
        /// A fresh link comes under another reference.
        RenamesRenewedSessions renames_renewed_sessions
    }
    status {
        /// A word that nobody knows is an approval.
        ApprovesUnknownWords approves_unknown_words
        /// Submitted is taken for approved.
        ReadsSubmittedAsApproved reads_submitted_as_approved
        /// The documentation is made of another table than the code.
        ShowsAnotherTable shows_another_table
        /// Nobody looks at whom the vendor answers about.
        ExpectsNobody expects_nobody
        /// An import of a word that nobody knows is an approval.
        ApprovesUnknownImports approves_unknown_imports
        /// Where nothing is found, that is an error.
        FailsWhereNothingIsFound fails_where_nothing_is_found
        /// Of several sessions only the first is found.
        FindsTheFirstOnly finds_the_first_only
        /// The ids of the vendor are dropped.
        DropsTheIds drops_the_ids
    }
    errors {
        /// A vendor that is down says that all is as it was.
        SwallowsServerErrors swallows_server_errors
        /// A session that is not found was rejected.
        ReadsNotFoundAsRejected reads_not_found_as_rejected
        /// The key goes to whoever the vendor's server names.
        FollowsRedirects follows_redirects
        /// A lost answer is reported as a request that was never sent.
        ClaimsNothingWasSent claims_nothing_was_sent
        /// The text of an error holds the address.
        PrintsAddresses prints_addresses
        /// A duplicate may be sent again, though it will be one again.
        RepeatsDuplicates repeats_duplicates
    }
    retry {
        /// A start whose answer was lost is sent again, under another key.
        RepeatsBlindly repeats_blindly
        /// All refreshes have one key.
        ReusesTheKey reuses_the_key
    }
    webhook {
        /// The signature is looked at, and nothing follows.
        BelievesEverybody believes_everybody
        /// Without a secret everything is authentic.
        BelievesWithoutSecrets believes_without_secrets
        /// An old webhook is as good as a new one.
        TakesStaleWebhooks takes_stale_webhooks
        /// An event of another type is an error, which the vendor repeats for ever.
        RefusesOtherEvents refuses_other_events
        /// The body is read before it is known to be authentic.
        ReadsBeforeVerifying reads_before_verifying
        /// A word that nobody knows is an approval.
        ApprovesUnknownEvents approves_unknown_events
        /// Every delivery has an id of its own.
        ForgetsEventIds forgets_event_ids
        /// An event of another type is ignored before it is known to be authentic.
        ReadsTheTypeBeforeVerifying reads_the_type_before_verifying
        /// Our word stands where the vendor's own belongs.
        TranslatesTheWordsOfEvents translates_the_words_of_events
        /// The refusal of a webhook does not say whose it was.
        NamesNobodyInRefusals names_nobody_in_refusals
    }
    redirect {
        /// Whatever session the URL names is taken for the expected one.
        TrustsTheRedirect trusts_the_redirect
        /// A claim that nobody knows is taken for a submission.
        BelievesUnknownClaims believes_unknown_claims
        /// Of a repeated parameter the last one counts.
        TakesRepeatedParameters takes_repeated_parameters
        /// Of a repeated reason the last one counts.
        TakesRepeatedReasons takes_repeated_reasons
    }
    time {
        /// An expiry is counted from the clock of the machine.
        UsesTheMachinesClock uses_the_machines_clock
        /// Nobody looks at `Retry-After`.
        IgnoresRetryAfter ignores_retry_after
        /// A fresh link is waited for beyond the deadline.
        IgnoresTheDeadlineOfRefreshes ignores_the_deadline_of_refreshes
        /// A search goes on beyond the deadline.
        IgnoresTheDeadlineOfSearches ignores_the_deadline_of_searches
        /// An import is waited for beyond the deadline.
        IgnoresTheDeadlineOfImports ignores_the_deadline_of_imports
    }
    privacy {
        /// `Debug` shows the key.
        PrintsTheKey prints_the_key
        /// What the vendor wrote is kept as the cause of an error.
        KeepsTheVendorsText keeps_the_vendors_text
        /// The link is logged.
        LogsTheLink logs_the_link
        /// What the vendor wrote beside a refusal is logged.
        LogsRefusals logs_refusals
        /// The refusal of a return URL holds the URL.
        PrintsTheReturnUrl prints_the_return_url
        /// A webhook that cannot be read is logged.
        LogsUnreadableWebhooks logs_unreadable_webhooks
    }
    config {
        /// A misspelt key is skipped in silence.
        IgnoresUnknownKeys ignores_unknown_keys
        /// A problem repeats the value.
        RepeatsValues repeats_values
        /// An empty key is good enough.
        TakesEmptySecrets takes_empty_secrets
        /// Nobody looks at the limit of an answer and at the proxy.
        IgnoresTheHttpOptions ignores_the_http_options
    }
}
