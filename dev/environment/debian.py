"""Packages of Debian: fetched into ``.dev`` without root, or asked for by name."""

import os
import shutil
import subprocess

from .base import RETRIES, STATE, Stop, is_root, logged, must, say

ODOO_TREE = STATE / "odoo"
PACKAGE_FOLDER = ("usr", "lib", "python3", "dist-packages")
KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg"
# The package's assets are links into these others. The newer fonts-font-awesome lacks
# the web fonts that Odoo's style sheets name.
PACKAGES = (
    ("sid", "odoo-19"),
    ("sid", "libjs-jquery"),
    ("sid", "libjs-jquery-form"),
    ("sid", "libjs-underscore"),
    ("sid", "fonts-montserrat"),
    ("sid", "fonts-roboto-unhinted"),
    ("sid", "fonts-inconsolata"),
    ("sid", "fonts-ocr-b"),
    ("bookworm", "fonts-font-awesome"),
)
# Named by an asset bundle, but not free enough for Debian. It blurs the background in
# video calls; where it is absent, every page logs an error, and browser tests fail.
ABSENT = "mail/static/lib/selfie_segmentation/selfie_segmentation.js"


def need(package, purpose):
    """Have the system's ``package``: install it as root, else end with how to."""
    hint = f"apt-get install {package}"
    if not is_root() or not shutil.which("apt-get"):
        raise Stop(f"{package} is missing ({purpose}): sudo {hint}")
    say(f"Installing {package}, which {purpose} …")
    environment = dict(os.environ, DEBIAN_FRONTEND="noninteractive")
    # Another archive of this machine may be out of order; the installation will tell.
    logged(["apt-get", "update"], "apt-update", env=environment)
    must(
        ["apt-get", "install", "--yes", "--no-install-recommends", package],
        f"apt-{package}",
        attempts=RETRIES,
        env=environment,
    )


def fetch_odoo():
    """Unpack Odoo 19 and what its assets link to into ``.dev/odoo``; once."""
    if ODOO_TREE.exists():
        return
    for tool in ("apt-get", "dpkg"):
        if not shutil.which(tool):
            raise Stop(
                f"{tool} is missing: Odoo comes from Debian's package odoo-19. "
                "Elsewhere, name your own checkout of Odoo 19 by ODOO_PATH"
            )
    say("Fetching Odoo 19 from Debian into .dev/odoo (about 135 MB) …")
    work = STATE / "apt"
    tree = STATE / "odoo.part"
    for folder in (tree, work):
        shutil.rmtree(folder, ignore_errors=True)
    for folder in (tree, work / "debs", work / "cache" / "archives" / "partial"):
        folder.mkdir(parents=True)
    apt = _private_apt(work)
    wanted = [f"{package}/{suite}" for suite, package in PACKAGES]
    must(
        [*apt, "download", *wanted],
        "apt-download",
        attempts=RETRIES,
        cwd=work / "debs",
    )
    for package in sorted((work / "debs").glob("*.deb")):
        must(["dpkg", "-x", package, tree], "dpkg")
    absent = tree.joinpath(*PACKAGE_FOLDER, "odoo", "addons", ABSENT)
    if not absent.exists():
        absent.parent.mkdir(parents=True, exist_ok=True)
        absent.write_text("// Left out of Debian's package of Odoo.\n", "utf-8")
    tree.rename(ODOO_TREE)
    shutil.rmtree(work)


def _private_apt(work):
    """The apt-get command, its lists of the suites in ``work`` brought up to date.

    The mirror is the one this machine uses for its own packages.
    """
    sources = work / "sources.list"
    signed = f"[signed-by={KEYRING}] " if os.path.exists(KEYRING) else ""
    mirror = _mirror(work)
    suites = sorted({suite for suite, _package in PACKAGES})
    sources.write_text(
        "".join(f"deb {signed}{mirror} {suite} main\n" for suite in suites),
        encoding="utf-8",
    )
    apt = _apt(work, "lists") + [
        "-o",
        f"Dir::Etc::sourcelist={sources}",
        "-o",
        "Dir::Etc::sourceparts=-",
    ]
    must([*apt, "update"], "apt-update-odoo", attempts=RETRIES)
    return apt


def _apt(work, lists):
    """apt-get with its changing state in ``work``: no root, the system's untouched."""
    (work / lists / "partial").mkdir(parents=True, exist_ok=True)
    options = [
        f"Dir::State::lists={work / lists}",
        f"Dir::Cache={work / 'cache'}",
        "Acquire::Languages=none",
        "Acquire::Retries=3",
    ]
    if is_root():
        # Its own user for downloads may not reach the checkout.
        options.append("APT::Sandbox::User=root")
    return ["apt-get", *(part for option in options for part in ("-o", option))]


def _mirror(work):
    """The address of the Debian mirror in this machine's apt configuration."""
    mirror = _debian_target(["apt-get"])
    if not mirror:
        # A bare machine has no lists yet, and only they tell whose archive it is.
        apt = _apt(work, "system-lists")
        logged([*apt, "update"], "apt-update-system")
        mirror = _debian_target(apt)
    if not mirror:
        raise Stop(
            "apt is not set up for Debian, where the package odoo-19 comes from: "
            "name your own checkout of Odoo 19 by ODOO_PATH"
        )
    return mirror


def _debian_target(apt):
    layout = "$(ORIGIN) $(SUITE) $(CODENAME) $(REPO_URI)"
    targets = subprocess.run(
        [*apt, "indextargets", "--format", layout, "Created-By: Packages"],
        capture_output=True,
        text=True,
        check=False,
    ).stdout
    for target in targets.splitlines():
        words = target.split()
        # The archives of security fixes and of backports hold no whole suites.
        if words[:1] == ["Debian"] and not any("-" in word for word in words[1:-1]):
            return words[-1]
    return None
