//! What must not compile: a letter without the contact wall.

#[test]
fn a_letter_needs_the_proof_of_the_contact_wall() {
    let cases = trybuild::TestCases::new();
    cases.compile_fail("tests/refused/*.rs");
}
