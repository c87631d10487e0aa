//! The binary, started as from a shell, in a folder of its own.

use std::ffi::OsStr;
use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::Instant;

use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;

use super::recording::Sound;
use super::wait_for;

/// How the JACK servers of these tests are named; a program beside them finds no server.
pub const SERVERS: &str = "sideman_test";

/// A folder that goes with the test.
pub struct Folder(PathBuf);

impl Folder {
    /// An empty folder for the test of this name.
    pub fn new(test: &str) -> Folder {
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{test}_{}", std::process::id()));
        // What a test of this number left behind may be there or not.
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).unwrap();
        Folder(path)
    }

    /// A file in it.
    pub fn file(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    /// The report that the program was told to write here.
    pub fn report(&self) -> Value {
        serde_json::from_slice(&fs::read(self.file("report.json")).unwrap()).unwrap()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            let _ = fs::remove_dir_all(&self.0);
        }
    }
}

/// A program that runs.
pub struct Program {
    child: Child,
    since: Instant,
    said: Arc<Mutex<String>>,
    shown: Arc<Mutex<String>>,
    readers: Vec<JoinHandle<()>>,
}

/// What a program was that has ended.
#[derive(Debug)]
pub struct Ended {
    /// The exit code; none where a signal ended it.
    pub code: Option<i32>,
    /// All of its stderr.
    pub said: String,
}

impl Program {
    /// Starts `sideman` with these arguments; folders, environment and working directory are the test's own.
    pub fn start<S: AsRef<OsStr>>(folder: &Folder, args: impl IntoIterator<Item = S>) -> Program {
        let mut command = Command::new(env!("CARGO_BIN_EXE_sideman"));
        command.args(args).current_dir(&folder.0).env("HOME", &folder.0).stdin(Stdio::null());
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        for name in ["SIDEMAN_LOG", "SIDEMAN_PRESETS", "XDG_DATA_HOME"] {
            command.env_remove(name);
        }
        let server = std::env::var("JACK_DEFAULT_SERVER").unwrap_or_default();
        if !server.starts_with(SERVERS) {
            command.env("JACK_DEFAULT_SERVER", format!("{SERVERS}_that_is_not_there"));
        }
        let mut child = command.spawn().unwrap();
        let (said, shown) = (Arc::default(), Arc::default());
        let readers = vec![
            read(child.stderr.take().unwrap(), Arc::clone(&said)),
            read(child.stdout.take().unwrap(), Arc::clone(&shown)),
        ];
        Program { child, since: Instant::now(), said, shown, readers }
    }

    /// Starts `sideman play` with a recording in `show` and a report in `report.json`, OSC on a free port.
    pub fn play(folder: &Folder, args: &[&str]) -> Program {
        let usual = ["--osc", "127.0.0.1:0", "--record", "show", "--report", "report.json"];
        Program::start(folder, ["play"].iter().chain(args).chain(&usual))
    }

    /// Plays the log of a show that has ended again, and compares: not a note and not a sample may differ.
    pub fn replay(folder: &Folder) {
        let args = ["render", "--replay", "show/events.log", "--midi", "again.mid", "--wav", "again.wav"];
        let again = Program::start(folder, args).end();
        assert_eq!(again.code, Some(0), "{again:?}");
        let read = |name| fs::read(folder.file(name)).unwrap();
        assert!(read("show/take.mid") == read("again.mid"), "the notes differ");
        let sound = |name| Sound::read(&folder.file(name)).samples;
        let (live, again) = (sound("show/band.wav"), sound("again.wav"));
        // The replay goes on until all has rung out, the show not so long.
        let both = live.len().min(again.len());
        assert!(both > live.len() * 9 / 10, "{both} of {} samples", live.len());
        assert!(live[..both] == again[..both], "the sound differs");
    }

    /// When it was started.
    pub fn since(&self) -> Instant {
        self.since
    }

    /// Waits until it has said this on stderr; returns all that it has said.
    pub fn await_news(&self, news: &str) -> String {
        self.await_news_again(news, 1)
    }

    /// Waits until it has said this for the `nth` time.
    pub fn await_news_again(&self, news: &str, nth: usize) -> String {
        let said = || self.said.lock().unwrap().clone();
        wait_for(news, || Some(said()).filter(|said| said.matches(news).count() >= nth))
    }

    /// Waits for so many more status lines, one a second.
    pub fn await_seconds(&self, seconds: usize) {
        let lines = || self.shown.lock().unwrap().lines().count();
        let end = lines() + seconds;
        wait_for("status lines", || (lines() >= end).then_some(()));
    }

    /// Waits for a status line of which this is true, from the `from`th line on; returns its number.
    pub fn await_status(&self, what: &str, from: usize, is_it: impl Fn(&str) -> bool) -> usize {
        wait_for(what, || {
            let shown = self.shown.lock().unwrap();
            shown.lines().enumerate().skip(from).find(|(_, line)| is_it(line)).map(|(number, _)| number)
        })
    }

    /// Where it hears OSC.
    pub fn osc(&self) -> SocketAddr {
        let said = self.await_news("OSC on ");
        let addr = said.split("OSC on ").nth(1).and_then(|rest| rest.split_whitespace().next());
        addr.unwrap().parse().unwrap()
    }

    /// Asks it to end.
    pub fn terminate(&self) {
        kill_process(Pid::from_child(&self.child), Signal::TERM).unwrap();
    }

    /// Ends it without asking.
    pub fn kill(&mut self) {
        self.child.kill().unwrap();
    }

    /// Waits for its end.
    pub fn end(mut self) -> Ended {
        let status = wait_for("end of the program", || self.child.try_wait().unwrap());
        self.readers.drain(..).for_each(|reader| reader.join().unwrap());
        let said = self.said.lock().unwrap().clone();
        Ended { code: status.code(), said }
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // A program that has ended cannot be killed, which is as well.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Collects what comes, line by line.
fn read(from: impl Read + Send + 'static, into: Arc<Mutex<String>>) -> JoinHandle<()> {
    std::thread::spawn(move || {
        let mut lines = BufReader::new(from);
        let mut line = Vec::new();
        while lines.read_until(b'\n', &mut line).unwrap() > 0 {
            into.lock().unwrap().push_str(&String::from_utf8_lossy(&line));
            line.clear();
        }
    })
}
