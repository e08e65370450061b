use std::fs::File;
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

/// Names and values of environment variables.
pub type Environment = [(String, String)];

/// A scheduler and executors on this machine; they end with it.
pub struct Nodes {
    folder: TempDir,
    port: u16,
    nodes: Vec<Child>,
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").and_then(|free| free.local_addr()).expect("a port").port()
}

fn wait_for(port: u16) {
    let begin = Instant::now();
    while TcpStream::connect(("127.0.0.1", port)).is_err() {
        assert!(begin.elapsed() < Duration::from_secs(60), "nobody listens on {port}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// A script that runs the program with these variables: whoever asks does not hand them on.
fn script(folder: &Path, environment: &Environment) -> PathBuf {
    let program = folder.join("filiera-cluster");
    let exports: String =
        environment.iter().map(|(name, value)| format!("export {name}='{value}'\n")).collect();
    let text = format!("#!/bin/sh\n{exports}exec '{}' \"$@\"\n", env!("CARGO_BIN_EXE_filiera-cluster"));
    std::fs::write(&program, text).expect("a script");
    std::fs::set_permissions(&program, PermissionsExt::from_mode(0o755)).expect("a program");
    program
}

impl Nodes {
    /// A scheduler and so many executors, of which each works on two questions at once.
    pub fn start(executors: usize, environment: &Environment) -> Self {
        let folder = TempDir::new().expect("a folder");
        script(folder.path(), environment);
        let mut nodes = Self { folder, port: free_port(), nodes: Vec::new() };
        let port = nodes.port.to_string();
        nodes.add(&["scheduler", "--port", &port, "--executor-timeout", "10"]);
        wait_for(nodes.port);
        for number in 0..executors {
            let own = free_port();
            let folder = nodes.work_dir(number);
            std::fs::create_dir(&folder).expect("a folder");
            let (port_of_own, folder) = (own.to_string(), folder.display().to_string());
            let own_port = ["--port", &port_of_own, "--work-dir", &folder, "--tasks", "2"];
            nodes.add(&[["executor", "--scheduler-port", &port].as_slice(), &own_port].concat());
            wait_for(own);
        }
        nodes
    }

    fn add(&mut self, arguments: &[&str]) {
        let log = File::create(self.log(self.nodes.len())).expect("a log");
        let mut node = Command::new(self.program());
        node.args(arguments).args(["--log", "info"]).stdin(Stdio::null()).stdout(Stdio::null()).stderr(log);
        self.nodes.push(node.spawn().expect("the program"));
    }

    /// What runs with the variables of the nodes.
    pub fn program(&self) -> PathBuf {
        self.folder.path().join("filiera-cluster")
    }

    /// What a node says; the first is the scheduler.
    fn log(&self, node: usize) -> PathBuf {
        self.folder.path().join(format!("node-{node}.log"))
    }

    fn work_dir(&self, executor: usize) -> PathBuf {
        self.folder.path().join(format!("work-{executor}"))
    }

    /// The last of what each node said.
    fn said(&self) -> String {
        let of = |node: usize| {
            let said = std::fs::read(self.log(node)).unwrap_or_default();
            let lines: Vec<String> = String::from_utf8_lossy(&said).lines().map(str::to_owned).collect();
            let last = lines.get(lines.len().saturating_sub(60)..).unwrap_or_default().join("\n");
            format!("---- node {node}\n{last}\n")
        };
        (0..self.nodes.len()).map(of).collect()
    }

    /// How many questions an executor has taken.
    pub fn taken(&self, executor: usize) -> usize {
        let said = std::fs::read(self.log(executor + 1)).unwrap_or_default();
        String::from_utf8_lossy(&said).matches("Received task").count()
    }

    /// The scheduler, as whoever asks names it.
    pub fn scheduler(&self) -> String {
        format!("df://localhost:{}", self.port)
    }

    /// Sends an executor a signal, as `kill` names it.
    pub fn signal(&self, executor: usize, name: &str) {
        let node = self.nodes.get(executor + 1).expect("a node");
        let sent = Command::new("kill").arg(format!("-{name}")).arg(node.id().to_string()).status();
        assert!(sent.expect("kill").success(), "executor {executor} is gone");
    }

    pub fn kill_scheduler(&mut self) {
        let node = self.nodes.first_mut().expect("a node");
        node.kill().expect("killed");
        node.wait().expect("gone");
    }

    /// Runs a statement.
    pub fn query(&self, statement: &str, table: &str, patience: &str) -> Output {
        let file = self.folder.path().join("statement.sql");
        std::fs::write(&file, statement).expect("a statement");
        let mut asking = Command::new(self.program());
        asking.arg("query").arg("--scheduler").arg(self.scheduler()).arg("--sql").arg(file);
        asking.arg("--out").arg(self.answer()).args(["--table", table, "--patience", patience]);
        asking.stdin(Stdio::null()).output().expect("the program")
    }

    /// The file that a statement was answered with.
    pub fn answer(&self) -> PathBuf {
        self.folder.path().join("answer.parquet")
    }
}

impl Drop for Nodes {
    fn drop(&mut self) {
        if std::thread::panicking() {
            // Whoever looks into it wants to know what the nodes did.
            print!("{}", self.said());
        }
        for node in self.nodes.iter_mut().rev() {
            drop(node.kill());
            drop(node.wait());
        }
    }
}
