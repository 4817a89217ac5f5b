//! What must not compile: every way around the gates that the type system shuts.

#[test]
fn a_proof_cannot_be_forged_copied_stored_or_used_for_another_purpose() {
    let cases = trybuild::TestCases::new();
    cases.compile_fail("tests/proofs/*.rs");
}
