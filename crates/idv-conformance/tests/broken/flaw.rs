//! What can be wrong with an adapter, and which family has to notice.

/// Declares the flaws with the family that has to fail, and where `=>` names it the only check that has to, and makes a test of each.
macro_rules! flaws {
    ($($family:ident { $($(#[$meta:meta])* $flaw:ident $test:ident $(=> $check:ident)?)+ })+) => {
        /// One thing that is wrong with the adapter.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(crate) enum Flaw {
            $($($(#[$meta])* $flaw,)+)+
        }

        $(mod $family {
            $(#[test]
            fn $test() {
                crate::fails_in(super::Flaw::$flaw, stringify!($family), None$(.or(Some(stringify!($check))))?);
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
        /// A call keeps the thread, and everything else on it waits.
        BlocksTheThread blocks_the_thread
        /// A byte-order mark before a list makes it unreadable.
        ChokesOnMarks chokes_on_marks
        /// What nobody needs has to be readable too.
        ReadsAllOfAnAnswer reads_all_of_an_answer
        /// The signature of a request leaves out its query.
        SignsThePathAlone signs_the_path_alone
        /// The signature is over the body as it would be written again.
        SignsAnotherBody signs_another_body
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
        /// The applicant gets the application's own key for a token.
        HandsTheKeyOut hands_the_key_out
        /// What stands around a return URL is taken away in silence.
        MendsUrls mends_urls
        /// A return URL is passed on as it was written, blanks and all.
        PassesUrlsOn passes_urls_on
        /// A return URL may have a parameter already that the vendor appends.
        AppendsWhatIsThere appends_what_is_there
        /// The vendor is not told the application's reference.
        SendsNoReference sends_no_reference => references_are_sent
        /// The vendor is told the same reference in every start.
        SendsOneReference sends_one_reference => references_are_sent
        /// A check is made of the same person in every start.
        ChecksOnePerson checks_one_person => later_requests_name_what_earlier_ones_gave
        /// The link is that of the same check in every start.
        LinksOneCheck links_one_check => later_requests_name_what_earlier_ones_gave
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
        /// Whom an answer names is never compared with whom was asked about.
        ComparesNobody compares_nobody
        /// An id that is a number is none.
        TakesNoNumbers takes_no_numbers
        /// An error with a word of the vendor's in it is a state.
        TakesErrorsForStates takes_errors_for_states
        /// Of two members with one name the last one counts.
        LastNameWins last_name_wins
        /// A time that cannot be read costs the state.
        NeedsDetails needs_details
        /// A list's record of another reference is as good as one's own.
        FindsSomebodyElse finds_somebody_else
        /// A list's record without an id is passed over in silence.
        PassesOverRecords passes_over_records
        /// The first page of a list is taken for the whole.
        ReadsOnePage reads_one_page
    }
    ending {
        /// A cancellation whose answer was lost cannot be repeated.
        CancelsOnceOnly cancels_once_only
        /// Who was cancelled seems to have left.
        CallsCancelledAbandoned calls_cancelled_abandoned
        /// An erasure that is under way is told as done.
        ErasesTooSoon erases_too_soon
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
        /// The page of a gateway is taken for the vendor's word on the credential.
        BelievesPages believes_pages
        /// A request that timed out on the way is never repeated.
        GivesUpAfterTimeOuts gives_up_after_time_outs
        /// Of an operation of two requests, the second one seems never to be sent.
        CountsTheFirstRequestAlone counts_the_first_request_alone
        /// A check is made although the person was not.
        GoesOnAfterAFailedStep goes_on_after_a_failed_step
        /// A token that the vendor could not give is taken for one that it refused.
        BlamesTheKeyForAMissingToken blames_the_key_for_a_missing_token => a_refused_step_ends_the_operation
        /// Nobody learns what an answer was that is no good.
        HidesWhatTheAnswerWas hides_what_the_answer_was
        /// A sentence that cannot be read hides the code beside it.
        ReadsWholeErrorsOnly reads_whole_errors_only
    }
    retry {
        /// A start whose answer was lost is sent again, under another key.
        RepeatsBlindly repeats_blindly
        /// A start begins from the front where the answer to its last call was lost.
        StartsOverAfterALostStep starts_over_after_a_lost_step
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
        /// A byte-order mark makes an event unreadable.
        ChokesOnMarksOfEvents chokes_on_marks_of_events
        /// What nobody needs of an event has to be readable too.
        ReadsAllOfAnEvent reads_all_of_an_event
        /// Of two members with one name the last one counts.
        LastNameOfAnEventWins last_name_of_an_event_wins
        /// Of two words that contradict each other the first one counts.
        BelievesTheFirstWord believes_the_first_word
        /// An event has the time of its delivery.
        ForgetsTheTimeOfEvents forgets_the_time_of_events => events_keep_their_time
        /// A list of signatures that a proxy has joined is refused.
        KnowsNoCommas knows_no_commas
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
        /// A date counts from here, whatever time it is at the vendor.
        TrustsItsOwnClock trusts_its_own_clock
        /// A fresh link is waited for beyond the deadline.
        IgnoresTheDeadlineOfRefreshes ignores_the_deadline_of_refreshes
        /// A search goes on beyond the deadline.
        IgnoresTheDeadlineOfSearches ignores_the_deadline_of_searches
        /// The link of a new check is waited for beyond the deadline.
        IgnoresTheDeadlineOfLinks ignores_the_deadline_of_links => deadlines_end_every_request
        /// Each request of a start has the whole deadline.
        BeginsTheDeadlineAnew begins_the_deadline_anew => requests_share_their_deadline
        /// A session is said to end as the others do, whatever the answer says.
        IgnoresExpiries ignores_expiries => expiries_of_answers_are_kept
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
        /// The identity comes with every check.
        GivesIdentitiesUnasked gives_identities_unasked
        /// The identity is promised, and comes with no check.
        KeepsIdentitiesBack keeps_identities_back
        /// A fact of the identity is promised that comes with no check.
        PromisesMoreFacts promises_more_facts
        /// A fact of the identity is logged.
        LogsIdentities logs_identities
    }
    config {
        /// A misspelt key is skipped in silence.
        IgnoresUnknownKeys ignores_unknown_keys
        /// A problem repeats the value.
        RepeatsValues repeats_values
        /// An empty key is good enough.
        TakesEmptySecrets takes_empty_secrets
        /// A placeholder is good enough.
        TakesPlaceholders takes_placeholders
        /// Nobody looks at the limit of an answer and at the proxy.
        IgnoresTheHttpOptions ignores_the_http_options
    }
}
