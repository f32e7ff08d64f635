//! Prompts are tried before anything is paid for: with all that they may see, and with nothing.

use std::sync::LazyLock;

use handlebars::{Handlebars, RenderError};

use crate::prompts::{
    CATEGORIES, CATEGORY, CONDENSE, CategoriesView, CategoryLine, CategoryView, CondenseView,
    CorrectionView, HINT, HintView, NumberedLine, SUMMARY, SUPPORT, SummaryView, SupportView,
};

/// Renders a template with everything there and with nothing there, so that both branches of every
/// condition are tried.
pub(super) fn try_out(prompts: &Handlebars<'_>, name: &str) -> Result<(), RenderError> {
    match name {
        SUMMARY => {
            prompts.render(name, &trial_summary())?;
            prompts.render(name, &SummaryView::default())?;
        }
        CATEGORY => {
            prompts.render(name, &trial_category())?;
            prompts.render(name, &CategoryView::default())?;
        }
        CONDENSE => {
            prompts.render(name, &trial_condense())?;
            prompts.render(name, &CondenseView::default())?;
        }
        SUPPORT => {
            prompts.render(name, &trial_support())?;
            prompts.render(name, &SupportView::default())?;
        }
        CATEGORIES => {
            for are_proposals in [false, true] {
                prompts.render(name, &trial_categories(are_proposals))?;
            }
            prompts.render(name, &CategoriesView::default())?;
        }
        HINT => {
            prompts.render(name, &HintView { hint: "text" })?;
            prompts.render(name, &HintView::default())?;
        }
        _ => {
            let view = CorrectionView {
                fault: "text",
                keeps_rest: true,
            };
            prompts.render(name, &view)?;
            prompts.render(name, &CorrectionView::default())?;
        }
    }
    Ok(())
}

static NAMES: LazyLock<Vec<String>> = LazyLock::new(|| vec!["name".to_owned()]);

/// A view in which nothing is empty.
pub(super) fn trial_summary() -> SummaryView<'static> {
    SummaryView {
        conference: "name",
        language: "name",
        title: "text",
        speakers: &NAMES,
        description: "text",
        date: "2026-01-01",
        chapters: &NAMES,
        terms: &NAMES,
        transcript: "text",
        misheard: "text",
        quotes: true,
    }
}

pub(super) fn trial_condense() -> CondenseView<'static> {
    CondenseView {
        language: "name",
        title: "text",
        speakers: &NAMES,
        terms: &NAMES,
        words: 100,
        transcript: "text",
        misheard: "text",
        quotes: true,
    }
}

pub(super) fn trial_support() -> SupportView<'static> {
    SupportView {
        title: "text",
        speakers: &NAMES,
        date: "2026-01-01",
        first_sentence: "text",
        first_passage: "text",
        second_sentence: "text",
        second_passage: "text",
    }
}

pub(super) fn trial_categories(are_proposals: bool) -> CategoriesView<'static> {
    CategoriesView {
        conference: "name",
        language: "name",
        key: "name",
        are_proposals,
        lines: vec![NumberedLine {
            number: 1,
            title: "text",
            text: "text",
        }],
        ..CategoriesView::default()
    }
}

pub(super) fn trial_category() -> CategoryView<'static> {
    let categories = vec![CategoryLine {
        name: "name",
        description: "text",
    }];
    CategoryView {
        title: "text",
        summary: "text",
        description: "text",
        categories,
    }
}
