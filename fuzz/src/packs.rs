use filiera_packs::PackFault;

/// A fault points into the text it was found in, and says something.
pub fn points_into(fault: &PackFault, text: &str) {
    assert!(text.get(fault.span.clone()).is_some(), "{fault}: {:?} is no place in the text", fault.span);
    assert!(fault.also.iter().all(|(span, _)| text.get(span.clone()).is_some()), "{fault}: {:?}", fault.also);
    assert!(!fault.to_string().is_empty());
    assert!(fault.line() >= 1);
}

/// A refusal has a reason, and every reason its place.
pub fn refused(faults: &[PackFault], text: &str) {
    assert!(!faults.is_empty(), "refused without a reason");
    faults.iter().for_each(|fault| points_into(fault, text));
}
