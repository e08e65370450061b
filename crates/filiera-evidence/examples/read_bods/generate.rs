use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

use anyhow::Context;

/// Writes so many statements, the same on every run: of ten, four are about companies, two about people
/// and four about who holds what; every tenth relationship is later updated or closed, one in four states
/// a range, one in five is indirect with a component.
pub fn generate(path: &Path, statements: u64) -> anyhow::Result<()> {
    let file = File::create(path).context("cannot write the statements")?;
    let mut out = Statements { out: BufWriter::new(file), random: 20_260_301, written: 0 };
    let mut tens: u64 = 0;
    while out.written < statements {
        out.ten(tens, statements)?;
        tens += 1;
    }
    Ok(out.out.flush()?)
}

struct Statements {
    out: BufWriter<File>,
    random: u64,
    written: u64,
}

impl Statements {
    fn below(&mut self, most: u64) -> u64 {
        // splitmix64: the same numbers everywhere.
        self.random = self.random.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.random;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % most
    }

    fn write(
        &mut self,
        record: &str,
        kind: &str,
        date: &str,
        status: &str,
        details: &str,
    ) -> anyhow::Result<()> {
        let number = self.written;
        self.written += 1;
        writeln!(
            self.out,
            "{{\"statementId\":\"statement-{number:022}\",\"statementDate\":\"{date}\",\"declaration\":\"d-{record}\",\
             \"declarationSubject\":\"{record}\",\"recordId\":\"{record}\",\"recordType\":\"{kind}\",\"recordStatus\":\"{status}\",\
             \"publicationDetails\":{{\"publicationDate\":\"2026-01-01\",\"bodsVersion\":\"0.4\",\
             \"license\":\"http://opendefinition.org/licenses/cc-zero\",\"publisher\":{{\"name\":\"A register\"}}}},\
             \"source\":{{\"type\":[\"officialRegister\",\"verified\"],\"assertedBy\":[{{\"name\":\"somebody\"}}]}},\
             \"recordDetails\":{{\"isComponent\":false,{details}}}}}"
        )?;
        Ok(())
    }

    /// Four companies, two people, and who holds what in them.
    fn ten(&mut self, tens: u64, most: u64) -> anyhow::Result<()> {
        let (company, person) = (|n: u64| format!("c{n}"), |n: u64| format!("p{n}"));
        for place in 0..4 {
            let number = tens * 4 + place;
            let details = format!(
                "\"entityType\":{{\"type\":\"registeredEntity\"}},\"name\":\"Company {number} Ltd\",\
                 \"jurisdiction\":{{\"name\":\"Italy\",\"code\":\"IT\"}},\"foundingDate\":\"2001-02-03\",\
                 \"identifiers\":[{{\"scheme\":\"GB-COH\",\"id\":\"{number:08}\"}}],\
                 \"addresses\":[{{\"type\":\"registered\",\"address\":\"{number} High Street\",\"postCode\":\"AB1 2CD\",\
                 \"country\":{{\"name\":\"United Kingdom\",\"code\":\"GB\"}}}}]"
            );
            self.write(&company(number), "entity", "2024-05-01", "new", &details)?;
        }
        for place in 0..2 {
            let number = tens * 2 + place;
            let details = format!(
                "\"personType\":\"knownPerson\",\"names\":[{{\"type\":\"legal\",\"fullName\":\"Person {number}\"}}],\
                 \"nationalities\":[{{\"name\":\"Italy\",\"code\":\"IT\"}}],\"birthDate\":\"1970-03\""
            );
            self.write(&person(number), "person", "2024-05-01", "new", &details)?;
        }
        for place in 0..4 {
            let (number, subject) = (tens * 4 + place, tens * 4 + place);
            let from_company = self.below(3) > 0;
            let owner = self.below(if from_company { tens * 4 + 4 } else { tens * 2 + 2 });
            let owner = if from_company { company(owner) } else { person(owner) };
            self.relationship(number, &company(subject), &owner, most)?;
        }
        Ok(())
    }

    fn relationship(&mut self, number: u64, subject: &str, owner: &str, most: u64) -> anyhow::Result<()> {
        let (record, percent) = (format!("r{number}"), self.below(10_000));
        let share = if self.below(4) == 0 {
            "{\"exclusiveMinimum\":25,\"maximum\":50}".to_owned()
        } else {
            format!("{{\"exact\":{}.{:02}}}", percent / 100, percent % 100)
        };
        let (direct, components) = match self.below(5) {
            0 => ("indirect", format!("\"componentRecords\":[\"r{}\"],", number / 2)),
            _ => ("direct", String::new()),
        };
        let details = |start: &str| {
            format!(
                "{components}\"subject\":\"{subject}\",\"interestedParty\":\"{owner}\",\"interests\":[\
                 {{\"type\":\"shareholding\",\"directOrIndirect\":\"{direct}\",\"beneficialOwnershipOrControl\":false,\
                 \"share\":{share},\"startDate\":\"{start}\"}},\
                 {{\"type\":\"votingRights\",\"directOrIndirect\":\"{direct}\",\"beneficialOwnershipOrControl\":false,\
                 \"share\":{share},\"startDate\":\"{start}\"}}]"
            )
        };
        self.write(&record, "relationship", "2024-05-01", "new", &details("2020-01-01"))?;
        if self.below(10) == 0 && self.written < most {
            let status = if self.below(2) == 0 { "updated" } else { "closed" };
            self.write(&record, "relationship", "2025-05-01T12:00:00Z", status, &details("2025-04-01"))?;
        }
        Ok(())
    }
}
