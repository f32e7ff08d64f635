//! What an endpoint is known to take, as far as its replies have shown it in this run.
//!
//! Pure. One odd request must not weaken the others: a weaker form is remembered only where nothing
//! stronger has ever worked for replies of that shape, and where a refusal does not say what is
//! wrong, only when a second request has met the same.

use std::collections::BTreeMap;

use crate::llm::dialect::{Blame, Dialect};

/// What an endpoint is known to take.
#[derive(Debug)]
pub(in crate::llm) struct KnownDialect {
    /// What worked last, where what is asked for has a shape that was not asked for before.
    latest: Dialect,
    /// By the name of the shape that is asked for.
    shapes: BTreeMap<String, Habit>,
}

#[derive(Debug, Default)]
struct Habit {
    proven: Option<Dialect>,
    /// What has worked once, after a refusal that did not say what was wrong.
    suspected: Option<Dialect>,
}

impl KnownDialect {
    pub(in crate::llm) fn nothing() -> Self {
        Self {
            latest: Dialect::FULL,
            shapes: BTreeMap::new(),
        }
    }

    /// Whether no request has gone well.
    pub(in crate::llm) fn is_nothing(&self) -> bool {
        self.shapes.is_empty()
    }

    /// The dialect in which to ask for a shape.
    pub(in crate::llm) fn of(&self, shape: &str) -> &Dialect {
        let proven = self
            .shapes
            .get(shape)
            .and_then(|habit| habit.proven.as_ref());
        proven.unwrap_or(&self.latest)
    }

    /// Notes that a request went well in a dialect, which was come to by refusals that blame so.
    pub(in crate::llm) fn note_success(&mut self, shape: &str, dialect: &Dialect, blame: Blame) {
        let habit = self.shapes.entry(shape.to_owned()).or_default();
        if blame == Blame::Request {
            return;
        }
        if let Some(proven) = &mut habit.proven {
            // Longer replies may be asked for later than shorter ones.
            if dialect.differs_in_limit_alone(proven) {
                proven.most_tokens = dialect.most_tokens;
                self.latest = proven.clone();
            }
            return;
        }
        if blame == Blame::Unclear && habit.suspected.as_ref() != Some(dialect) {
            habit.suspected = Some(dialect.clone());
            return;
        }
        habit.proven = Some(dialect.clone());
        self.latest = dialect.clone();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::llm::dialect::Structure;

    fn weaker() -> Dialect {
        Dialect {
            structure: Structure::Weaker,
            ..Dialect::FULL
        }
    }

    #[test]
    fn what_worked_is_remembered_and_what_has_worked_stays() {
        let mut known = KnownDialect::nothing();
        assert!(known.is_nothing());
        known.note_success("summary", &weaker(), Blame::Form);
        assert!(!known.is_nothing());
        assert_eq!(*known.of("summary"), weaker());
        assert_eq!(*known.of("category"), weaker());
        let mut known = KnownDialect::nothing();
        known.note_success("summary", &Dialect::FULL, Blame::Form);
        known.note_success("summary", &weaker(), Blame::Form);
        assert_eq!(*known.of("summary"), Dialect::FULL);
        // Another shape may need another form.
        known.note_success("category", &weaker(), Blame::Form);
        assert_eq!(*known.of("category"), weaker());
        assert_eq!(*known.of("summary"), Dialect::FULL);
    }

    #[test]
    fn a_lower_limit_of_replies_is_remembered_though_shorter_ones_went_well() {
        let lower = Dialect {
            most_tokens: Some(4_096),
            ..Dialect::FULL
        };
        let mut known = KnownDialect::nothing();
        known.note_success("summary", &Dialect::FULL, Blame::Form);
        known.note_success("summary", &lower, Blame::Form);
        assert_eq!(*known.of("summary"), lower);
        known.note_success("summary", &Dialect::FULL, Blame::Form);
        assert_eq!(*known.of("summary"), lower);
    }

    #[test]
    fn one_odd_request_weakens_itself_alone() {
        let mut known = KnownDialect::nothing();
        for _ in 0..3 {
            known.note_success("summary", &weaker(), Blame::Request);
            assert_eq!(*known.of("summary"), Dialect::FULL);
        }
        known.note_success("summary", &weaker(), Blame::Unclear);
        assert_eq!(*known.of("summary"), Dialect::FULL);
        known.note_success("summary", &weaker(), Blame::Unclear);
        assert_eq!(*known.of("summary"), weaker());
        let mut known = KnownDialect::nothing();
        known.note_success("summary", &weaker(), Blame::Unclear);
        known.note_success("summary", &Dialect::FULL, Blame::Form);
        known.note_success("summary", &weaker(), Blame::Unclear);
        assert_eq!(*known.of("summary"), Dialect::FULL);
    }
}
