//! The rule of the fleet benchmark in Rego, evaluated vehicle by vehicle from JSON documents.
//!
//! `per-vehicle DATA.json VEHICLES.ndjson [--way vm|interpreter] [--threads N]`; `documents.py` makes the files.
//! Prints one line of JSON: vehicles per verdict, and the seconds from reading the documents to the counts.

use std::collections::BTreeMap;
use std::error::Error;
use std::sync::Arc;
use std::thread;
use std::time::Instant;

use regorus::languages::rego::compiler::Compiler;
use regorus::rvm::program::Program;
use regorus::rvm::vm::RegoVM;
use regorus::{CompiledPolicy, Engine, Value};

const RULE: &str = include_str!("../content.rego");
const ASKED: &str = "data.filiera.content.found";

type Told<T> = Result<T, Box<dyn Error + Send + Sync>>;

/// Vehicles by range and legal verdict.
type Counts = BTreeMap<(String, String), u64>;

/// How a vehicle is judged: by the virtual machine of regorus, or by its interpreter.
enum Judge {
    Machine(Box<RegoVM>),
    Interpreter(CompiledPolicy),
}

/// What every thread makes its judge from.
struct Rule {
    policy: CompiledPolicy,
    program: Arc<Program>,
    data: Value,
}

fn rule(data: &str) -> Told<Rule> {
    let data = Value::from_json_str(data)?;
    let mut engine = Engine::new();
    engine.add_policy("content.rego".to_owned(), RULE.to_owned())?;
    engine.add_data(data.clone())?;
    let policy = engine.compile_with_entrypoint(&ASKED.into())?;
    let program = Compiler::compile_from_policy(&policy, &[ASKED])?;
    Ok(Rule { policy, program, data })
}

impl Rule {
    fn judge(&self, way: &str) -> Told<Judge> {
        if way == "interpreter" {
            return Ok(Judge::Interpreter(self.policy.clone()));
        }
        let mut machine = RegoVM::new();
        machine.load_program(Arc::clone(&self.program));
        machine.set_data(self.data.clone())?;
        // A vehicle has hundreds of lines: the default limit is for short questions.
        machine.set_max_instructions(usize::MAX);
        Ok(Judge::Machine(Box::new(machine)))
    }
}

impl Judge {
    fn found(&mut self, document: &str) -> Told<Value> {
        let vehicle = Value::from_json_str(document)?;
        Ok(match self {
            Self::Interpreter(policy) => policy.eval_with_input(vehicle)?,
            Self::Machine(machine) => {
                machine.set_input(vehicle);
                machine.execute()?
            }
        })
    }
}

fn count(rule: &Rule, way: &str, documents: &[&str]) -> Told<Counts> {
    let (mut judge, mut counts) = (rule.judge(way)?, Counts::new());
    for document in documents {
        let found = judge.found(document)?;
        let verdict = |kind: &str| found[kind].as_string().map(|text| text.to_string());
        *counts.entry((verdict("range")?, verdict("legal")?)).or_default() += 1;
    }
    Ok(counts)
}

fn main() -> Told<()> {
    let given: Vec<String> = std::env::args().skip(1).collect();
    let option = |name: &str| given.iter().position(|one| one == name).and_then(|place| given.get(place + 1));
    let [data, vehicles, ..] = given.as_slice() else { return Err("give DATA.json and VEHICLES.ndjson".into()) };
    let way = option("--way").map_or("vm", String::as_str);
    let threads: usize = option("--threads").map_or(Ok(1), |text| text.parse())?;
    let rule = rule(&std::fs::read_to_string(data)?)?;
    let begin = Instant::now();
    let text = std::fs::read_to_string(vehicles)?;
    let documents: Vec<&str> = text.lines().collect();
    let share = documents.len().div_ceil(threads).max(1);
    let found: Vec<Told<Counts>> = thread::scope(|scope| {
        let running: Vec<_> =
            documents.chunks(share).map(|own| scope.spawn(|| count(&rule, way, own))).collect();
        running.into_iter().map(|one| one.join().map_err(|_| "a thread failed")?).collect()
    });
    let mut kinds: [BTreeMap<String, u64>; 2] = Default::default();
    for counts in found {
        for ((range, legal), vehicles) in counts? {
            *kinds[0].entry(range).or_default() += vehicles;
            *kinds[1].entry(legal).or_default() += vehicles;
        }
    }
    let seconds = begin.elapsed().as_secs_f64();
    let engine = format!("regorus, {way}");
    let told = serde_json::json!({"engine": engine, "range": kinds[0], "legal": kinds[1], "seconds": seconds});
    println!("{told}");
    Ok(())
}
