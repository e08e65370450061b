/// The words of a predicate, with the sign that makes one a zone or a parameter.
pub(crate) fn words(sql: &str) -> Vec<&str> {
    sql.split(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '@' | '$')))
        .filter(|word| !word.is_empty())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_keep_the_sign_that_says_what_they_are() {
        let sql = "destination IN @EU AND price > $least";
        assert_eq!(words(sql), ["destination", "IN", "@EU", "AND", "price", "$least"]);
    }
}
