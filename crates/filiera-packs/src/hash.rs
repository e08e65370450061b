use sha2::{Digest, Sha256};

/// `sha256:` and the hash of `text` with every line end written `\n`, so that a checkout with other
/// line ends is the same law.
pub(crate) fn of_text(text: &str) -> String {
    let mut hash = Sha256::new();
    for line in text.split_inclusive('\n') {
        match line.strip_suffix("\r\n") {
            Some(line) => {
                hash.update(line);
                hash.update("\n");
            }
            None => hash.update(line),
        }
    }
    let digits: String = hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
    format!("sha256:{digits}")
}

#[cfg(test)]
mod tests {
    use super::of_text;

    #[test]
    fn line_ends_do_not_matter_and_everything_else_does() {
        assert_eq!(of_text("a\r\nb\r\n"), of_text("a\nb\n"));
        assert_ne!(of_text("a\nb\n"), of_text("a\nb"));
        assert_eq!(of_text("abc"), "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }
}
