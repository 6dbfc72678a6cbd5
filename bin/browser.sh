# shellcheck shell=bash
# A browser and Chinese fonts for the browser tests. Sourced by bin/test after bin/lib.sh.

BROWSER_PACKAGES=(chromium fonts-noto-cjk)

has_browser() { command -v "${CHROMIUM:-chromium}" >/dev/null; }

# Without them every Chinese character is an empty box, and a screenshot shows nothing.
has_chinese_font() { [[ -n $(fc-list :lang=zh 2>/dev/null | head -n 1) ]]; }

# Sets CHROMIUM to the browser's path, or YIQIAO_SKIP_BROWSER if there is no way to one: the rest is
# still worth testing.
ensure_browser() {
  if [[ -n ${YIQIAO_SKIP_BROWSER:-} ]]; then return; fi
  if ! has_browser || ! has_chinese_font; then install_browser; fi
  if [[ -z ${YIQIAO_SKIP_BROWSER:-} ]]; then
    CHROMIUM=$(command -v "${CHROMIUM:-chromium}")
    export CHROMIUM
  fi
}

install_browser() {
  if [[ $(id -u) != 0 ]] || ! command -v apt-get >/dev/null; then
    skip_browser "安装后重试 / install and try again: sudo apt-get install ${BROWSER_PACKAGES[*]}"
  elif ! run_with_progress '正在安装浏览器与中文字体 … / Installing browser and fonts …' \
    .cache/browser.log apt_install || ! has_browser || ! has_chinese_font; then
    tail -n 20 .cache/browser.log >&2
    skip_browser '浏览器安装失败，见 .cache/browser.log / Installing the browser failed'
  fi
}

apt_install() {
  export DEBIAN_FRONTEND=noninteractive
  apt-get update && apt-get install -y --no-install-recommends "${BROWSER_PACKAGES[@]}"
}

skip_browser() {
  export YIQIAO_SKIP_BROWSER=1
  say '!! 没有浏览器或中文字体，浏览器测试将跳过。/ No browser or no Chinese font: browser tests are skipped.'
  say "!! $1"
}
