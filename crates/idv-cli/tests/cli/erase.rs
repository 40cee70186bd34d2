//! `idv cancel` and `idv erase`: what no vendor can, and nothing happens by mistake.

use crate::support::*;

#[test]
fn what_a_vendor_cannot_is_said_with_what_to_do_instead() {
    for command in ["cancel", "erase --yes"] {
        let world = World::new();
        let error = world.json(&format!("{command} primary:self")).fails("unsupported");
        shape::check(&error, shape::ERROR);
        assert_eq!(error["operation"], command.split(' ').next().unwrap());
        let message = error["message"].as_str().unwrap();
        assert!(message.contains("expire") || message.contains("support"), "{message}");
        world.vendor.none(command);
    }
}

#[test]
fn nothing_is_erased_unless_a_person_says_so() {
    let world = World::new();
    let error = world.json("erase primary:self").fails("config");
    assert!(error["message"].as_str().unwrap().contains("--yes"), "{error}");
    world.vendor.none("erase");
}

#[cfg(target_os = "linux")]
mod at_a_terminal {
    use std::io::Write;
    use std::process::{Command, Stdio};

    use super::*;

    const SESSION: &str = "people:8f0f6a3e-6f3e-4a43-9b7c-2d4c1f0e9a10";

    /// The exit code and the screen after a line is typed at a terminal, which `script` makes.
    fn typed(world: &World, line: &str) -> (i32, String) {
        let erase = format!("{} erase {SESSION}", env!("CARGO_BIN_EXE_idv"));
        let mut command = Command::new("script");
        command.args(["-qec", &erase, "/dev/null"]).current_dir(world.path(""));
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        child.stdin.as_mut().unwrap().write_all(format!("{line}\n").as_bytes()).unwrap();
        let out = child.wait_with_output().unwrap();
        (out.status.code().unwrap(), String::from_utf8_lossy(&out.stdout).into_owned())
    }

    #[test]
    fn the_reference_is_typed_again() {
        let world = World::direct();
        let (code, screen) = typed(&world, "people:another");
        assert_eq!(code, 2, "{screen}");
        assert!(
            screen.contains("Type the reference again") && screen.contains("nothing was deleted"),
            "{screen}"
        );
        world.vendor.none("another reference was typed");
        let (code, screen) = typed(&world, SESSION);
        assert_eq!(code, 0, "{screen}");
        assert!(screen.contains("accepted"), "{screen}");
    }
}
