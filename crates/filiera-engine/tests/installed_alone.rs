//! Vehicles of which no plan is shown, only what was installed.

mod common;

use common::{complete, dossier, judge, n};
use filiera_finding::{Finding, Reason};
use filiera_model::Verdict;
use filiera_tables::{Dossier, Population};

const PACK: &str = r#"
[pack]
title = "a share"
status = "draft"

[condition.rule]
title = "half of the value from Italy"
per = "vehicle"
share = { of = "components", weigh = "value", where = "origin IN ('IT')" }
at_least = "50 %"
"#;

fn installed(more: &[(&str, &str)]) -> Dossier {
    let mut tables = vec![
        ("vehicles", "vehicle,root,built_on\nV1,,2026-01-05\nV2,R,2026-01-05"),
        ("parts", "part,unit_value,supplier\nA,60,S\nB,40,S"),
        ("installed", "vehicle,part,lot,quantity\nV1,A,L1,1\nV1,B,,2\nV2,A,L2,1"),
        ("declarations", "part,lot,origin\nA,L1,IT\nA,L2,CN\nB,,DE"),
    ];
    tables.extend(more);
    dossier(&tables)
}

fn found(dossier: &Dossier) -> Vec<Finding> {
    judge(dossier, PACK)
}

fn vouched(more: &[(&str, &str)]) -> Dossier {
    Dossier { installed_complete: true, ..installed(more) }
}

#[test]
fn what_was_installed_is_the_list_where_somebody_vouches_for_it() {
    let findings = found(&vouched(&[]));
    let lower = |finding: &Finding| finding.bounds.as_ref().unwrap().lower.value.clone();
    assert_eq!((findings[0].verdict, lower(&findings[0])), (Verdict::NotMet, Some(n("60/140"))));
    assert_eq!((findings[1].verdict, lower(&findings[1])), (Verdict::NotMet, Some(n("0"))));
    assert!(findings[0].remarks.iter().any(|remark| remark.contains("nobody declared `components`")));
}

/// The list may be longer, whether others have a plan or nobody.
#[test]
fn unless_somebody_does_the_vehicle_stays_open() {
    for bom in ["parent,child,quantity\nR,A,1", "parent,child,quantity\n"] {
        let findings = found(&installed(&[("bom", bom)]));
        assert_eq!((findings[0].verdict, findings[0].reason), (Verdict::Undetermined, Some(Reason::NoRows)));
        assert_eq!(findings[0].missing, ["root:V1"]);
    }
}

#[test]
fn beside_plans_it_is_judged_all_the_same() {
    let findings = found(&vouched(&[("bom", "parent,child,quantity\nR,A,1")]));
    assert_eq!((findings[0].verdict, findings[0].missing.len()), (Verdict::NotMet, 0));
}

#[test]
fn installed_parts_can_be_declared_complete_as_components() {
    let mut dossier = vouched(&[]);
    complete(&mut dossier, Population::Components);
    assert!(found(&dossier).iter().all(|finding| finding.remarks.iter().all(|r| !r.contains("nobody"))));
}
