use std::collections::BTreeSet;
use std::path::Path;

use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto::Builder;
use s3s::auth::SimpleAuth;
use s3s::service::S3ServiceBuilder;
use s3s_fs::FileSystem;
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::runtime::Runtime;

const KEY: &str = "a-key";
const SECRET: &str = "a-secret";

/// An object store that keeps its objects in a folder.
pub struct Store {
    folder: TempDir,
    port: u16,
    _runtime: Runtime,
}

impl Store {
    pub fn start() -> Self {
        let folder = TempDir::new().expect("a folder");
        let runtime = Runtime::new().expect("threads");
        let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let mut builder = S3ServiceBuilder::new(FileSystem::new(folder.path()).expect("a store"));
        builder.set_auth(SimpleAuth::from_single(KEY, SECRET));
        let service = builder.build();
        runtime.spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let service = service.clone();
                tokio::spawn(async move {
                    let served = Builder::new(TokioExecutor::new());
                    drop(served.serve_connection(TokioIo::new(stream), service).await);
                });
            }
        });
        Self { folder, port, _runtime: runtime }
    }

    /// Puts the files of a folder into a bucket.
    pub fn fill(&self, bucket: &str, from: impl AsRef<Path>) {
        let bucket = self.folder.path().join(bucket);
        std::fs::create_dir(&bucket).expect("a bucket");
        for entry in std::fs::read_dir(from).expect("a folder") {
            let entry = entry.expect("a file");
            std::fs::copy(entry.path(), bucket.join(entry.file_name())).expect("an object");
        }
    }

    /// Makes a bucket.
    pub fn bucket(&self, name: &str) {
        std::fs::create_dir(self.folder.path().join(name)).expect("a bucket");
    }

    /// What lies in a bucket, by name.
    pub fn objects(&self, bucket: &str) -> BTreeSet<String> {
        let mut objects = BTreeSet::new();
        let mut folders = vec![self.folder.path().join(bucket)];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).expect("a bucket") {
                let path = entry.expect("an object").path();
                if path.is_dir() {
                    folders.push(path);
                } else {
                    objects.insert(path.display().to_string());
                }
            }
        }
        objects
    }

    /// What a client has to know.
    pub fn environment(&self) -> Vec<(String, String)> {
        let endpoint = format!("http://127.0.0.1:{}", self.port);
        [
            ("AWS_ACCESS_KEY_ID", KEY),
            ("AWS_SECRET_ACCESS_KEY", SECRET),
            ("AWS_REGION", "eu-south-1"),
            ("AWS_ENDPOINT", &endpoint),
            ("AWS_ALLOW_HTTP", "true"),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .to_vec()
    }
}
