# Sourced by the scripts beside it: goes to the root of the clone, finds or installs uv, finds Python 3.13.
# Leaves $root and $python; `install` makes the environment in .venv.

root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
cd "$root" || exit 1

# What the caller's shell says about another site must not reach this one.
unset DJANGO_SETTINGS_MODULE PYTHONPATH PYTHONHOME VIRTUAL_ENV PYTEST_ADDOPTS
unset DEBUG SECRET_KEY ALLOWED_HOSTS PUBLIC_BASE_URL MESSAGING_BACKEND
for name in $(env | sed -n 's/^\(TWILIO_[A-Z_]*\)=.*/\1/p'); do unset "$name"; done
export UV_PROJECT_ENVIRONMENT="$root/.venv" UV_SYSTEM_CERTS=1 # a town hall may have a certificate of its own
mkdir -p .cache
if [ -z "${UV_CACHE_DIR:-}" ] && ! [ -w "${HOME:-/nonexistent}" ]; then export UV_CACHE_DIR="$root/.cache/uv"; fi

stop() {
  echo "$*" >&2
  exit 1
}

as_root() { # runs a command as root, or fails without asking for a password
  if [ "$(id -u)" = 0 ]; then "$@"; else command -v sudo >/dev/null && sudo -n "$@"; fi
}

apt_install() {
  command -v apt-get >/dev/null && as_root true 2>/dev/null || return 1
  as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq update >.cache/apt.log 2>&1
  as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends "$@" >>.cache/apt.log 2>&1
}

pythons() { # every place where a Python may stand, the wanted version first
  for folder in "${PYENV_ROOT:-${HOME:-}/.pyenv}" /opt/pyenv; do
    ls -1d "$folder"/versions/3.13*/bin/python3.13 2>/dev/null || true
  done
  for name in python3.13 python3 /usr/local/bin/python3.13 /usr/bin/python3.13 /usr/bin/python3; do
    command -v "$name" 2>/dev/null || true
  done
}

first_python() { # the first of them that runs and satisfies a condition on the version v
  for candidate in $(pythons); do
    if "$candidate" -c "import sys; v = sys.version_info[:2]; sys.exit(not ($1))" 2>/dev/null; then
      echo "$candidate"
      return
    fi
  done
  return 1
}

works() { "$1" python dir >/dev/null 2>&1; } # a uv too old for pyproject.toml refuses

find_uv() {
  for uv in uv .uv/bin/uv .uv/lib/bin/uv; do works "$uv" && return; done
  any=$(first_python 'v >= (3, 8)') || stop "Python 3 is needed: install the package python3 and start again."
  rm -rf .uv
  if ! "$any" -m venv .uv >.cache/uv.log 2>&1; then
    # Debian splits venv off: pip can still install into a folder, and root can fetch the missing part.
    rm -rf .uv
    "$any" -m pip install -q --target .uv/lib uv >>.cache/uv.log 2>&1 && uv=.uv/lib/bin/uv && works $uv && return
    rm -rf .uv
    { apt_install python3-venv && any=/usr/bin/python3 && "$any" -m venv .uv >>.cache/uv.log 2>&1; } ||
      stop "Python lacks its venv module: install the package python3-venv (or uv) and start again."
  fi
  .uv/bin/python -m pip install -q uv >>.cache/uv.log 2>&1
  uv=.uv/bin/uv
  works $uv || stop "uv could not be installed; .cache/uv.log says why. Install uv and start again."
}

find_python() {
  UV_PYTHON=$(first_python 'v == (3, 13)') ||
    UV_PYTHON=$("$uv" python find 3.13 2>/dev/null) ||
    { "$uv" python install -q 3.13 2>.cache/uv.log && UV_PYTHON=$("$uv" python find 3.13 2>/dev/null); } ||
    stop "Python 3.13 was not found and could not be downloaded: install it (Debian 13 has it, or pyenv install 3.13) and start again."
  export UV_PYTHON
}

install() { # install [arguments of uv sync]
  find_uv
  find_python
  "$uv" sync -q "$@" || stop "The Python packages could not be installed."
  python="$root/.venv/bin/python"
}
