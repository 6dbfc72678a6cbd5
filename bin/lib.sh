# shellcheck shell=bash
# What bin/yiqiao and bin/test share. Sourced by them, in the repository's folder.

LOCK_HASH_FILE=node_modules/.yiqiao-lock-hash

say() { printf '%s\n' "$*" >&2; }

# The versions of "engines" in package.json: 20.20 and later 20s, then 22.13 and later. 21 is past
# its life, and early 22s cannot load everything we use.
node_is_supported() {
  local major minor
  IFS=. read -r major minor _ <<<"$1"
  ((major == 20 && minor >= 20)) || ((major == 22 && minor >= 13)) || ((major > 22))
}

require_node() {
  local version
  if ! version=$(node --print process.versions.node 2>/dev/null); then
    say '找不到 Node.js，请先安装 20.20 以上版本。/ Node.js is missing: install 20.20 or later, https://nodejs.org'
    return 1
  fi
  if ! node_is_supported "$version"; then
    say "Node.js $version 不受支持，需要 20.20+ 或 22.13+。/ Node.js $version is not supported: use 20.20+ or 22.13+."
    return 1
  fi
}

# A hash, not a time: a fresh clone gives every file the time of the clone.
lock_hash() { cksum <package-lock.json; }

packages_are_current() {
  [[ -f node_modules/.package-lock.json ]] || return 1
  [[ -f $LOCK_HASH_FILE && $(<"$LOCK_HASH_FILE") == "$(lock_hash)" ]] && return 0
  # Installed by hand, then: what npm noted down says whether it is the same.
  node bin/packages-match.mjs && remember_packages
}

# In a folder of someone else's it is not kept, and only the quick way is lost.
remember_packages() { lock_hash 2>/dev/null >"$LOCK_HASH_FILE" || true; }

install_packages() {
  packages_are_current && return
  mkdir -p .cache
  if command -v flock >/dev/null; then
    # Two starts at once would delete each other's packages.
    exec 9>.cache/install.lock
    flock 9
    packages_are_current && { exec 9>&-; return; }
  fi
  # Without a home to write to, npm keeps what it downloads with us.
  local npm_home=${npm_config_cache:-${HOME:-/nonexistent}/.npm}
  if ! mkdir -p "$npm_home" 2>/dev/null || [[ ! -w $npm_home ]]; then
    export npm_config_cache=$PWD/.cache/npm
  fi
  if ! run_with_progress '正在安装依赖 … / Installing packages …' .cache/install.log npm_install; then
    say '安装失败，日志末尾如下。/ Installing failed. The end of .cache/install.log:'
    tail -n 20 .cache/install.log >&2
    return 1
  fi
  remember_packages
  if command -v flock >/dev/null; then exec 9>&-; fi
}

# The development packages too, whatever NODE_ENV says: the embedded database is one of them.
npm_install() {
  npm ci --include=dev --include=optional --no-audit --no-fund --no-update-notifier ||
    npm install --include=dev --include=optional --no-audit --no-fund --no-update-notifier
}

# run_with_progress <what> <log> <command …>: one line that counts the seconds on a terminal, and
# without one a line at the start and one at the end.
run_with_progress() {
  local what=$1 log=$2 started=$SECONDS pid status=0
  shift 2
  mkdir -p "$(dirname "$log")"
  "$@" >"$log" 2>&1 </dev/null 9>&- &
  pid=$!
  # Commands in the background do not hear Ctrl-C, so it is passed on to the command's children.
  trap 'kill_tree "$pid"; exit 130' INT
  trap 'kill_tree "$pid"; exit 143' TERM
  if [[ -t 2 ]]; then
    while kill -0 "$pid" 2>/dev/null; do
      printf '\r%s %d s' "$what" $((SECONDS - started)) >&2
      sleep 1
    done
  else
    say "$what"
  fi
  wait "$pid" || status=$?
  trap - INT TERM
  if [[ -t 2 ]]; then printf '\r%s %d s\n' "$what" $((SECONDS - started)) >&2; else
    say "  … $((SECONDS - started)) s"
  fi
  return "$status"
}

# From the top, or a parent whose child was killed would go on with what comes next.
kill_tree() {
  local child children=()
  read -ra children <"/proc/$1/task/$1/children" || true
  kill "$1" || true
  for child in "${children[@]}"; do kill_tree "$child"; done
} 2>/dev/null
