//! Makes sure that the folder of the built dashboard exists, so that a clean clone compiles before `npm run build`.

fn main() -> std::io::Result<()> {
    let dist = std::path::Path::new("../../web/dist");
    std::fs::create_dir_all(dist)?;
    println!("cargo::rerun-if-changed=../../web/dist");
    println!("cargo::rerun-if-changed=../../docs/errors");
    println!("cargo::rerun-if-changed=build.rs");
    Ok(())
}
