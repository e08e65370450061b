"""PostgreSQL, started on a folder and a port of its own."""

import csv
import glob
import io
import os
import pathlib
import shutil
import socket
import subprocess
import sys
import threading
import time


class Postgres:
    """A server of its own in an empty folder, gone when it is left."""

    def __init__(self, folder, *settings):
        self.settings = settings
        self.bin = pathlib.Path(sorted(glob.glob("/usr/lib/postgresql/*/bin"))[-1])
        self.folder = pathlib.Path(folder)
        # The server refuses to run as root.
        self.user = {"user": "postgres", "group": "postgres"} if os.getuid() == 0 else {}
        if self.user:
            shutil.chown(folder, "postgres", "postgres")
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]

    def __enter__(self):
        data = self.folder / "data"
        make = [self.bin / "initdb", "-D", data, "-A", "trust", "-U", "postgres", "--no-sync"]
        subprocess.run(make, check=True, stdout=subprocess.DEVNULL, cwd=self.folder, **self.user)
        settings = ["listen_addresses=127.0.0.1", f"unix_socket_directories={self.folder}", "fsync=off"]
        settings += self.settings
        command = [self.bin / "postgres", "-D", data, "-p", str(self.port)]
        command += [part for setting in settings for part in ("-c", setting)]
        self.log = open(self.folder / "log", "w")
        self.server = subprocess.Popen(command, stderr=self.log, cwd=self.folder, **self.user)
        for _ in range(300):
            if subprocess.run(self.psql("-c", "SELECT 1"), capture_output=True).returncode == 0:
                return self
            time.sleep(0.1)
        self.__exit__()
        sys.exit((self.folder / "log").read_text())

    def __exit__(self, *_):
        self.server.terminate()
        self.server.wait(30)
        self.log.close()

    def psql(self, *arguments):
        server = ["-h", "127.0.0.1", "-p", str(self.port), "-U", "postgres", "-d", "postgres"]
        return [str(self.bin / "psql"), *server, "-X", "-q", "-v", "ON_ERROR_STOP=1", *map(str, arguments)]

    def run(self, sql, *arguments):
        ran = subprocess.run(self.psql(*arguments), input=sql, capture_output=True, text=True)
        if ran.returncode:
            sys.exit(f"PostgreSQL: {ran.stderr}\n{sql}")
        return ran.stdout

    def load(self, connection, tables):
        """The exported tables that statements name, as rows of commas through a pipe."""
        self.run("DROP SCHEMA public CASCADE; CREATE SCHEMA public;")
        for path in [tables / "installed.parquet", *tables.glob("judged_*.parquet")]:
            columns = connection.execute(f"DESCRIBE SELECT * FROM '{path}'").fetchall()
            typed = [f"{name} {self.type(kind)}" for name, kind, *_ in columns]
            pipe = self.folder / f"{path.stem}.csv"
            os.mkfifo(pipe)
            copy = f"COPY (SELECT * FROM '{path}') TO '{pipe}' (FORMAT csv, USE_TMP_FILE false, HEADER, NULLSTR '\\N')"
            writer = threading.Thread(target=connection.cursor().execute, args=[copy], daemon=True)
            writer.start()
            copy = f"\\copy {path.stem} FROM '{pipe}' WITH (FORMAT csv, HEADER, NULL '\\N')\n"
            self.run(f"CREATE UNLOGGED TABLE {path.stem} ({', '.join(typed)});\n{copy}ANALYZE {path.stem};\n")
            writer.join()
            pipe.unlink()

    @staticmethod
    def type(kind):
        return "TEXT" if kind == "VARCHAR" else kind

    def found(self, sql):
        printed = csv.DictReader(io.StringIO(self.run(sql, "--csv")))
        return [{name: value or None for name, value in row.items()} for row in printed]
