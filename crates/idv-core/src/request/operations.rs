//! All operations with I/O, in one table: the request, its result, and the method that is called.

use super::{
    CallContext, CancelRequest, CheckRequest, EraseRequest, FindRequest, ImportRequest, RefreshRequest,
    Request, Sent, StartRequest, Target,
};
use crate::{Erasure, Operation, UserToken, Verification, VerificationProvider, VerificationSession};

macro_rules! operations {
    ($(
        $request:ident: $operation:ident => $method:ident -> $output:ty,
        about |$about:ident| $target:expr $(, token |$of:ident| $token:expr)?;
    )+) => {$(
        impl Request for $request {
            type Output = $output;
            const OPERATION: Operation = Operation::$operation;

            fn target(&self) -> Target<'_> {
                let $about = self;
                $target
            }

            fn context(&self) -> &CallContext {
                self.context()
            }

            fn context_mut(&mut self) -> &mut CallContext {
                self.context_mut()
            }

            $(fn user_token(&self) -> Option<&UserToken> {
                let $of = self;
                $token
            })?

            fn send<'a, P: VerificationProvider + ?Sized>(&'a self, provider: &'a P) -> Sent<'a, $output> {
                provider.$method(self)
            }
        }
    )+};
}

operations! {
    StartRequest: Start => start -> VerificationSession,
        about |it| Target::Reference(&it.reference), token |it| it.user_token.as_ref();
    RefreshRequest: Refresh => refresh -> VerificationSession,
        about |it| Target::Session(&it.session), token |it| it.user_token.as_ref();
    CheckRequest: Check => check -> Verification,
        about |it| Target::Session(&it.session), token |it| it.user_token.as_ref();
    FindRequest: Find => find -> Vec<Verification>,
        about |it| Target::Reference(&it.reference);
    ImportRequest: Import => import -> Verification,
        about |_it| Target::Nothing;
    CancelRequest: Cancel => cancel -> Verification,
        about |it| Target::Session(&it.session), token |it| it.user_token.as_ref();
    EraseRequest: Erase => erase -> Erasure,
        about |it| Target::Session(&it.session), token |it| it.user_token.as_ref();
}
