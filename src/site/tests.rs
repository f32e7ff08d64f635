//! The index of a few conferences, and what is searched.

use expect_test::expect;

use super::*;
