//! Methods that all requests have in common.

/// Makes a request of an input: all copies share the input until one of them changes it. `with credentials` adds the setters of
/// the subject's credentials.
macro_rules! request_of {
    ($request:ident($input:ident), with credentials) => {
        request_of!($request($input));

        impl $request {
            /// Sets the applicant's own token at the vendor.
            #[must_use]
            pub fn user_token(mut self, token: impl Into<$crate::UserToken>) -> Self {
                self.user_token = Some(token.into());
                self
            }

            /// Sets the id of the registration under way.
            #[must_use]
            pub fn onboarding_id(mut self, id: impl Into<$crate::OnboardingId>) -> Self {
                self.onboarding_id = Some(id.into());
                self
            }
        }
    };
    ($request:ident($input:ident)) => {
        impl $request {
            /// Sets when the whole operation must be over, with all its attempts: a [`Duration`](std::time::Duration) after the
            /// call is made, or an [`Instant`](std::time::Instant).
            #[must_use]
            pub fn deadline(mut self, deadline: impl Into<$crate::Deadline>) -> Self {
                self.context.set_deadline(Some(deadline.into()));
                self
            }

            /// Makes the call part of a trace: vendors get its `traceparent`. Without one, as
            /// [`TraceParent::of`](crate::TraceParent::of) gives it for a header that is missing, nothing changes.
            #[must_use]
            pub fn trace(mut self, trace: impl Into<Option<$crate::TraceParent>>) -> Self {
                if let Some(trace) = trace.into() {
                    self.context.set_trace(Some(trace));
                }
                self
            }

            /// Attaches a value for layers of the application, one value of each type.
            #[must_use]
            pub fn extension<T: Clone + Send + Sync + 'static>(mut self, value: T) -> Self {
                self.context.set_extension(value);
                self
            }

            /// The context of this call.
            #[must_use]
            pub fn context(&self) -> &$crate::CallContext {
                &self.context
            }

            /// The context of this call, to be changed.
            pub fn context_mut(&mut self) -> &mut $crate::CallContext {
                &mut self.context
            }

            /// The input alone, copied only where another request shares it.
            #[must_use]
            pub fn into_input(self) -> $input {
                std::sync::Arc::unwrap_or_clone(self.input)
            }
        }

        impl From<$input> for $request {
            fn from(input: $input) -> Self {
                Self { input: std::sync::Arc::new(input), context: $crate::CallContext::default() }
            }
        }

        impl std::ops::Deref for $request {
            type Target = $input;

            fn deref(&self) -> &$input {
                &self.input
            }
        }

        impl std::ops::DerefMut for $request {
            fn deref_mut(&mut self) -> &mut $input {
                std::sync::Arc::make_mut(&mut self.input)
            }
        }
    };
}

pub(super) use request_of;

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use crate::{Deadline, StartRequest};

    #[test]
    fn copies_share_what_is_asked_and_nothing_of_the_call() {
        let request = StartRequest::new("case-7").email("ada@example.com");
        let mut copy = request.clone();
        copy.context_mut().set_deadline(Some(Deadline::At(Instant::now())));
        assert!(std::ptr::eq(&*request, &*copy), "the input is shared");
        assert_eq!(request.context().deadline(), None);

        copy.workflow = Some("wf_1".to_owned());
        assert_eq!((request.workflow.as_deref(), copy.workflow.as_deref()), (None, Some("wf_1")));
        assert_eq!(copy.into_input().reference, "case-7");
    }

    #[test]
    fn a_deadline_is_a_time_or_a_moment() {
        let (time, end) = (Duration::from_secs(3), Instant::now());
        let of = |request: StartRequest| request.context().deadline();
        assert_eq!(of(StartRequest::new("case-7").deadline(time)), Some(Deadline::After(time)));
        assert_eq!(of(StartRequest::new("case-7").deadline(end)), Some(Deadline::At(end)));
    }

    #[test]
    fn nothing_personal_is_shown() {
        let request = StartRequest::new("case-7")
            .first_name("canary")
            .date_of_birth("1815-12-10")
            .attribute("tier", "canary")
            .idempotency_key("canary")
            .redirect_url("https://canary.example/");
        let shown = format!("{request:?}");
        assert!(!shown.contains("canary") && !shown.contains("1815"), "{shown}");
        assert!(shown.contains("case-7") && shown.contains("tier"), "{shown}");
    }
}
