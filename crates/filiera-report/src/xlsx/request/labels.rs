use filiera_finding::QuestionKind;

/// A label in both languages.
#[derive(Clone, Copy, Debug)]
pub(super) struct Label {
    pub(super) en: &'static str,
    pub(super) it: &'static str,
}

/// What a column of a sheet to fill holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Holds {
    /// The question's id; hidden.
    Id,
    /// Something given, by its name in the question's record.
    Given,
    /// The period asked about; given.
    Period,
    /// Text to fill.
    Text,
    /// One of the bases accepted.
    Basis,
    /// A day, with what is proposed.
    From,
    /// A day, with what is proposed.
    To,
    /// A country's code.
    Origin,
    /// A part of the whole.
    Share,
    /// Money.
    Amount,
    /// A currency's code.
    Currency,
}

/// One column of a sheet to fill.
#[derive(Clone, Copy, Debug)]
pub(super) struct Column {
    /// The key an answer is read by.
    pub(super) key: &'static str,
    pub(super) label: Label,
    pub(super) width: u16,
    pub(super) holds: Holds,
}

const fn column(key: &'static str, en: &'static str, it: &'static str, width: u16, holds: Holds) -> Column {
    Column { key, label: Label { en, it }, width, holds }
}

/// The columns of the sheet for one kind of question.
pub(super) fn columns(kind: QuestionKind) -> &'static [Column] {
    match kind {
        QuestionKind::Declaration => DECLARATIONS,
        QuestionKind::Price => PRICES,
    }
}

/// The name of the sheet for one kind of question.
pub(super) fn sheet_name(kind: QuestionKind) -> &'static str {
    match kind {
        QuestionKind::Declaration => "Declarations",
        QuestionKind::Price => "Prices",
    }
}

const DECLARATIONS: &[Column] = &[
    column("id", "Id", "Id", 10, Holds::Id),
    column("part", "Part", "Codice parte", 18, Holds::Given),
    column("name", "Name", "Denominazione", 30, Holds::Given),
    column("used", "Where it goes", "Impiego", 26, Holds::Given),
    column("lots", "Lots received", "Lotti ricevuti", 16, Holds::Given),
    column("period", "Period asked about", "Periodo richiesto", 24, Holds::Period),
    column("basis", "Basis", "Base della dichiarazione", 20, Holds::Basis),
    column("valid_from", "Valid from", "Valida dal", 12, Holds::From),
    column("valid_to", "Valid to", "Valida al", 12, Holds::To),
    column("lot", "Lot, if for one lot only", "Lotto, se per uno solo", 14, Holds::Text),
    column("origin_1", "Origin", "Origine", 9, Holds::Origin),
    column("share_1", "Share, if mixed", "Quota, se mista", 10, Holds::Share),
    column("origin_2", "2nd origin", "2a origine", 9, Holds::Origin),
    column("share_2", "Share", "Quota", 10, Holds::Share),
    column("origin_3", "3rd origin", "3a origine", 9, Holds::Origin),
    column("share_3", "Share", "Quota", 10, Holds::Share),
    column("document", "Document no., if its own", "N. documento, se diverso", 18, Holds::Text),
    column("remark", "Remark", "Note", 30, Holds::Text),
];

const PRICES: &[Column] = &[
    column("id", "Id", "Id", 10, Holds::Id),
    column("part", "Part", "Codice parte", 18, Holds::Given),
    column("name", "Name", "Denominazione", 30, Holds::Given),
    column("used", "Where it goes", "Impiego", 26, Holds::Given),
    column("period", "Period asked about", "Periodo richiesto", 24, Holds::Period),
    column("basis", "Basis", "Base del prezzo", 20, Holds::Basis),
    column("price", "Price of one unit", "Prezzo unitario", 14, Holds::Amount),
    column("price_least", "or a range: least", "o intervallo: minimo", 14, Holds::Amount),
    column("price_most", "most", "massimo", 14, Holds::Amount),
    column("currency", "Currency", "Valuta", 10, Holds::Currency),
    column("valid_from", "Valid from", "Valido dal", 12, Holds::From),
    column("valid_to", "Valid to", "Valido al", 12, Holds::To),
    column("remark", "Remark", "Note", 30, Holds::Text),
];

/// One line of the sheet that says who declares.
#[derive(Clone, Copy, Debug)]
pub(super) struct Field {
    /// The key an answer is read by.
    pub(super) key: &'static str,
    pub(super) label: Label,
    pub(super) holds: Holds,
}

const fn field(key: &'static str, en: &'static str, it: &'static str, holds: Holds) -> Field {
    Field { key, label: Label { en, it }, holds }
}

/// Who declares, and the signature.
pub(super) const FIELDS: &[Field] = &[
    field("company", "Company that declares", "Impresa dichiarante", Holds::Text),
    field("company_country", "Its country", "Paese", Holds::Origin),
    field("signatory", "Name of who signs", "Nome del firmatario", Holds::Text),
    field("function", "Function", "Qualifica", Holds::Text),
    field("place", "Place", "Luogo", Holds::Text),
    field("signed_on", "Date", "Data", Holds::From),
    field("document", "Document number", "Numero del documento", Holds::Text),
    field(
        "signature",
        "Signature (name in full, or how it was signed)",
        "Firma (nome per esteso, o modalità di firma)",
        Holds::Text,
    ),
];

/// What the cover says about answering.
pub(super) const HOW: &[Label] = &[
    Label {
        en: "Fill the yellow cells of the sheets Declarations, Prices and Declarant and send the file back. Everything else is locked; moving columns does no harm.",
        it: "Compilare le celle gialle dei fogli Declarations, Prices e Declarant e restituire il file. Il resto è bloccato; spostare le colonne non crea problemi.",
    },
    Label {
        en: "One country of origin: leave the share empty. Several: give each its share; what is missing to 100 % counts as unknown.",
        it: "Un solo paese di origine: lasciare vuota la quota. Più paesi: indicare la quota di ciascuno; quanto manca al 100 % vale come ignoto.",
    },
    Label {
        en: "You need not tell a price: a range (least and most) does, and shares by origin on the sheet Declarations tell no price at all.",
        it: "Il prezzo non è obbligatorio: basta un intervallo (minimo e massimo); le quote per origine nel foglio Declarations non rivelano alcun prezzo.",
    },
    Label {
        en: "Leave a row empty where you cannot or need not answer. You may shorten the validity, never lengthen it beyond the limit given.",
        it: "Lasciare vuota la riga cui non si può o non si deve rispondere. La validità può essere ridotta, mai estesa oltre il limite indicato.",
    },
];
