//! What all requests have in common.

/// Makes a request of an input: all copies share the input until one of them changes it.
macro_rules! request_of {
    (
        $request:ident($input:ident), $operation:ident => $method:ident -> $output:ty,
        target: |$target_of:ident| $target:expr,
        $(user_token: |$token_of:ident| $token:expr,)?
    ) => {
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

            /// Attaches something for layers of the application, one value of each type.
            #[must_use]
            pub fn extension<T: Clone + Send + Sync + 'static>(mut self, value: T) -> Self {
                self.context.set_extension(value);
                self
            }

            /// What belongs to this call only.
            #[must_use]
            pub fn context(&self) -> &$crate::CallContext {
                &self.context
            }

            /// What belongs to this call only, to be changed.
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

        impl $crate::Request for $request {
            type Output = $output;
            const OPERATION: $crate::Operation = $crate::Operation::$operation;

            fn target(&self) -> $crate::Target<'_> {
                let $target_of: &$input = &self.input;
                $target
            }

            fn context(&self) -> &$crate::CallContext {
                &self.context
            }

            fn context_mut(&mut self) -> &mut $crate::CallContext {
                &mut self.context
            }

            $(fn user_token(&self) -> Option<&$crate::UserToken> {
                let $token_of: &$input = &self.input;
                $token
            })?

            fn send<'a, P: $crate::VerificationProvider + ?Sized>(
                &'a self,
                provider: &'a P,
            ) -> $crate::Sent<'a, $output> {
                provider.$method(self)
            }
        }
    };
}

pub(super) use request_of;
