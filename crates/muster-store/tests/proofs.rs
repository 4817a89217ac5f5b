//! Forgetting a gate does not compile: what is kept, merged and exported must carry the gate's own proof.

#[test]
fn the_store_takes_nothing_without_the_proof_for_its_purpose() {
    trybuild::TestCases::new().compile_fail("tests/proofs/*.rs");
}
